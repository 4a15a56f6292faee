"""The rules of reviewing: relations that make a conflict of interest, phases and their rights, statistics. Pure."""

import statistics
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LOWEST, HIGHEST = 1, 5


class Relation(TextChoices):
    """Five relations that bar a reviewer from a case, and a conflict the reviewer declares."""

    SAME_PREFECTURE = "same_prefecture", gettext_lazy("同じ都道府県")
    MEMBER_ORGANISATION = "member_organisation", gettext_lazy("構成員の組織に所属")
    PAST_MENTOR = "past_mentor", gettext_lazy("このラボのメンターだった")
    FORMER_EMPLOYER = "former_employer", gettext_lazy("以前の勤め先が構成員")
    VENDOR = "vendor", gettext_lazy("取引の関係")
    DECLARED = "declared", gettext_lazy("本人の申告")


class Phase(TextChoices):
    """Phases of a panel and what may be done in them."""

    BEFORE = "before", gettext_lazy("始まる前")
    SCORING = "scoring", gettext_lazy("採点")
    DISCUSSION = "discussion", gettext_lazy("討議（点を直せます）")
    DECIDING = "deciding", gettext_lazy("判断（点は直せません）")


@dataclass(frozen=True)
class ReviewerFacts:
    """What the rules look at of a reviewer. Organisations and labs by their number, prefectures by their code."""

    affiliation: int | None = None
    former_employers: Mapping[int, str] = field(default_factory=dict)
    prefectures: Collection[str] = ()
    mentored_labs: Collection[int] = ()
    business_partners: Collection[int] = ()


@dataclass(frozen=True)
class CaseFacts:
    """What the rules look at of a case."""

    lab: int | None = None
    prefectures: Collection[str] = ()
    members: Collection[int] = ()
    vendors: Collection[int] = ()


@dataclass(frozen=True)
class Suggested:
    """A conflict the rules see, with the evidence: numbers of records, or a prefecture's code."""

    relation: str
    evidence: str


def conflicts(reviewer: ReviewerFacts, case: CaseFacts) -> list[Suggested]:
    """The relations between a reviewer and a case; each once, with its first evidence."""
    found: list[Suggested] = []
    members = set(case.members)
    if shared := sorted(set(reviewer.prefectures) & set(case.prefectures)):
        found.append(Suggested(Relation.SAME_PREFECTURE, shared[0]))
    if reviewer.affiliation is not None and reviewer.affiliation in members:
        found.append(Suggested(Relation.MEMBER_ORGANISATION, str(reviewer.affiliation)))
    if case.lab is not None and case.lab in set(reviewer.mentored_labs):
        found.append(Suggested(Relation.PAST_MENTOR, str(case.lab)))
    if former := sorted(set(reviewer.former_employers) & members):
        found.append(Suggested(Relation.FORMER_EMPLOYER, str(former[0])))
    partners = sorted(set(reviewer.business_partners) & members)
    if reviewer.affiliation is not None and reviewer.affiliation in set(case.vendors):
        partners.append(reviewer.affiliation)
    if partners:
        found.append(Suggested(Relation.VENDOR, str(partners[0])))
    return found


def phase(
    now: datetime, *, opens_at: datetime, closes_at: datetime, discussion_until: datetime | None
) -> Phase:
    """Which phase a panel is in: scoring counts to its closing second."""
    if now < opens_at:
        return Phase.BEFORE
    if now <= closes_at:
        return Phase.SCORING
    if discussion_until is not None and now <= discussion_until:
        return Phase.DISCUSSION
    return Phase.DECIDING


def may_score(now_in: Phase) -> bool:
    return now_in in {Phase.SCORING, Phase.DISCUSSION}


@dataclass(frozen=True)
class Weighted:
    """A criterion as the total looks at it."""

    code: str
    weight: int
    is_scored: bool = True


def missing_scores(criteria: Iterable[Weighted], scores: Mapping[str, int | None]) -> list[str]:
    """Criteria that must be scored and are not."""
    return [one.code for one in criteria if one.is_scored and scores.get(one.code) is None]


def total(criteria: Iterable[Weighted], scores: Mapping[str, int | None]) -> float | None:
    """The weighted mean of the scored criteria (1–5); None when a score is missing."""
    counted = [(one.weight, scores.get(one.code)) for one in criteria if one.is_scored and one.weight]
    if not counted or any(value is None for _weight, value in counted):
        return None
    weights = sum(weight for weight, _value in counted)
    return sum(weight * (value or 0) for weight, value in counted) / weights


@dataclass(frozen=True)
class Summary:
    """How the totals of a case lie."""

    count: int
    mean: float | None = None
    median: float | None = None
    spread: float | None = None
    deviation: float | None = None


def summary(totals: Collection[float]) -> Summary:
    """Mean, median, greatest minus least, standard deviation (of the sample, from two on)."""
    if not totals:
        return Summary(0)
    return Summary(
        count=len(totals),
        mean=statistics.fmean(totals),
        median=statistics.median(totals),
        spread=max(totals) - min(totals),
        deviation=statistics.stdev(totals) if len(totals) > 1 else None,
    )


def low_or_split(
    by_criterion: Mapping[str, Collection[int]], *, low: float = 2.5, split: int = 2
) -> list[tuple[str, str]]:
    """(criterion, why) for the criteria to ask about in the interview."""
    found = []
    for code, values in by_criterion.items():
        if not values:
            continue
        if max(values) - min(values) >= split:
            found.append(
                (
                    code,
                    _("評価が分かれています（%(low)d〜%(high)d点）")
                    % {"low": min(values), "high": max(values)},
                )
            )
        elif statistics.fmean(values) <= low:
            found.append((code, _("評価が低めです（平均%(mean).1f点）") % {"mean": statistics.fmean(values)}))
    return found


def order_by_conflicts(cases: Mapping[int, Collection[int]]) -> list[int]:
    """An order of cases (→ the people barred from each) in which the same people leave the room as seldom as can be, greedily."""
    left = dict(cases)
    order: list[int] = []
    inside: set[int] = set()
    while left:
        nearest = min(left, key=lambda one: (len(set(left[one]) ^ inside), len(left[one]), one))
        inside = set(left.pop(nearest))
        order.append(nearest)
    return order
