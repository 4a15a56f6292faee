"""Reading calls and applications: applicants their own, bureaus their block's, the secretariat all that was sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tsunagu.engines.textsearch.folding import fold
from tsunagu.questionnaires.models import CoEditor
from tsunagu.selection.models import Application, Batch, BatchState, Call, Cutoff, Entry
from tsunagu.selection.rules import State
from tsunagu.sharing.viewer import Viewer

# Drafts are the applicant's alone: the secretariat sees that there are some, never what is in them.
SENT = [one for one in State if one not in {State.DRAFT}]


def public_calls() -> QuerySet[Call]:
    """Published calls with their cut-offs."""
    return (
        Call.objects.filter(published_at__lte=timezone.now())
        .prefetch_related("cutoffs__round")
        .select_related("form")
    )


def calls(viewer: Viewer) -> QuerySet[Call]:
    """All calls, for the secretariat; published ones for bureaus."""
    if viewer.is_secretariat:
        return Call.objects.prefetch_related("cutoffs__round").select_related("form")
    return public_calls() if viewer.is_staff else Call.objects.none()


def own_applications(viewer: Viewer) -> QuerySet[Application]:
    """What a person applies for: as owner, co-editor of the sheet, or office of the lab."""
    if viewer.person_id is None:
        return Application.objects.none()
    shared = CoEditor.objects.filter(sheet__application=OuterRef("pk"), person_id=viewer.person_id)
    mine = Q(owner_id=viewer.person_id) | Q(Exists(shared))
    if viewer.office_lab_ids:
        mine |= Q(lab_id__in=viewer.office_lab_ids)
    return Application.objects.filter(mine).select_related("call", "cutoff__round", "lab", "sheet")


def staff_applications(viewer: Viewer) -> QuerySet[Application]:
    """What was sent: all of it for the secretariat, the block's for its bureau."""
    found = Application.objects.exclude(submitted_at=None).select_related("call", "cutoff__round", "bureau")
    if viewer.is_secretariat:
        return found
    if viewer.bureau_codes:
        return found.filter(bureau__code__in=viewer.bureau_codes)
    return found.none()


def application(viewer: Viewer, key: Any) -> Application | None:
    """One's own application."""
    return (
        own_applications(viewer)
        .filter(key=key)
        .select_related("call", "cutoff__round", "lab__region", "owner", "sheet")
        .first()
    )


def listed(
    viewer: Viewer, *, text: str = "", call: str = "", state: str = "", bureau: str = "", cutoff: str = ""
) -> QuerySet[Application]:
    """The staff's list with its filters."""
    found = staff_applications(viewer)
    if text:
        found = found.filter(search_key__contains=fold(text))
    if call:
        found = found.filter(call__key=call)
    if state:
        found = found.filter(state=state)
    if bureau:
        found = found.filter(bureau__code=bureau)
    if cutoff.isdigit():
        found = found.filter(cutoff_id=int(cutoff))
    return found.only(
        "key", "number", "title", "applicant", "region_name", "category", "state", "state_since", "submitted_at",
        "is_transition", "call__title", "call__key", "cutoff__closes_at", "cutoff__round__number",
        "cutoff__round__scheme", "bureau__short_name",
    ).order_by("-submitted_at", "-pk")  # fmt: skip


def state_counts(viewer: Viewer) -> list[tuple[State, int]]:
    """How many of the staff's applications stand in each state."""
    counted = dict(staff_applications(viewer).order_by().values_list("state").annotate(number=Count("pk")))
    return [(one, counted[one.value]) for one in State if counted.get(one.value)]


def draft_count(viewer: Viewer, call: Call) -> int:
    """How many drafts a call has; what is in them only their writers see."""
    return Application.objects.filter(call=call, state=State.DRAFT).count() if viewer.is_secretariat else 0


def deadline_of(application: Application) -> datetime | None:
    """Until when the application can be sent now: its correction's, its extension's, or its cut-off's."""
    correction = application.corrections.filter(done_at=None).first()
    if correction is not None:
        return correction.due_at
    if application.cutoff is None:
        return None
    extension = application.extensions.filter(cutoff=application.cutoff).order_by("-until").first()
    return max(application.cutoff.closes_at, extension.until) if extension else application.cutoff.closes_at


def timeline(application: Application, *, for_applicant: bool) -> QuerySet[Entry]:
    """What happened to an application; its applicant sees what is for them and not of a time to come."""
    found = application.timeline.filter(at__lte=timezone.now())
    return found.filter(for_applicant=True) if for_applicant else found


@dataclass(frozen=True)
class Result:
    """The announced result for the applicant."""

    outcome: str
    feedback: str
    conditions: list[Any]


def result(application: Application) -> Result | None:
    """What was decided, once it is announced."""
    if application.state not in {State.SELECTED, State.CONDITIONAL, State.REJECTED}:
        return None
    decision = getattr(application, "decision", None)
    if decision is None or decision.batch is None or decision.batch.state != BatchState.ANNOUNCED:
        return None
    return Result(decision.outcome, decision.feedback, list(application.conditions.all()))


def board(viewer: Viewer, cutoff: Cutoff) -> list[Application]:
    """The applications of a cut-off with what is meant to be decided."""
    found = staff_applications(viewer).filter(cutoff=cutoff).exclude(state=State.WITHDRAWN)
    return list(
        found.select_related("decision", "lab", "bureau").prefetch_related("conditions").order_by("number")
    )


def batches(cutoff: Cutoff) -> QuerySet[Batch]:
    return cutoff.batches.prefetch_related("concurrences__person").order_by("-pk")


def cutoffs(viewer: Viewer) -> QuerySet[Cutoff]:
    """Cut-offs, for the secretariat."""
    found = Cutoff.objects.select_related("call", "round").order_by("-closes_at")
    return found if viewer.is_secretariat else found.none()
