"""The automatic assignment before it is applied: the panel as a problem, the engine's proposal, whom it cannot serve and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from tsunagu.engines.matching import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    TOTAL,
    Blocked,
    Edge,
    Forbidden,
    Node,
    NothingFits,
    Problem,
    Solution,
    in_words,
    solve,
)
from tsunagu.reviewing.models import (
    Assignment,
    MemberState,
    Panel,
    PanelMember,
    Review,
    ReviewCase,
    ReviewCriterion,
    ReviewState,
)
from tsunagu.reviewing.rules import Relation
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.relations import standing

SCORE = 1_000_000
MOST_EXPERT = 3
# Nobody shall have only reviewers who hardly know the matter: fewest below a third, then below two thirds.
LEVELS = (SCORE // 3, 2 * SCORE // 3)


@dataclass(frozen=True)
class Proposal:
    """An automatic assignment before it is applied.

    `rows`: new assignments with their reasons; `moved`: assignments not yet begun that make way for them.
    """

    problem: Problem
    solution: Solution
    rows: list[tuple[ReviewCase, PanelMember, str]]
    moved: list[tuple[ReviewCase, PanelMember]]
    unmet: list[tuple[ReviewCase, int, str]]
    loads: list[tuple[PanelMember, int]]
    shared: tuple[list[ReviewCase], list[PanelMember]]

    @property
    def digest(self) -> str:
        """Stands for exactly these changes."""
        pairs = [
            sorted((case.pk, member.pk) for case, member, *_reason in part)
            for part in (self.rows, self.moved)
        ]
        return hashlib.sha256(repr(pairs).encode()).hexdigest()


@dataclass(frozen=True)
class _Held:
    """What is assigned now: what has begun stays, the rest may move if more cases are served by it."""

    begun: list[tuple[str, str]]
    waiting: list[tuple[str, str]]


def _held(panel: Panel, barred_pairs: set[tuple[str, str]]) -> _Held:
    """Assignments a conflict bars end by themselves; should one be left, it is not held on to."""
    rows = Assignment.objects.filter(case__panel=panel, case__closed_at=None, ended_at=None).exclude(
        member__state=MemberState.DECLINED
    )
    begun: list[tuple[str, str]] = []
    waiting: list[tuple[str, str]] = []
    untouched = Q(review=None) | Q(review__state=ReviewState.DRAFT, review__scores=None, review__comment="")
    for case, member, is_new in (
        rows.annotate(is_new=Case(When(untouched, then=True), default=False))
        .values_list("case_id", "member_id", "is_new")
        .distinct()
    ):
        pair = (str(case), str(member))
        if pair not in barred_pairs:
            (waiting if is_new else begun).append(pair)
    return _Held(begun, waiting)


def problem_of(panel: Panel) -> tuple[Problem, dict[str, ReviewCase], dict[str, PanelMember]]:
    """The panel as a problem for the engine: reviews that have begun are pinned, conflicts are forbidden.

    First as many reviews as are wanted, then the fewest changes of what is assigned, level loads, nobody with only
    reviewers who hardly know the matter, the most expertise, and that spread evenly over the cases by exchanges; what is
    still equal is decided by the panel's lot.
    """
    cases = {str(one.pk): one for one in panel.cases.filter(closed_at=None)}
    members = {
        str(one.pk): one
        for one in panel.members.exclude(state=MemberState.DECLINED).select_related(
            "profile__person", "panel"
        )
    }
    by_profile = {one.profile_id: key for key, one in members.items()}
    forbidden = [
        Forbidden(
            str(one.case_id), by_profile[one.profile_id], str(Relation(one.relation).label), one.evidence
        )
        for one in standing(panel=panel)
        if one.profile_id in by_profile and str(one.case_id) in cases
    ]
    held = _held(panel, {(one.left, one.right) for one in forbidden})
    taken = {*held.begun, *held.waiting}
    ended = {
        (str(case), str(member))
        for case, member in Assignment.objects.filter(case__panel=panel)
        .exclude(ended_at=None)
        .values_list("case_id", "member_id")
    }
    criteria = list(panel.criteria_set.criteria.order_by("position"))
    worth = {key: _worth(one, criteria) for key, one in members.items()}
    problem = Problem(
        left=[Node(key, 0, panel.reviews_wanted + extra) for key, extra in _abstained(panel, cases).items()],
        right=[
            Node(key, one.floor, max(one.cap, sum(1 for pair in taken if pair[1] == key))) for key, one in members.items()
        ],
        edges=[
            Edge(case, member, *worth[member]) for case in cases for member in members if (case, member) not in ended - taken
        ],
        forbidden=forbidden,
        pins=held.begun,
        before=[*held.begun, *held.waiting],
        objectives=[CHANGES, LEVEL, LEXIMIN, TOTAL, EVEN],
        levels=LEVELS,
        seed=panel.lot or str(panel.pk),
    )  # fmt: skip
    return problem, cases, members


def _abstained(panel: Panel, cases: dict[str, ReviewCase]) -> dict[str, int]:
    """How many reviewers of each case abstained: somebody else is needed for each."""
    found = dict.fromkeys(cases, 0)
    done = Review.objects.filter(
        assignment__case__panel=panel, state=ReviewState.ABSTAINED, assignment__ended_at=None
    )
    for case in done.values_list("assignment__case_id", flat=True):
        if str(case) in found:
            found[str(case)] += 1
    return found


def known_of(member: PanelMember) -> dict[str, int]:
    """What a reviewer said of their expertise, by criterion."""
    return {key: int(value) for key, value in member.profile.expertise.items() if str(value).isdecimal()}


def _worth(member: PanelMember, criteria: Sequence[ReviewCriterion]) -> tuple[int, tuple[str, ...]]:
    """A reviewer's expertise by criterion, weighed as the criteria are, and in words."""
    known = known_of(member)
    weights = sum(one.weight for one in criteria) or 1
    score = sum(one.weight * min(MOST_EXPERT, known.get(one.code, 0)) for one in criteria)
    best = [f"{one.title}{known[one.code]}" for one in criteria if known.get(one.code)]
    return int(score * SCORE / (MOST_EXPERT * weights)), (
        _("得意さ %(what)s") % {"what": "・".join(best) or "—"},
    )


def propose(*, panel: Panel) -> Proposal:
    """An automatic assignment to look at; nothing is changed. Raises `NotPossible`."""
    problem, cases, members = problem_of(panel)
    _check_limits(members)
    try:
        solution = solve(problem)
    except NothingFits as refusal:
        raise NotPossible(*_why(refusal, problem, cases, members)) from refusal
    now, before = {(one.left, one.right) for one in solution.matches}, set(problem.before)
    rows = [
        (cases[one.left], members[one.right], "、".join(one.reasons))
        for one in solution.matches
        if (one.left, one.right) not in before
    ]
    unmet = [(cases[one.left], one.missing, "、".join(one.reasons)) for one in solution.unmet]
    loads = [(members[key], count) for key, count in solution.loads.items()]
    return Proposal(
        problem,
        solution,
        rows,
        [(cases[one], members[other]) for one, other in sorted(before - now)],
        unmet,
        sorted(loads, key=lambda one: (-one[1], str(one[0]))),
        ([cases[one] for one in solution.shared[0]], [members[one] for one in solution.shared[1]]),
    )


def _check_limits(members: dict[str, PanelMember]) -> None:
    """Who agreed to fewer cases than the least is named, and never given less silently."""
    short = [
        _(
            "%(member)s さんの最少は%(floor)d件ですが、引き受けた件数は%(cap)d件までです。"
            "審査会の最少の件数を下げるか、この人だけの件数を登録してください。"
        )
        % {"member": one, "floor": one.floor, "cap": one.cap}
        for one in members.values()
        if one.floor > one.cap
    ]
    if short:
        raise NotPossible(*short)


def _why(
    refusal: NothingFits, problem: Problem, cases: dict[str, ReviewCase], members: dict[str, PanelMember]
) -> list[str]:
    """Who cannot have the least number of cases, how many there are for them, and which conflicts stand against it."""
    of_cases = {key: str(one) for key, one in cases.items()}
    of_members = {key: str(one) for key, one in members.items()}
    # Only reviewers have a least number; a case's reviewers are as many as can be.
    found = [
        in_words(one, of_members, of_cases) + _conflicts_of(one, problem, members, len(cases))
        for one in refusal.blocked
    ]
    if not found:
        return list(refusal.reasons)
    return [
        *found,
        _("最少の件数を下げるか、1件あたりの審査員の数を増やすか、審査員を減らしてください。"),
    ]


def _conflicts_of(one: Blocked, problem: Problem, members: dict[str, PanelMember], cases: int) -> str:
    said = []
    for key in one.keys:
        barred = len({each.left for each in problem.forbidden if each.right == key})
        if barred:
            said.append(
                _("%(member)s さんは、案件%(cases)d件のうち%(barred)d件に利益相反があります。")
                % {"member": members[key], "cases": cases, "barred": barred}
            )
    return "".join(said)
