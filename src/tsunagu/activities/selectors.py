"""Reading the log: what a viewer may see of it, the national tables, and what a lab might use."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tsunagu.activities.models import (
    Activity,
    ActivityCompany,
    ActivityImport,
    ActivityKind,
    ColumnMapping,
    CompanyCount,
    MonthCount,
    PolicyFit,
    PolicyUse,
    Tier,
    YearCount,
)
from tsunagu.activities.services import rolling
from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.registry.models import Bureau, Lab, Policy
from tsunagu.registry.selectors import tended_labs
from tsunagu.sharing.policy import RecordAudience, condition, visible
from tsunagu.sharing.viewer import Viewer


def kinds(*, on: date | None = None) -> QuerySet[ActivityKind]:
    """The kinds in use on a day; all ever used without one."""
    found = ActivityKind.objects.all()
    if on is None:
        return found
    return found.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on))


def activities(viewer: Viewer, *, lab: Lab | None = None) -> QuerySet[Activity]:
    """Activities that exist for the viewer."""
    found = visible(Activity.objects.select_related("lab__region__bureau", "kind"), viewer)
    return found.filter(lab=lab) if lab else found


def tended_activities(viewer: Viewer) -> QuerySet[Activity]:
    """Activities the viewer may correct: those of the labs whose records they tend."""
    return activities(viewer).filter(lab__in=tended_labs(viewer))


def imports(viewer: Viewer) -> QuerySet[ActivityImport]:
    """Files taken in for the labs whose records the viewer tends, without their content."""
    return (
        ActivityImport.objects.filter(lab__in=tended_labs(viewer))
        .defer("content")
        .select_related("lab__region")
    )


def mappings(lab: Lab) -> QuerySet[ColumnMapping]:
    return ColumnMapping.objects.filter(lab=lab)


def policy_uses(viewer: Viewer, *, as_of: date | None = None) -> QuerySet[PolicyUse]:
    """What labs made of policies, as recorded at the end of a day; now without one."""
    found = visible(PolicyUse.objects.select_related("lab__region__bureau", "policy"), viewer)
    if as_of is None:
        return found.filter(replaced_at=None)
    after = as_of + timedelta(days=1)
    return found.filter(Q(replaced_at=None) | Q(replaced_at__date__gte=after), recorded_at__date__lte=as_of)


@dataclass(frozen=True)
class YearSummary:
    """A lab's fiscal year by kind: how many activities, people and different companies."""

    kind: ActivityKind
    activities: int
    people: int
    companies: int


def year_of_lab(lab: Lab, year: int) -> list[YearSummary]:
    """What a lab did in a fiscal year, by kind; straight from the log, for the lab's own report."""
    first, last = fiscal_year_range(year)
    mine = Activity.objects.filter(lab=lab, started_on__range=(first, last))
    sums = {
        one["kind"]: one
        for one in mine.values("kind").annotate(n=Count("pk"), heads=Coalesce(Sum("people"), 0)).order_by()
    }
    helped = dict(
        ActivityCompany.objects.filter(activity__in=mine)
        .values_list("activity__kind")
        .annotate(n=Count("company_key", distinct=True))
    )
    return [
        YearSummary(kind, sums[kind.pk]["n"], sums[kind.pk]["heads"], helped.get(kind.pk, 0))
        for kind in ActivityKind.objects.filter(pk__in=sums)
    ]


def companies_of_lab(lab: Lab, year: int) -> int:
    """How many different companies a lab helped in a fiscal year."""
    first, last = fiscal_year_range(year)
    found = ActivityCompany.objects.filter(activity__lab=lab, activity__started_on__range=(first, last))
    return found.aggregate(n=Count("company_key", distinct=True))["n"] or 0


AUDIENCES: dict[str, tuple[str, ...]] = {
    Tier.PUBLIC: (RecordAudience.PUBLIC,),
    Tier.OPEN: (RecordAudience.PUBLIC, RecordAudience.LABS),
    Tier.ALL: tuple(RecordAudience),
}


def tier_of(viewer: Viewer) -> Tier:
    """Which records national tables count for a viewer; records shared more narrowly are in no table but the secretariat's."""
    if viewer.is_secretariat:
        return Tier.ALL
    return Tier.OPEN if viewer.is_in_circle else Tier.PUBLIC


def labs_by_group(viewer: Viewer, *, as_of: date, days: int = 365) -> dict[str, set[int]]:
    """Group → labs with an activity of it begun in the year up to a day, by the records of the viewer's tier."""
    rows = Activity.objects.filter(
        audience__in=AUDIENCES[tier_of(viewer)],
        started_on__range=(as_of - timedelta(days=days - 1), as_of),
    )
    found: dict[str, set[int]] = defaultdict(set)
    for group, lab in rows.order_by().values_list("kind__group", "lab_id").distinct():
        found[group].add(lab)
    return dict(found)


@dataclass
class Cell:
    """One cell of a national table."""

    activities: int = 0
    people: int = 0
    companies: int | None = None
    labs: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Table:
    """A national table: rows by kind or bureau, columns by fiscal year; `whole` the cells of all rows together."""

    years: list[int]
    rows: list[tuple[str, str, dict[int, Cell]]]
    whole: dict[int, Cell]
    as_of: date
    tier: Tier


def _sums(tier: Tier, as_of: date, today: date, by: str) -> list[tuple[object, int, int, int, int]]:
    """(row key, fiscal year, lab, activities, people) up to a day.

    Years that were over come from the roll-up, as does the running one today; of a past day's year, whole months come
    from the roll-up and the last month from the log.
    """
    key = {"kind": "kind_id", "bureau": "bureau_code"}[by]
    running = fiscal_year(as_of)
    years = YearCount.objects.filter(tier=tier)
    if as_of >= today:
        return list(years.values_list(key, "fiscal_year", "lab_id", "activities", "people"))
    found = list(
        years.filter(fiscal_year__lt=running).values_list(
            key, "fiscal_year", "lab_id", "activities", "people"
        )
    )
    month = as_of.replace(day=1)
    months = MonthCount.objects.filter(
        audience__in=AUDIENCES[tier], month__gte=fiscal_year_range(running)[0], month__lt=month
    )
    rest = Activity.objects.filter(audience__in=AUDIENCES[tier], started_on__range=(month, as_of))
    column = {"kind": "kind_id", "bureau": "lab__region__bureau__code"}[by]
    parts = (
        months.values_list(key, "lab_id").annotate(n=Sum("activities"), heads=Sum("people")),
        rest.values_list(column, "lab_id").annotate(n=Count("pk"), heads=Coalesce(Sum("people"), 0)),
    )
    for rows in parts:
        found += [(one, running, lab, count, people) for one, lab, count, people in rows.order_by()]
    return found


def _companies(tier: Tier, as_of: date, today: date, by: str) -> dict[tuple[object, int], int]:
    """Different companies by (row key, fiscal year); the row key None stands for all rows together.

    Years that were over by the day, and the running one today, come from the roll-up; a past day's year from the log.
    """
    running = fiscal_year(as_of)
    from_log = as_of < today and as_of != fiscal_year_range(running)[1]
    found: dict[tuple[object, int], int] = {}
    cells = CompanyCount.objects.filter(tier=tier, fiscal_year__lte=running - from_log, companies__gt=0)
    cells = cells.filter(bureau_code="") if by == "kind" else cells.filter(kind=None)
    for bureau, kind, year, count in cells.values_list("bureau_code", "kind_id", "fiscal_year", "companies"):
        found[(kind if by == "kind" else bureau or None, year)] = count
    if from_log:
        mine = ActivityCompany.objects.filter(
            activity__audience__in=AUDIENCES[tier],
            activity__started_on__range=(fiscal_year_range(running)[0], as_of),
        )
        column = {"kind": "activity__kind_id", "bureau": "activity__lab__region__bureau__code"}[by]
        different = Count("company_key", distinct=True)
        for one, count in mine.order_by().values_list(column).annotate(n=different):
            found[(one, running)] = count
        found[(None, running)] = mine.aggregate(n=different)["n"] or 0
    return found


def national_table(viewer: Viewer, *, as_of: date, today: date, by: str = "kind") -> Table:
    """Activities, people, labs and companies by kind or bureau and fiscal year, up to a day, of the viewer's tier."""
    rolling.catch_up()
    tier = tier_of(viewer)
    cells: dict[object, dict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
    for key, year, lab, count, people in _sums(tier, as_of, today, by):
        for row in (key, None):
            cell = cells[row][year]
            cell.activities += count
            cell.people += people
            cell.labs.add(lab)
    for (key, year), count in _companies(tier, as_of, today, by).items():
        if year in cells[key]:
            cells[key][year].companies = count
    named = (
        [(one.pk, one.code, one.shown) for one in kinds()]
        if by == "kind"
        else [(one.code, one.code, one.label) for one in Bureau.objects.all()]
    )
    return Table(
        sorted(cells[None]),
        [(code, label, dict(cells[key])) for key, code, label in named if key in cells],
        dict(cells[None]),
        as_of,
        tier,
    )


@dataclass(frozen=True)
class Narrowed:
    """What a free question of the log came to, and its activities, newest first."""

    activities: int
    people: int
    companies: int
    labs: int
    rows: QuerySet[Activity]


def narrowed(viewer: Viewer, wanted: Mapping[str, str], *, as_of: date) -> Narrowed:
    """Any question: by kind, group, bureau, lab, scheme, policy, audience, words, and days."""
    rows = Activity.objects.filter(condition(Activity, viewer), started_on__lte=as_of)
    paths = {
        "kind": "kind__code", "group": "kind__group", "bureau": "lab__region__bureau__code", "lab": "lab__slug",
        "policy": "policies__code", "audience": "audience", "prefecture": "lab__region__prefecture_id",
    }  # fmt: skip
    for name, path in paths.items():
        if value := wanted.get(name, ""):
            rows = rows.filter(**{path: value})
    if value := wanted.get("since", ""):
        rows = rows.filter(started_on__gte=value)
    if value := wanted.get("until", ""):
        rows = rows.filter(started_on__lte=value)
    for word in wanted.get("q", "").split():
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    sums = rows.aggregate(n=Count("pk"), heads=Coalesce(Sum("people"), 0))
    # Counting rows made distinct is done by hashing; count(DISTINCT …) would sort a million of them.
    labs = rows.order_by().values("lab").distinct().count()
    helped = ActivityCompany.objects.filter(activity__in=rows.order_by().values("pk"))
    companies = helped.order_by().values("company_key").distinct().count()
    listed = rows.select_related("lab__region", "kind").order_by("-started_on", "-pk")
    return Narrowed(sums["n"], sums["heads"], companies, labs, listed)


@dataclass(frozen=True)
class Suggestion:
    """A policy a lab has not used that fits what it does, with why and how many companies that concerns."""

    policy: Policy
    reasons: list[str]
    companies: int


def unused_policies(lab: Lab, year: int, *, on: date) -> list[Suggestion]:
    """Policies open on a day that fit the lab's activities of a year and the year before, and that it did not use in them."""
    first, last = fiscal_year_range(year - 1)[0], fiscal_year_range(year)[1]
    mine = Activity.objects.filter(lab=lab, started_on__range=(first, last))
    helped = dict(
        mine.values_list("kind").annotate(n=Count("companies__company_key", distinct=True)).order_by()
    )
    used = set(mine.exclude(policies=None).values_list("policies", flat=True)) | set(
        PolicyUse.objects.filter(lab=lab, fiscal_year__gte=year - 1, replaced_at=None).values_list(
            "policy_id", flat=True
        )
    )
    found: dict[int, list[PolicyFit]] = defaultdict(list)
    fits = PolicyFit.objects.filter(kind__in=helped).exclude(policy__in=used).select_related("policy", "kind")
    for one in fits.order_by("policy", "kind__position"):
        if is_open(one.policy, on):
            found[one.policy_id].append(one)
    made = [
        Suggestion(
            each[0].policy,
            list(dict.fromkeys(one.reason for one in each)),
            max(helped[one.kind_id] for one in each),
        )
        for each in found.values()
    ]
    return sorted(made, key=lambda one: (-len(one.reasons), -one.companies, one.policy.name))


def is_open(policy: Policy, on: date) -> bool:
    """Whether a policy may be used on a day, as far as its dates are known."""
    begins = policy.valid_from is None or policy.valid_from.earliest <= on
    return begins and (policy.valid_to is None or policy.valid_to.latest >= on)


@dataclass(frozen=True)
class UseCell:
    """A cell of the national policy table."""

    labs: int
    companies: int
    count: int
    amount: int


def policy_table(
    viewer: Viewer, *, as_of: date | None = None, year: int | None = None
) -> tuple[list[int], dict[tuple[str, str, int], UseCell]]:
    """Policy × bureau × fiscal year, as recorded at the end of a day; the years there are."""
    rows = policy_uses(viewer, as_of=as_of)
    years = sorted(set(rows.order_by().values_list("fiscal_year", flat=True)))
    if year is not None:
        rows = rows.filter(fiscal_year=year)
    found = (
        rows.order_by()
        .values_list("policy__code", "lab__region__bureau__code", "fiscal_year")
        .annotate(
            n=Count("lab", distinct=True),
            helped=Coalesce(Sum("companies"), 0),
            cases=Coalesce(Sum("count"), 0),
            money=Coalesce(Sum("amount_shown"), 0),
        )
    )
    return years, {
        (code, bureau, in_year): UseCell(n, helped, cases, money)
        for code, bureau, in_year, n, helped, cases, money in found
    }
