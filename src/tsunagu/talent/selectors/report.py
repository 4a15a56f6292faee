"""The final report of an edition: every number from its records, the questionnaires with small numbers hidden."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.picture.bars import Bar, BarChart, Part, bar_chart
from tsunagu.surveys.tallying import QuestionResult, Response, tally
from tsunagu.talent.models import (
    BriefState,
    Edition,
    EntryState,
    Kind,
    Outcome,
    Point,
    PointAnswer,
    Reached,
    Team,
    TeamState,
)
from tsunagu.talent.services.asking import SIDE


@dataclass(frozen=True)
class Told:
    """A team in the report; the company is named only where it said so."""

    team: Team
    outcome: Outcome | None
    name: str


@dataclass(frozen=True)
class Question:
    """A question over the three points: what the answers were at each."""

    label: str
    options: Sequence[str]
    points: Sequence[tuple[str, QuestionResult]]

    @property
    def rows(self) -> list[tuple[str, list[object]]]:
        """A line for each answer, and one for the mean, with what was counted at each point; None where it is hidden."""
        results = [one for _label, one in self.points]
        lines: list[tuple[str, list[object]]] = [
            (label, [one.options[number].count if one.options else None for one in results])
            for number, label in enumerate(self.options)
        ]
        if any(one.summary for one in results):
            lines.append((_("平均"), [one.summary.mean if one.summary else None for one in results]))
        return lines


@dataclass(frozen=True)
class Report:
    """What the edition came to."""

    talents: int
    companies: int
    teams: int
    done: int
    stopped: int
    reached: Sequence[tuple[str, int]]
    filed: int
    granted: int
    verified: int
    going_on: int
    told: Sequence[Told]
    questions: Sequence[tuple[str, Sequence[Question]]]

    @property
    def chart(self) -> BarChart | None:
        """How far the goals were reached, as a picture; none before anything was told."""
        bars = [Bar(label, (Part("plain", count),)) for label, count in self.reached]
        return bar_chart(bars) if any(count for _label, count in self.reached) else None


def report_of(edition: Edition) -> Report:
    """The final report as of now."""
    teams = list(
        Team.objects.filter(edition=edition, agreed_at__isnull=False)
        .select_related("brief__company", "outcome")
        .prefetch_related("deliverables", "seats", "brief__needs")
    )
    outcomes = [one.outcome for one in teams if hasattr(one, "outcome")]
    counts = Counter(one.reached for one in outcomes)
    return Report(
        talents=edition.entries.filter(state=EntryState.ACCEPTED).count(),
        companies=edition.briefs.filter(state=BriefState.PUBLISHED).values("company").distinct().count(),
        teams=len(teams),
        done=sum(one.state == TeamState.DONE for one in teams),
        stopped=sum(one.state == TeamState.STOPPED for one in teams),
        reached=[(str(one.label), counts[one.value]) for one in Reached],
        filed=sum(one.filed_on is not None for one in outcomes),
        granted=sum(one.granted_on is not None for one in outcomes),
        verified=sum(one.verified_at is not None for one in outcomes),
        going_on=sum(one.goes_on for one in outcomes),
        told=[_told(one) for one in teams if one.state == TeamState.DONE],
        questions=[(str(kind.label), questions_of(edition, kind)) for kind in Kind],
    )


def _told(team: Team) -> Told:
    outcome = getattr(team, "outcome", None)
    company = team.brief.company
    named = outcome is not None and outcome.may_publish and company.erased_at is None
    return Told(team, outcome, company.name if named else "")


def questions_of(edition: Edition, side: str) -> list[Question]:
    """What one side answered at the three points, question by question; a number that would point at somebody is hidden."""
    found = PointAnswer.objects.filter(edition=edition, side=side, snapshot__isnull=False)
    sheets: dict[str, list[PointAnswer]] = {}
    for one in found.select_related("snapshot", "sheet__form_version"):
        sheets.setdefault(one.point, []).append(one)
    if not sheets:
        return []
    results: dict[str, list[tuple[str, QuestionResult]]] = {}
    labels: dict[str, Any] = {}
    for point in Point:
        answers = sheets.get(point.value, [])
        if not answers:
            continue
        definition = max(
            (one.sheet.form_version for one in answers if one.sheet), key=lambda one: one.number
        ).definition
        responses = [Response(one.snapshot.answers) for one in answers if one.snapshot]
        for each in tally(definition, responses, {}):
            if each.field.element == SIDE or each.texts:
                continue
            labels[each.field.key] = each.field
            results.setdefault(each.field.key, []).append((str(point.label), each))
    return [
        Question(labels[key].label, [one.label for one in labels[key].options], points)
        for key, points in results.items()
        if any(one.answered is None or one.options or one.summary for _point, one in points)
    ]


def comments_of(edition: Edition) -> list[str]:
    """What was written freely, for the coordinators, in no order that would say by whom; none from too few people."""
    found = PointAnswer.objects.filter(edition=edition, snapshot__isnull=False).select_related(
        "snapshot", "sheet__form_version"
    )
    answers = [one for one in found if one.sheet and one.snapshot]
    texts: set[str] = set()
    for version in {one.sheet.form_version for one in answers if one.sheet}:
        responses = [
            Response(one.snapshot.answers)
            for one in answers
            if one.sheet and one.sheet.form_version == version and one.snapshot
        ]
        for each in tally(version.definition, responses, {}, with_texts=True):
            texts.update(each.texts)
    return sorted(texts)
