"""A lab's part: starting a report, sending it, correcting one that was accepted."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.models import Answer, Sheet
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.sending import close_sheet, open_for_correction
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.questionnaires.values import is_empty
from tsunagu.reporting import prefill
from tsunagu.reporting.models import Report, ReportStep, TimeSpent
from tsunagu.reporting.rules import NotAllowed, State, check_move, filled_share, seconds_between
from tsunagu.sharing.viewer import Viewer


def locked(report: Report) -> Report:
    """The report, held until the transaction ends."""
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("year__form", "lab__region__bureau", "sheet__form_version__form")
        .get(pk=report.pk)
    )


def note(report: Report, text: str, *, by: Viewer | None = None, **more: object) -> ReportStep:
    """Add a line to what happened to the report."""
    return ReportStep.objects.create(
        report=report, kind=report.state, text=text, by_id=by.person_id if by else None, **more
    )


@transaction.atomic
def start_report(*, report: Report, by: Viewer, measure: bool = False) -> Report:
    """Open a lab's report, filled in with all that is known. Raises `NotAllowed` without a published form."""
    report = locked(report)
    if report.sheet is not None:
        return report
    version = current_version(report.year.form)
    if version is None:
        raise NotAllowed(_("報告の様式がまだ公開されていません。事務局に知らせてください。"))
    check_move(report.state, State.DRAFT)
    report.sheet = start_sheet(
        version=version, subject=f"report:{report.pk}", by=by, lab=report.lab, known=prefill.known(report)
    )
    filled, asked = filled_share(list(version.definition.fields()), answers_of(report.sheet))
    report.opened_filled = round(100 * filled / asked) if asked else 0
    report.state, report.started_at, report.measures_time = State.DRAFT, timezone.now(), measure
    report.save()
    note(
        report,
        _("書き始めました。はじめから%(percent)d%%が入っています。") % {"percent": report.opened_filled},
        by=by,
    )
    return report


@transaction.atomic
def refresh(*, report: Report) -> None:
    """Make the tables that come from records anew; what people wrote beside them stays."""
    report = locked(report)
    if (
        report.sheet is None
        or report.sheet.is_locked
        or report.state not in {State.DRAFT, State.RETURNED, State.CORRECTING}
    ):
        raise NotAllowed(_("提出したあとなので、入れ直せません。"))
    refill(report, report.sheet)


def refill(report: Report, sheet: Sheet) -> None:
    """The fixed tables as the records have them now, and boxes nobody has filled yet."""
    known = prefill.proposals(report)
    answers = _renew_fixed(report, sheet, known)
    for field in sheet.definition.fields():
        filled = known.get(field.element) if field.element else None
        if filled is not None and not field.has_fixed_rows and is_empty(answers.get(field.key)):
            Answer.objects.update_or_create(
                sheet=sheet, field=field.key, defaults={"value": filled.value, "source": filled.source[:200]}
            )


@transaction.atomic
def submit_report(*, report: Report, by: Viewer) -> Report:
    """Send the report. Late ones are taken too. Raises `NotSent` with what is to be mended."""
    report = locked(report)
    if report.sheet is None:
        raise NotSent(_("まだ書き始めていません。"))
    try:
        check_move(report.state, State.SUBMITTED)
    except NotAllowed as refusal:
        raise NotSent(str(refusal)) from refusal
    # What stands in the tables that come from records is what the records say now, whatever the page sent.
    _renew_fixed(report, report.sheet, prefill.proposals(report))
    snapshot = close_sheet(sheet=report.sheet, by=by)
    report.state = State.SUBMITTED
    report.submitted_at = report.submitted_at or timezone.now()
    report.save(update_fields=["state", "submitted_at"])
    note(report, _("提出しました。"), by=by, snapshot=snapshot)
    return report


def _renew_fixed(report: Report, sheet: Sheet, known: Mapping[str, prefill.Filled]) -> dict[str, Any]:
    """Let the tables that come from records say what the records say now; returns all answers as they then stand."""
    answers = answers_of(sheet)
    for name, rows in prefill.refreshed(report, answers).items():
        field = sheet.definition.field(name)
        if field is None or not field.has_fixed_rows or answers.get(name, []) == rows:
            continue
        filled = known.get(field.element)
        Answer.objects.update_or_create(
            sheet=sheet, field=name, defaults={"value": rows, "source": filled.source[:200] if filled else ""}
        )
        answers[name] = rows
    return answers


@transaction.atomic
def begin_correction(*, report: Report, by: Viewer, sections: Mapping[str, str]) -> Report:
    """Open sections of an accepted report to correct them; why and when stays on record. Raises `NotAllowed`."""
    report = locked(report)
    if report.sheet is None or not sections:
        raise NotAllowed(_("訂正する章を1つ以上選んでください。"))
    if any(not reason.strip() for reason in sections.values()):
        raise NotAllowed(_("訂正する理由を書いてください。公開ページに日付とともに載ります。"))
    check_move(report.state, State.CORRECTING)
    open_for_correction(sheet=report.sheet, sections=sections)
    report.state = State.CORRECTING
    report.save(update_fields=["state"])
    note(report, "\n".join(dict.fromkeys(sections.values())), by=by, sections=dict(sections))
    return report


@transaction.atomic
def note_work(*, report: Report, section: str) -> None:
    """Count working time on a section, where the lab agreed to be measured."""
    if not report.measures_time or not section:
        return
    now = timezone.now()
    spent, made = TimeSpent.objects.select_for_update().get_or_create(
        report=report, section=section, defaults={"seen_at": now}
    )
    if made:
        return
    # The clock runs over all sections: going from one to the next is no pause.
    last = (
        TimeSpent.objects.filter(report=report).order_by("-seen_at").values_list("seen_at", flat=True).first()
    )
    spent.seconds += seconds_between(last, now)
    spent.seen_at = now
    spent.save(update_fields=["seconds", "seen_at"])


@transaction.atomic
def set_measuring(*, report: Report, measure: bool) -> None:
    """Agree, or no longer agree, to be measured; what was measured goes with the agreement."""
    report = locked(report)
    report.measures_time = measure
    report.save(update_fields=["measures_time"])
    if not measure:
        TimeSpent.objects.filter(report=report).delete()
