"""Reading reports: a lab's own, the staff's board, actual values as of a day, the burden, questions nobody reads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from tsunagu.questionnaires.definition import Field
from tsunagu.questionnaires.models import Form
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.registry.models import Bureau, IndicatorTarget, Lab
from tsunagu.registry.selectors import staff_labs, tended_labs
from tsunagu.reporting.models import FieldRead, IndicatorActual, Report, ReportStep, ReportYear, TimeSpent
from tsunagu.reporting.rules import HANDED_IN, UNREAD_DAYS, Rate, State, burden, is_late
from tsunagu.sharing.viewer import Viewer


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def own_reports(viewer: Viewer) -> QuerySet[Report]:
    """Reports of the labs whose records the viewer tends."""
    return Report.objects.filter(lab__in=tended_labs(viewer)).select_related(
        "year__form", "lab__region__bureau", "sheet"
    )


def staff_reports(viewer: Viewer) -> QuerySet[Report]:
    """Reports of the labs the staff look after."""
    if not viewer.is_staff:
        return Report.objects.none()
    return Report.objects.filter(lab__in=staff_labs(viewer)).select_related(
        "year__form", "lab__region__bureau", "lab__region__prefecture", "sheet__form_version__form"
    )


def years() -> QuerySet[ReportYear]:
    return ReportYear.objects.select_related("form")


def steps(report: Report) -> QuerySet[ReportStep]:
    return ReportStep.objects.filter(report=report).select_related("by")


@dataclass(frozen=True)
class Line:
    """A report on the board."""

    report: Report
    state: State
    is_late: bool


def _state_on(report: Report, day: date | None) -> tuple[State, datetime | None]:
    """(state, when handed in) at the end of a day, as far as the dates tell; the present without one."""
    if day is None:
        return State(report.state), report.submitted_at
    end = _end_of(day)
    if report.accepted_at and report.accepted_at < end:
        return State.ACCEPTED, report.submitted_at
    if report.submitted_at and report.submitted_at < end:
        return State.SUBMITTED, report.submitted_at
    if report.started_at and report.started_at < end:
        return State.DRAFT, None
    return State.EXPECTED, None


def board(viewer: Viewer, year: ReportYear, *, as_of: date | None = None) -> list[Line]:
    """Every report of a year the viewer looks after, as it stood at the end of a day."""
    return _lines(staff_reports(viewer).filter(year=year), as_of)


def _lines(reports: QuerySet[Report], as_of: date | None) -> list[Line]:
    now = min(timezone.now(), _end_of(as_of)) if as_of else timezone.now()
    lines = []
    for one in reports.order_by("lab__region__bureau__position", "lab__slug"):
        state, came = _state_on(one, as_of)
        lines.append(Line(one, state, is_late(one.due_at, submitted_at=came, now=now)))
    return lines


def rate(lines: Sequence[Line]) -> Rate:
    """How many reports came, in time or late, were accepted, or are missing."""
    came = [one for one in lines if one.state in HANDED_IN]
    return Rate(
        due=len(lines),
        in_time=sum(not one.is_late for one in came),
        late=sum(one.is_late for one in came),
        accepted=sum(one.state == State.ACCEPTED for one in lines),
        missing=len(lines) - len(came),
    )


def rates_by_bureau(lines: Sequence[Line]) -> list[tuple[Bureau, Rate]]:
    """The reporting rate of each bureau that has labs due."""
    found: dict[int, list[Line]] = defaultdict(list)
    for one in lines:
        found[one.report.lab.region.bureau_id].append(one)
    return [(one, rate(found[one.pk])) for one in Bureau.objects.all() if one.pk in found]


def public_rates(year: ReportYear, *, as_of: date | None = None) -> list[tuple[Bureau, Rate]]:
    """The same for everybody: only how many, never which labs."""
    everybodys = Report.objects.filter(year=year).select_related(
        "lab__region__bureau", "lab__region__prefecture"
    )
    return rates_by_bureau(_lines(everybodys, as_of))


def actuals(*, as_of: date | None = None) -> QuerySet[IndicatorActual]:
    """Actual values as they were on record at the end of a day; now without one. Accepted reports are public facts."""
    found = IndicatorActual.objects.select_related("indicator__lab__region__bureau", "report")
    if as_of is None:
        return found.filter(replaced_at=None)
    end = _end_of(as_of)
    return found.filter(Q(replaced_at=None) | Q(replaced_at__gte=end), recorded_at__lt=end)


def staff_actuals(viewer: Viewer, *, as_of: date | None = None) -> QuerySet[IndicatorActual]:
    """Actual values of the labs the staff look after."""
    return actuals(as_of=as_of).filter(indicator__lab__in=staff_labs(viewer))


@dataclass(frozen=True)
class ActualLine:
    """An actual value beside its target."""

    actual: IndicatorActual
    target: Decimal | None

    @property
    def percent(self) -> int | None:
        return round(100 * self.actual.value / self.target) if self.target else None


def beside_targets(found: Sequence[IndicatorActual]) -> list[ActualLine]:
    """Actual values with the targets of their year, in one more query."""
    wanted = IndicatorTarget.objects.filter(indicator__in={one.indicator_id for one in found})
    targets = {(one.indicator_id, one.year): one.value for one in wanted}
    return [ActualLine(one, targets.get((one.indicator_id, one.fiscal_year))) for one in found]


@dataclass(frozen=True)
class Published:
    """An accepted report as everybody may read it."""

    report: Report
    rows: list[dict[str, Any]]
    is_nothing: bool
    actuals: list[ActualLine]
    corrections: list[ReportStep]


def published(lab: Lab, *, as_of: date | None = None) -> list[Published]:
    """A lab's accepted reports it agreed to publish, the newest first, as they stood at the end of a day."""
    found = Report.objects.filter(lab=lab, accepted_at__isnull=False, is_public=True).select_related(
        "year", "lab__region", "accepted_snapshot"
    )
    if as_of is not None:
        found = found.filter(accepted_at__lt=_end_of(as_of))
    reports = list(found.order_by("-year__fiscal_year"))
    if not reports:
        return []
    values = actuals(as_of=as_of).filter(indicator__lab=lab)
    by_year: dict[int, list[ActualLine]] = defaultdict(list)
    for line in beside_targets(list(values.order_by("indicator__position", "indicator__pk"))):
        by_year[line.actual.fiscal_year].append(line)
    corrections: dict[int, list[ReportStep]] = defaultdict(list)
    for step in ReportStep.objects.filter(report__in=reports, kind=State.CORRECTING):
        corrections[step.report_id].append(step)
    made = []
    for one in reports:
        answers = one.accepted_snapshot.answers if one.accepted_snapshot else {}
        rows = [row for row in answers.get("activities") or [] if isinstance(row, dict)]
        is_nothing = answers.get("no_activities") == "yes"
        made.append(Published(one, rows, is_nothing, by_year[one.year.fiscal_year], corrections[one.pk]))
    return made


@dataclass(frozen=True)
class Summary:
    """The last accepted report in short."""

    year: int
    accepted_at: datetime
    summary: str


def latest_summary(lab: Lab, *, as_of: date | None = None) -> Summary | None:
    """A lab's last report it agreed to publish, in one query."""
    found = Report.objects.filter(lab=lab, accepted_at__isnull=False, is_public=True)
    if as_of is not None:
        found = found.filter(accepted_at__lt=_end_of(as_of))
    row = (
        found.order_by("-year__fiscal_year")
        .values_list("year__fiscal_year", "accepted_at", "public_summary")
        .first()
    )
    return Summary(row[0], row[1], row[2]) if row and row[1] else None


@dataclass(frozen=True)
class Burden:
    """How long reports of a year took, where labs agreed to be measured; minutes are None for fewer than three."""

    year: int
    measured: int
    minutes: int | None
    filled: int | None


def burdens() -> list[Burden]:
    """The measured burden, year by year."""
    seconds: dict[int, list[int]] = defaultdict(list)
    handed_in = Report.objects.filter(state__in=HANDED_IN, measures_time=True)
    totals = (
        TimeSpent.objects.filter(report__in=handed_in)
        .values_list("report__year__fiscal_year", "report")
        .annotate(total=Sum("seconds"))
        .order_by()
    )
    for year, _report, total in totals:
        seconds[year].append(total)
    shares: dict[int, list[int]] = defaultdict(list)
    opened = Report.objects.filter(opened_filled__isnull=False)
    for year, share in opened.values_list("year__fiscal_year", "opened_filled"):
        shares[year].append(share or 0)
    return [
        Burden(
            year,
            len(seconds[year]),
            burden(seconds[year]),
            round(sum(shares[year]) / len(shares[year])) if shares[year] else None,
        )
        for year in sorted({*seconds, *shares}, reverse=True)
    ]


@dataclass(frozen=True)
class Unread:
    """A question of the form whose answers nobody opened for a year, or ever."""

    field: Field
    section: str
    last_on: date | None
    is_due: bool


def unread_questions(form: Form, *, today: date) -> list[Unread]:
    """Questions whose answers nobody opened in 12 months; `is_due` once the form is that old itself."""
    version = current_version(form)
    if version is None:
        return []
    read = dict(FieldRead.objects.filter(form=form).values_list("field", "last_on"))
    limit = today - timedelta(days=UNREAD_DAYS)
    first = form.versions.exclude(published_at=None).order_by("number").first()
    is_old = bool(first and first.published_at and timezone.localdate(first.published_at) <= limit)
    return [
        Unread(field, section.title, read.get(field.key), is_old)
        for section in version.definition.sections
        for field in section.fields
        if field.key not in read or read[field.key] < limit
    ]
