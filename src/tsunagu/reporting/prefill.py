"""What a report opens with: everything the product knows already, by the fields of the form, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from tsunagu.activities import selectors as log
from tsunagu.activities.models import Activity, PolicyUse
from tsunagu.engines.dates import fiscal_year_range
from tsunagu.questionnaires.facts import facts_of
from tsunagu.questionnaires.hosting import Known
from tsunagu.questionnaires.models import KnownFact
from tsunagu.registry.kinds import MemberRole
from tsunagu.registry.models import Indicator, IndicatorTarget, Lab
from tsunagu.reporting.models import IndicatorActual, Report

CARRIED = (
    "report.results", "lab.issues", "report.issues_text", "lab.wishes", "report.next_year", "report.summary",
    "report.may_publish", "lab.contact_person", "lab.contact_email",
)  # fmt: skip
HIGHLIGHTS = 3


@dataclass(frozen=True)
class Filled:
    """A proposal for a box with where it comes from."""

    value: Any
    source: str


def _text(number: Decimal | int | None) -> str:
    return "" if number is None else format(Decimal(number).normalize(), "f")


def _days(year: int) -> str:
    first, last = fiscal_year_range(year)
    return f"{first}〜{last}"


def activity_rows(lab: Lab, year: int) -> list[dict[str, str]]:
    """The lab's year by kind, with last year's count beside it."""
    before = {one.kind.pk: one.activities for one in log.year_of_lab(lab, year - 1)}
    return [
        {
            "kind": one.kind.label, "count": str(one.activities), "people": str(one.people),
            "companies": str(one.companies), "last": _text(before.get(one.kind.pk)), "comment": "",
        }
        for one in log.year_of_lab(lab, year)
    ]  # fmt: skip


def highlight_rows(lab: Lab, year: int) -> list[dict[str, str]]:
    """The activities most people or companies took part in."""
    first, last = fiscal_year_range(year)
    found = Activity.objects.filter(lab=lab, started_on__range=(first, last)).annotate(
        helped=Count("companies")
    )
    chosen = found.order_by("-helped", "-people", "-started_on")[:HIGHLIGHTS]
    return [
        {"title": one.title, "day": one.started_on.isoformat(), "outcome": one.summary[:300]}
        for one in sorted(chosen, key=lambda one: one.started_on)
    ]


def indicator_rows(lab: Lab, year: int) -> list[dict[str, str]]:
    """The plan's indicators with the year's target and last year's actual value beside the empty box."""
    targets = dict(
        IndicatorTarget.objects.filter(indicator__lab=lab, year=year).values_list("indicator", "value")
    )
    last = dict(
        IndicatorActual.objects.filter(
            indicator__lab=lab, fiscal_year=year - 1, replaced_at=None
        ).values_list("indicator", "value")
    )
    return [
        {
            "indicator": one.name, "unit": one.unit, "target": _text(targets.get(one.pk)), "last": _text(last.get(one.pk)),
            "actual": "", "evidence": one.source[:200], "comment": "",
        }
        for one in Indicator.objects.filter(lab=lab)
    ]  # fmt: skip


def policy_rows(lab: Lab, year: int) -> list[dict[str, str]]:
    """Policies the lab recorded the use of, and those its activities name, counted from them."""
    first, last = fiscal_year_range(year)
    found: dict[str, dict[str, str]] = {}
    counted = (
        Activity.objects.filter(lab=lab, started_on__range=(first, last))
        .exclude(policies=None)
        .values_list("policies__code")
        .annotate(n=Count("pk", distinct=True), helped=Count("companies__company_key", distinct=True))
    )
    for code, count, helped in counted.order_by("policies__code"):
        found[code] = {
            "policy": code, "companies": str(helped), "count": str(count), "amount": "", "result": "", "again": "",
        }  # fmt: skip
    uses = PolicyUse.objects.filter(lab=lab, fiscal_year=year, replaced_at=None).select_related("policy")
    for one in uses.order_by("policy__name"):
        found[one.policy.code] = {
            "policy": one.policy.code, "companies": _text(one.companies), "count": _text(one.count), "amount": _text(one.amount),
            "result": one.result[:300], "again": one.again,
        }  # fmt: skip
    return list(found.values())


def summary_of(lab: Lab, year: int) -> str:
    """A sentence made of the log, to begin the public summary with where there is none of last year."""
    rows = log.year_of_lab(lab, year)
    if not rows:
        return ""
    parts = "、".join(
        _("%(kind)s%(count)d件") % {"kind": one.kind.label, "count": one.activities} for one in rows
    )
    return _("%(parts)sを行い、%(companies)d社を支援しました。") % {
        "parts": parts,
        "companies": log.companies_of_lab(lab, year),
    }


def proposals(report: Report) -> dict[str, Filled]:
    """Everything known for a report, by data element."""
    lab, year = report.lab, report.year.fiscal_year
    found: dict[str, Filled] = {
        element: Filled(one.value, one.source) for element, one in facts_of(lab).items()
    }
    for fact in KnownFact.objects.filter(lab=lab, element__in=CARRIED):
        found[fact.element] = Filled(fact.value, fact.source)
    log_source = _("活動の記録（%(days)s）") % {"days": _days(year)}
    rows: Mapping[str, tuple[Any, str]] = {
        "report.activities": (activity_rows(lab, year), log_source),
        "report.highlights": (highlight_rows(lab, year), log_source),
        "report.indicators": (indicator_rows(lab, year), _("計画の指標と目標、昨年度の報告")),
        "report.policies": (policy_rows(lab, year), _("活動の記録と施策の活用の記録")),
    }
    for element, (value, source) in rows.items():
        if value:
            found[element] = Filled(value, source)
    if "report.summary" not in found and (text := summary_of(lab, year)):
        found["report.summary"] = Filled(text, log_source)
    if "report.results" not in found and (text := summary_of(lab, year)):
        found["report.results"] = Filled(text, log_source)
    found.setdefault("lab.office", Filled(_office(lab), _("登録簿の構成員")))
    return {element: one for element, one in found.items() if one.value not in ("", [], {})}


def _office(lab: Lab) -> str:
    one = lab.members.filter(role=MemberRole.LAB_OFFICE, valid_to=None).select_related("organisation").first()
    return one.organisation.name if one else ""


def known(report: Report) -> dict[str, Known]:
    """The same as the questionnaires ask for it."""
    return {element: Known(one.value, one.source) for element, one in proposals(report).items()}


def last_answers(report: Report) -> dict[str, Any]:
    """The answers of the lab's report of the year before, as accepted; {} without one."""
    before = (
        Report.objects.filter(
            lab=report.lab, year__fiscal_year=report.year.fiscal_year - 1, accepted_snapshot__isnull=False
        )
        .select_related("accepted_snapshot")
        .first()
    )
    return dict(before.accepted_snapshot.answers) if before and before.accepted_snapshot else {}


FIXED = {
    "activities": ("kind", activity_rows, ("comment",)),
    "indicators": ("indicator", indicator_rows, ("actual", "evidence", "comment")),
}


def refreshed(report: Report, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The tables that come from records, made anew, with what people wrote into the other columns kept."""
    fresh: dict[str, Any] = {}
    for name, (key, rows, typed) in FIXED.items():
        given = {one.get(key): one for one in answers.get(name) or [] if isinstance(one, dict)}
        fresh[name] = [
            {**row, **{column: given[row[key]].get(column, "") for column in typed if row[key] in given}}
            for row in rows(report.lab, report.year.fiscal_year)
        ]
    return fresh


def is_nothing(answers: Mapping[str, Any]) -> bool:
    """Whether the lab says there was nothing this year."""
    return answers.get("no_activities") == "yes"
