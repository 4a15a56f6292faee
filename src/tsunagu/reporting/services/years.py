"""Opening a year of reports, and giving more time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import fiscal_year_range
from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.selectors import register
from tsunagu.reporting.models import Report, ReportStep, ReportYear
from tsunagu.reporting.rules import WITH_THE_LAB, NotAllowed
from tsunagu.sharing.viewer import PUBLIC, Viewer


def labs_due(year: int) -> list[int]:
    """The labs that report on a fiscal year: DX labs selected by its last day and not ended by then (deck p.17)."""
    last = fiscal_year_range(year)[1]
    open_ones = {Status.SELECTED, Status.DORMANT}
    return [
        one.pk
        for one in register(PUBLIC, as_of=min(last, timezone.localdate())).certain
        if one.current.scheme == Scheme.DX and one.current.status in open_ones
    ]


@transaction.atomic
def open_year(*, year: ReportYear) -> int:
    """Ask every lab that is due for its report; labs that came since are added. Returns how many are new."""
    known = set(Report.objects.filter(year=year).values_list("lab_id", flat=True))
    fresh = [pk for pk in labs_due(year.fiscal_year) if pk not in known]
    Report.objects.bulk_create([Report(year=year, lab_id=pk, due_at=year.due_at) for pk in fresh])
    if year.opened_at is None:
        year.opened_at = timezone.now()
        year.save(update_fields=["opened_at"])
    return len(fresh)


@transaction.atomic
def extend(*, report: Report, until: datetime, reason: str, by: Viewer) -> Report:
    """More time for one lab. Raises `NotAllowed` for a time that is over or before the present due time."""
    report = (
        Report.objects.select_for_update(of=("self",)).select_related("lab__region", "year").get(pk=report.pk)
    )
    if report.state not in WITH_THE_LAB:
        raise NotAllowed(_("もう提出されているので、期限を延ばす必要はありません。"))
    if until <= max(report.due_at, timezone.now()):
        raise NotAllowed(_("延ばした期限は、いまの期限より後の、これからの日時にしてください。"))
    report.due_at, report.extension_reason = until, reason
    report.save(update_fields=["due_at", "extension_reason"])
    ReportStep.objects.create(
        report=report,
        kind=report.state,
        text=_("期限を%(when)sまで延ばしました。%(reason)s")
        % {"when": f"{timezone.localtime(until):%Y-%m-%d %H:%M}", "reason": reason},
        by_id=by.person_id,
        by_office=True,
    )
    return report


@transaction.atomic
def extend_all(*, year: ReportYear, until: datetime, reason: str, by: Viewer) -> int:
    """More time for every lab that has not sent its report; returns how many."""
    if until <= max(year.due_at, timezone.now()):
        raise NotAllowed(_("延ばした期限は、いまの期限より後の、これからの日時にしてください。"))
    year.due_at = until
    year.save(update_fields=["due_at"])
    waiting = Report.objects.filter(year=year, state__in=WITH_THE_LAB, due_at__lt=until)
    for one in waiting:
        extend(report=one, until=until, reason=reason, by=by)
    return len(waiting)
