"""Reading answer sheets: deny by default; what a viewer may do with one decides whether it exists for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tsunagu.questionnaires.flow import SectionState, carry_over, section_states
from tsunagu.questionnaires.hosting import Known, Matter, host_of, is_hosted
from tsunagu.questionnaires.models import (
    Answer,
    CoEditor,
    FieldQuestion,
    Form,
    KnownFact,
    Presence,
    Right,
    Sheet,
    Snapshot,
    SnapshotKind,
)
from tsunagu.sharing.viewer import Viewer

PRESENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Open:
    """A sheet as it is for one viewer."""

    sheet: Sheet
    right: Right

    @cached_property
    def matter(self) -> Matter:
        """What pages say of it: asked for only by those that show it, never while saving."""
        return host_of(self.sheet).matter(self.sheet)

    @property
    def may_write(self) -> bool:
        return self.right >= Right.EDIT and not self.sheet.is_locked

    @property
    def may_send(self) -> bool:
        return self.right >= Right.SUBMIT and not self.sheet.is_locked


def right_of(sheet: Sheet, viewer: Viewer) -> Right | None:
    """What the viewer may do with a sheet: as owner, as co-editor, or by the rules of the room it belongs to."""
    if viewer.person_id is None:
        return None
    if sheet.owner_id == viewer.person_id:
        return Right.SUBMIT
    given = (
        CoEditor.objects.filter(sheet=sheet, person_id=viewer.signed_in_id)
        .values_list("right", flat=True)
        .first()
    )
    by_room = host_of(sheet).right(sheet, viewer)
    rights = [one for one in (given, by_room) if one is not None]
    return Right(max(rights)) if rights else None


def open_sheet(viewer: Viewer, key: Any) -> Open | None:
    """A sheet for a viewer, or None when it does not exist for them."""
    found = Sheet.objects.select_related("form_version__form", "lab", "owner").defer("form_version__document")
    sheet = found.filter(key=key).first()
    if sheet is None or not is_hosted(sheet):
        return None
    right = right_of(sheet, viewer)
    return None if right is None else Open(sheet, right)


def own_sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """The sheets a person owns or works on."""
    return (
        Sheet.objects.filter(Q(owner_id=viewer.signed_in_id) | Q(co_editors__person_id=viewer.signed_in_id))
        .select_related("form_version__form")
        .distinct()
        .order_by("-touched_at")
    )


def answers(sheet: Sheet) -> dict[str, Answer]:
    """The answers of a sheet by field."""
    return {one.field: one for one in sheet.rows().select_related("updated_by")}


def values(found: Mapping[str, Answer]) -> dict[str, Any]:
    return {key: one.value for key, one in found.items()}


def states(sheet: Sheet, given: Mapping[str, Any]) -> list[SectionState]:
    """The task list of a sheet. A section returned for correction counts as mended once it differs from what was sent."""
    changed: list[str] = []
    if sheet.open_sections is not None and (sent := last_sent(sheet)):
        changed = [
            key for key in given.keys() | sent.answers.keys() if given.get(key) != sent.answers.get(key)
        ]
    return section_states(sheet.definition, given, open_sections=sheet.open_sections, changed=changed)


def unmatched(sheet: Sheet, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that have no place in the sheet's version of the form: shown, never thrown away."""
    return carry_over(given, sheet.definition).unmatched


def last_sent(sheet: Sheet) -> Snapshot | None:
    """The version that was sent last."""
    return sheet.snapshots.filter(kind=SnapshotKind.SUBMITTED).order_by("-number").first()


def snapshots(sheet: Sheet) -> QuerySet[Snapshot]:
    return sheet.snapshots.select_related("taken_by", "form_version").order_by("-number")


def present(sheet: Sheet, viewer: Viewer) -> list[Presence]:
    """Others who have the sheet open just now."""
    since = timezone.now() - PRESENT
    found = Presence.objects.filter(sheet=sheet, seen_at__gte=since).exclude(person_id=viewer.signed_in_id)
    return list(found.select_related("person").order_by("person__name"))


def known_facts(sheet: Sheet) -> dict[str, Known]:
    """Facts by data element from the room the sheet belongs to, and from sheets sent before for the same lab."""
    facts: dict[str, Known] = {}
    if sheet.lab_id is not None:
        for one in KnownFact.objects.filter(lab_id=sheet.lab_id).exclude(sheet=sheet):
            facts[one.element] = Known(one.value, one.source, one.known_since)
    return {**facts, **host_of(sheet).known(sheet)}


def questions(sheet: Sheet) -> QuerySet[FieldQuestion]:
    return sheet.questions.select_related("asked_by", "answered_by")


def public_questions(form: Form) -> QuerySet[FieldQuestion]:
    """Questions and answers everybody may read."""
    return FieldQuestion.objects.filter(form=form, published_at__isnull=False).order_by(
        "field", "published_at"
    )


def staff_questions(viewer: Viewer) -> QuerySet[FieldQuestion]:
    """All questions, for the secretariat."""
    found = FieldQuestion.objects.select_related("form", "asked_by", "answered_by", "sheet")
    return found if viewer.is_secretariat else found.none()


def forms(viewer: Viewer) -> QuerySet[Form]:
    """All forms, for the secretariat."""
    return Form.objects.all() if viewer.is_secretariat else Form.objects.none()
