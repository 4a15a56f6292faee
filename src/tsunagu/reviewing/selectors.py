"""Reading reviews: a reviewer their own cases, the secretariat all, and nobody a case a conflict bars them from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, FloatField, Max, Min, OuterRef, Q, QuerySet, StdDev, Subquery
from django.db.models.aggregates import Aggregate

from tsunagu.reviewing.models import (
    Assignment,
    CommitteeDay,
    Conflict,
    Declaration,
    Level,
    MemberState,
    Panel,
    PanelMember,
    Remark,
    Review,
    ReviewCase,
    ReviewState,
    Score,
)
from tsunagu.reviewing.rules import may_score
from tsunagu.reviewing.services.relations import standing
from tsunagu.sharing.viewer import Role, Viewer


class Median(Aggregate):
    """The middle of the values, by PostgreSQL's own percentile_cont."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def panels(viewer: Viewer) -> QuerySet[Panel]:
    """All panels, for the secretariat."""
    found = Panel.objects.select_related("criteria_set")
    return found if viewer.is_secretariat else found.none()


def own_memberships(viewer: Viewer) -> QuerySet[PanelMember]:
    """The panels a reviewer sits on, while their role counts."""
    if viewer.person_id is None or Role.REVIEWER not in viewer.roles:
        return PanelMember.objects.none()
    found = PanelMember.objects.filter(profile__person_id=viewer.person_id).exclude(
        state=MemberState.DECLINED
    )
    return found.select_related("panel__criteria_set", "profile")


def _not_barred(found: QuerySet[Assignment]) -> QuerySet[Assignment]:
    barring = standing().filter(case=OuterRef("case"), profile=OuterRef("member__profile"))
    return found.annotate(bar=Subquery(barring.values("pk")[:1])).filter(bar=None)


def own_assignments(viewer: Viewer) -> QuerySet[Assignment]:
    """A reviewer's own cases: assigned, open, and not barred by a conflict."""
    found = Assignment.objects.filter(
        member__in=own_memberships(viewer), ended_at=None, case__closed_at=None
    ).select_related("case__panel__criteria_set", "case__lab", "member__profile__person", "review")
    return _not_barred(found)


@dataclass(frozen=True)
class Queue:
    """A reviewer's work: what is left, in the order to do it, and how much is done."""

    waiting: list[Assignment]
    started: list[Assignment]
    done: list[Assignment]
    abstained: list[Assignment]

    @property
    def total(self) -> int:
        return len(self.waiting) + len(self.started) + len(self.done) + len(self.abstained)

    @property
    def left(self) -> list[Assignment]:
        return self.started + self.waiting


def queue(viewer: Viewer, *, panel: int | None = None) -> Queue:
    """The queue, least-reviewed cases first."""
    found = own_assignments(viewer)
    if panel is not None:
        found = found.filter(case__panel_id=panel)
    others = Review.objects.filter(
        assignment__case=OuterRef("case"), state=ReviewState.SUBMITTED, assignment__ended_at=None
    ).order_by()
    counted = others.values("assignment__case").annotate(number=Count("pk")).values("number")
    rows = list(
        found.annotate(
            reviewed=Subquery(counted),
            scored=Count("review__scores", filter=Q(review__scores__value__isnull=False)),
        ).order_by(F("reviewed").asc(nulls_first=True), "case__number", "pk")
    )
    states: dict[str, list[Assignment]] = {"waiting": [], "started": [], "done": [], "abstained": []}
    for one in rows:
        states[_stage(one)].append(one)
    return Queue(**states)


def _stage(one: Any) -> str:
    if one.review.state == ReviewState.SUBMITTED:
        return "done"
    if one.review.state == ReviewState.ABSTAINED:
        return "abstained"
    return "started" if one.scored or one.review.comment else "waiting"


def declaration(one: Assignment) -> Declaration | None:
    """What the reviewer answered about conflicts with this case."""
    return Declaration.objects.filter(case=one.case_id, profile=one.member.profile_id).first()


def others_reviews(one: Assignment) -> list[Review]:
    """Others' handed-in reviews: only after one's own is in, and only where the panel allows."""
    if one.review.state != ReviewState.SUBMITTED or not one.case.panel.shows_others:
        return []
    found = Review.objects.filter(
        assignment__case=one.case_id, state=ReviewState.SUBMITTED, assignment__ended_at=None
    )
    return list(
        found.exclude(pk=one.review.pk)
        .select_related("assignment__member__profile__person")
        .prefetch_related("scores")
    )


def remarks(
    case: ReviewCase, viewer: Viewer, *, member: PanelMember | None = None, is_reviewer: bool = False
) -> QuerySet[Remark]:
    """The remarks of a case a viewer may read."""
    found = case.remarks.select_related("author")
    if viewer.is_secretariat:
        return found
    levels = [Level.PANEL] if member else []
    read = Q(level__in=[*levels, Level.REVIEWERS] if is_reviewer else levels)
    return found.filter(read | Q(author_id=viewer.person_id)) if viewer.person_id else found.none()


SORTS: dict[str, Any] = {
    "number": ("number", "pk"), "mean": (F("mean").desc(nulls_last=True), "pk"), "spread": (F("spread").desc(nulls_last=True), "pk"),
    "deviation": (F("deviation").desc(nulls_last=True), "pk"), "left": ("submitted", "pk"),
}  # fmt: skip


def case_table(panel: Panel, viewer: Viewer, *, text: str = "", sort: str = "number") -> QuerySet[ReviewCase]:
    """The cases of a panel with how their reviews lie, all of it computed by the database."""
    if not viewer.is_secretariat:
        return ReviewCase.objects.none()
    live = Q(assignments__ended_at=None)
    handed_in = live & Q(assignments__review__state=ReviewState.SUBMITTED)
    value = "assignments__review__total"
    found = panel.cases.annotate(
        assigned=Count("assignments", filter=live),
        submitted=Count("assignments", filter=handed_in),
        abstained=Count("assignments", filter=live & Q(assignments__review__state=ReviewState.ABSTAINED)),
        mean=Avg(value, filter=handed_in),
        median=Median(value, filter=handed_in),
        spread=Max(value, filter=handed_in) - Min(value, filter=handed_in),
        deviation=StdDev(value, filter=handed_in, sample=True),
        interview_mean=Avg("assignments__review__interview_total", filter=handed_in),
    )
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(number__icontains=text) | Q(applicant__icontains=text)
        )
    return found.order_by(*SORTS.get(sort, SORTS["number"]))


@dataclass(frozen=True)
class Progress:
    """A reviewer's progress, and how severe their scores are against the cases' means (the secretariat's eyes only)."""

    member: PanelMember
    assigned: int
    done: int
    abstained: int
    mean: float | None
    severity: float | None

    @property
    def left(self) -> int:
        return self.assigned - self.done - self.abstained


def progress(panel: Panel, viewer: Viewer) -> list[Progress]:
    """Every member's progress. Severity: the mean of (own total − mean of the case's totals); below zero is severe."""
    if not viewer.is_secretariat:
        return []
    live = Q(assignments__ended_at=None, assignments__case__closed_at=None)
    members = panel.members.select_related("profile__person", "panel").annotate(
        assigned=Count("assignments", filter=live),
        done=Count("assignments", filter=live & Q(assignments__review__state=ReviewState.SUBMITTED)),
        abstained=Count("assignments", filter=live & Q(assignments__review__state=ReviewState.ABSTAINED)),
        mean=Avg(
            "assignments__review__total", filter=live & Q(assignments__review__state=ReviewState.SUBMITTED)
        ),
    )
    severe = severity(panel)
    return [
        Progress(one, one.assigned, one.done, one.abstained, one.mean, severe.get(one.pk)) for one in members
    ]


def severity(panel: Panel) -> dict[int, float]:
    """Member → mean difference of their totals from the means of the cases they reviewed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH given AS (
              SELECT a.member_id, a.case_id, r.total, avg(r.total) OVER (PARTITION BY a.case_id) AS of_case,
                     count(*) OVER (PARTITION BY a.case_id) AS number
              FROM reviewing_review r JOIN reviewing_assignment a ON a.id = r.assignment_id
              JOIN reviewing_reviewcase c ON c.id = a.case_id
              WHERE c.panel_id = %s AND r.state = 'submitted' AND a.ended_at IS NULL
            )
            SELECT member_id, avg(total - of_case) FROM given WHERE number > 1 GROUP BY member_id
            """,
            [panel.pk],
        )
        return dict(cursor.fetchall())


def normalised(panel: Panel) -> dict[int, float]:
    """Case → mean of its reviewers' z-scores: each total measured by that reviewer's own mean and spread.

    A reviewer whose totals do not differ, or who gave only one, counts as 0 (no information).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH given AS (
              SELECT a.case_id, r.total, avg(r.total) OVER w AS mean, stddev_samp(r.total) OVER w AS deviation
              FROM reviewing_review r JOIN reviewing_assignment a ON a.id = r.assignment_id
              JOIN reviewing_reviewcase c ON c.id = a.case_id
              WHERE c.panel_id = %s AND r.state = 'submitted' AND a.ended_at IS NULL
              WINDOW w AS (PARTITION BY a.member_id)
            )
            SELECT case_id, avg(COALESCE((total - mean) / NULLIF(deviation, 0), 0)) FROM given GROUP BY case_id
            """,
            [panel.pk],
        )
        return dict(cursor.fetchall())


def criterion_means(cases: list[int]) -> dict[int, dict[str, tuple[float, int]]]:
    """Case → criterion → (mean, spread) of handed-in scores."""
    rows = (
        Score.objects.filter(
            review__assignment__case__in=cases, review__state=ReviewState.SUBMITTED, review__assignment__ended_at=None,
            value__isnull=False,
        )
        .values_list("review__assignment__case", "criterion")
        .annotate(mean=Avg("value"), spread=Max("value") - Min("value"))
    )  # fmt: skip
    found: dict[int, dict[str, tuple[float, int]]] = {}
    for case, criterion, mean, spread in rows:
        found.setdefault(case, {})[criterion] = (mean, spread)
    return found


@dataclass(frozen=True)
class CaseFile:
    """Everything about a case for its reasoned decision."""

    case: ReviewCase
    reviews: list[Review]
    scores: Mapping[int, Mapping[str, Score]]
    conflicts: list[Conflict]
    remarks: list[Remark]


def case_file(case: ReviewCase, viewer: Viewer) -> CaseFile | None:
    """The case's file, for the secretariat."""
    if not viewer.is_secretariat:
        return None
    reviews = list(
        Review.objects.filter(assignment__case=case)
        .select_related("assignment__member__profile__person")
        .prefetch_related("scores")
        .order_by("assignment__member__profile__person__name")
    )
    scores = {one.pk: {score.criterion: score for score in one.scores.all()} for one in reviews}
    barring = list(case.conflicts.select_related("profile__person", "dismissed_by"))
    return CaseFile(case, reviews, scores, barring, list(case.remarks.select_related("author")))


def may_see(case: ReviewCase, viewer: Viewer) -> bool:
    """Whether a person may see anything of a case: nobody whom a standing conflict bars, whatever else they are."""
    if viewer.person_id is None:
        return False
    if standing(case=case).filter(profile__person_id=viewer.person_id).exists():
        return False
    seats = own_memberships(viewer).filter(panel=case.panel_id, state=MemberState.ACCEPTED)
    return viewer.is_secretariat or seats.exists()


def recipients(case: ReviewCase, *, level: str = Level.PANEL) -> list[Any]:
    """The people of a panel to whom a mail about a case may go: who may read that level, and never one a conflict bars."""
    out = set(standing(case=case).values_list("profile__person_id", flat=True))
    members = case.panel.members.filter(state=MemberState.ACCEPTED).select_related("profile__person")
    if level == Level.SECRETARIAT:
        return []
    if level == Level.REVIEWERS:
        members = members.filter(assignments__case=case, assignments__ended_at=None)
    return [one.profile.person for one in members if one.profile.person_id not in out]


def day_of(panel: Panel) -> CommitteeDay | None:
    return CommitteeDay.objects.filter(panel=panel).select_related("current", "panel__criteria_set").first()


def own_is_missing(case: ReviewCase, viewer: Viewer) -> bool:
    """Whether a person still owes their own review of a case that may be scored: others' numbers wait for it."""
    if viewer.person_id is None or not may_score(case.panel.phase):
        return False
    own = case.assignments.filter(ended_at=None, member__profile__person_id=viewer.person_id)
    return own.filter(review__state=ReviewState.DRAFT).exists()


def committee_case(case: ReviewCase, viewer: Viewer) -> dict[str, Any]:
    """A case as the committee looks at it: its numbers by criterion, and the remarks this person may read.

    What only the secretariat reads stays off this page, which is often on a screen in the room.
    """
    if own_is_missing(case, viewer):
        return {"own_is_missing": True}
    member = own_memberships(viewer).filter(panel=case.panel_id).first()
    is_reviewer = member is not None and case.assignments.filter(member=member, ended_at=None).exists()
    said = remarks(case, viewer, member=member, is_reviewer=is_reviewer).exclude(level=Level.SECRETARIAT)
    means = criterion_means([case.pk]).get(case.pk, {})
    criteria = list(case.panel.criteria_set.criteria.all())
    totals = Review.objects.filter(
        assignment__case=case, state=ReviewState.SUBMITTED, assignment__ended_at=None
    ).aggregate(
        number=Count("pk"),
        mean=Avg("total"),
        median=Median("total"),
        spread=Max("total") - Min("total"),
        after=Avg("interview_total"),
    )
    return {
        **totals,
        "criteria": [(one, means.get(one.code)) for one in criteria if one.is_scored],
        "questions": list(case.interview_questions.all()),
        "remarks": list(said),
    }
