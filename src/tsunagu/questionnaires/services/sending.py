"""Closing a sheet when it is sent, opening named sections again, and learning facts from what was sent."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.flow import asked_sections, problems
from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.models import ApprovalState, KnownFact, Sheet, Snapshot, SnapshotKind
from tsunagu.questionnaires.services.versions import answers_of, digest_of, keep_snapshot
from tsunagu.questionnaires.values import is_empty
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer


@transaction.atomic
def close_sheet(*, sheet: Sheet, by: Viewer) -> Snapshot:
    """Check everything, keep the answers as sent and lock the sheet. Raises `NotSent` with all that is to be mended."""
    sheet = (
        Sheet.objects.select_for_update(of=("self",)).select_related("form_version__form").get(pk=sheet.pk)
    )
    if sheet.is_locked:
        raise NotSent(_("もう提出されています。"))
    answers = answers_of(sheet)
    if wrong := problems(sheet.definition, answers):
        raise NotSent(_("直すところが%(count)d件あります。") % {"count": len(wrong)}, tuple(wrong))
    if sheet.needs_approval and not is_approved(sheet, digest_of(answers)):
        raise NotSent(_("決裁がまだです。決裁を受けてから提出してください。"))
    snapshot = keep_snapshot(sheet=sheet, kind=SnapshotKind.SUBMITTED, by=by)
    sheet.is_locked, sheet.open_sections = True, None
    sheet.save(update_fields=["is_locked", "open_sections"])
    return snapshot


def is_approved(sheet: Sheet, digest: str) -> bool:
    """Whether exactly these answers were approved inside the applicant body."""
    return sheet.approvals.filter(state=ApprovalState.APPROVED, digest=digest).exists()


@transaction.atomic
def open_for_correction(*, sheet: Sheet, sections: Mapping[str, str]) -> None:
    """Open only the named sections again (section → reason)."""
    Sheet.objects.filter(pk=sheet.pk).update(is_locked=False, open_sections=dict(sections))


@transaction.atomic
def open_again(*, sheet: Sheet) -> None:
    """Open a whole sheet that was sent."""
    Sheet.objects.filter(pk=sheet.pk).update(is_locked=False, open_sections=None)


@transaction.atomic
def lock(*, sheet: Sheet) -> None:
    """Nothing more is written into the sheet."""
    Sheet.objects.filter(pk=sheet.pk).update(is_locked=True)


@transaction.atomic
def learn_facts(*, sheet: Sheet, lab: Lab, source: str) -> int:
    """Remember the facts of a sheet about a lab, so that no other form asks for them again; returns how many."""
    answers, learnt = answers_of(sheet), 0
    for section in asked_sections(sheet.definition, answers):
        for field in section.fields:
            value = answers.get(field.key)
            if not field.element or is_empty(value) or field.kind == "file":
                continue
            KnownFact.objects.update_or_create(
                element=field.element,
                lab=lab,
                defaults={
                    "value": value,
                    "source": source[:200],
                    "known_since": timezone.now(),
                    "sheet": sheet,
                },
            )
            learnt += 1
    return learnt
