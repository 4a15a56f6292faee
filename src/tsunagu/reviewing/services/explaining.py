"""Why the automatic assignment is as it is: for each match what it is made of, what decides it, and who else was near."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tsunagu.engines.matching import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    PINNED,
    RULES,
    SERVED,
    TIES,
    TOTAL,
    Problem,
    Solution,
    Turn,
    solve,
    turned,
)
from tsunagu.engines.matching.reading import read_problem
from tsunagu.reviewing.models import AssignmentRun, Panel, PanelMember, ReviewCase, ReviewCriterion
from tsunagu.reviewing.services.proposing import MOST_EXPERT, SCORE, known_of, propose

# To ask what decides a pair is to solve again; nobody waits longer than this for a page.
SECONDS = 3.0
POINTS = 100


@dataclass(frozen=True)
class Part:
    """What one criterion adds to a match: how expert (0–3), in how many of the hundred points."""

    title: str
    level: int
    points: float


@dataclass(frozen=True)
class Line:
    """One reviewer for a case: whether they have it, of how many points their expertise is, and what decides it."""

    member: PanelMember
    is_taken: bool
    points: float
    rank: int | None
    parts: Sequence[Part]
    said: str
    instead: Sequence[str] = ()
    is_asked: bool = True


@dataclass(frozen=True)
class Explained:
    """A case with everybody of the panel, those who have it first; how many could have had it."""

    case: ReviewCase
    lines: Sequence[Line]
    possible: int
    run: AssignmentRun | None


def points(score: int) -> float:
    """A score of the engine in points of a hundred."""
    return score * POINTS / SCORE


def problem_of_run(run: AssignmentRun) -> Problem:
    """The problem as it was when it was solved."""
    return read_problem(run.document)


def explain(*, case: ReviewCase, run: AssignmentRun | None, only: int | None = None) -> Explained:
    """A case in an assignment that was made, or (without `run`) in the one that would be made now.

    `only`: a member to ask about even when time is up. Raises `NotPossible` where none can be made.
    """
    if run is None:
        proposal = propose(panel=case.panel)
        problem, solution = proposal.problem, proposal.solution
    else:
        problem = problem_of_run(run)
        solution = solve(problem)
    members = {str(one.pk): one for one in case.panel.members.select_related("profile__person", "panel")}
    key = str(case.pk)
    scores = {one.right: one.score for one in problem.edges if one.left == key}
    rules = {one.right: one for one in problem.forbidden if one.left == key}
    taken = {one.right for one in solution.matches if one.left == key}
    open_ = [right for right in scores if right not in rules]
    order = sorted(
        (right for right in scores if right in members),
        key=lambda right: (right not in taken, right in rules, -scores[right], str(members[right])),
    )
    ends, lines = time.monotonic() + SECONDS, []
    criteria = list(case.panel.criteria_set.criteria.order_by("position"))
    for right in order:
        said, instead, is_asked = "", [], True
        if right in rules:
            said = _("%(rule)sがあるので、組めません。") % {"rule": rules[right].rule}
        elif time.monotonic() < ends or members[right].pk == only:
            turn = turned(problem, solution, (key, right))
            said, instead = _in_words(turn, solution, members), _instead(turn, members)
        else:
            is_asked = False
        rank = None if right in rules else 1 + sum(scores[one] > scores[right] for one in open_)
        lines.append(
            Line(
                members[right], right in taken, points(scores[right]), rank, _parts(members[right], criteria),
                said, instead, is_asked,
            )
        )  # fmt: skip
    return Explained(case, lines, len(open_), run)


def _parts(member: PanelMember, criteria: Sequence[ReviewCriterion]) -> list[Part]:
    known = known_of(member)
    weights = sum(one.weight for one in criteria) or 1
    return [
        Part(one.title, level, POINTS * one.weight * level / (MOST_EXPERT * weights))
        for one in criteria
        for level in [min(MOST_EXPERT, known.get(one.code, 0))]
    ]


def _in_words(turn: Turn, solution: Solution, members: dict[str, PanelMember]) -> str:
    """What decides it, in a sentence."""
    by = turn.by
    if turn.objective == PINNED:
        return _("採点を始めているので、動かしません。")
    if turn.objective == TOTAL:
        near = f"{points(turn.score or 0):.1f}"
        if turn.is_taken:
            return _(
                "得意さで決まりました。外すと合計が%(by)s点下がります。この人の得意さが%(near)s点より多く低ければ、代わります。"
            ) % {"by": f"{points(by):.1f}", "near": near}
        return _(
            "得意さで決まりました。入れると合計が%(by)s点下がります。この人の得意さがあと%(near)s点より多く高ければ、入ります。"
        ) % {"by": f"{points(by):.1f}", "near": near}
    load = solution.loads.get(turn.right, 0)
    sentences = {
        (RULES, True): _("外すと、件数の決まりを守れません。"),
        (RULES, False): _("入れると、件数の決まり（上限・最少・一度外れた組）を守れません。"),
        (SERVED, True): _("外すと、審査員があと%(by)d人足りなくなります。"),
        (SERVED, False): _("入れると、審査員があと%(by)d人足りなくなります。"),
        (CHANGES, True): _("いまの割当てのままです。外すと、変わる割当てが%(by)d件増えます。"),
        (CHANGES, False): _("入れると、変わる割当てが%(by)d件増えます。"),
        (LEVEL, True): _("外すと、審査員の件数の差が大きくなります（この人は%(load)d件）。"),
        (LEVEL, False): _("入れると、審査員の件数の差が大きくなります（この人は%(load)d件）。"),
        (LEXIMIN, True): _("外すと、得意さの低い組が%(by)d件増えます。"),
        (LEXIMIN, False): _("入れると、得意さの低い組が%(by)d件増えます。"),
        (EVEN, True): _("外すと、案件どうしの得意さの差が大きくなります。"),
        (EVEN, False): _("入れると、案件どうしの得意さの差が大きくなります。"),
        (TIES, True): _("ほかの組み合わせと同じよさなので、くじの種で決まりました。"),
        (TIES, False): _("同じよさでしたが、くじの種で外れました。"),
    }
    return sentences[turn.objective, turn.is_taken] % {"by": by, "load": load}


def _instead(turn: Turn, members: dict[str, PanelMember]) -> list[str]:
    """Who competes: those of the same case who would come, or make way."""
    pairs = turn.come if turn.is_taken else turn.gone
    return sorted({str(members[right]) for left, right in pairs if left == turn.left and right in members})


@dataclass(frozen=True)
class Told:
    """One case of an assignment that was made: who has it, with points, rank and reasons."""

    case: ReviewCase
    matches: Sequence[tuple[PanelMember, float, int, str]]


def told(run: AssignmentRun) -> list[Told]:
    """Every case of an assignment, from what was kept of it; nothing is solved again."""
    problem = problem_of_run(run)
    cases = {str(one.pk): one for one in run.panel.cases.all()}
    members = {
        str(one.pk): one
        for one in PanelMember.objects.filter(panel=run.panel).select_related("profile__person")
    }
    barred = {(one.left, one.right) for one in problem.forbidden}
    by_case: dict[str, dict[str, tuple[int, str]]] = {}
    for one in problem.edges:
        if (one.left, one.right) not in barred:
            by_case.setdefault(one.left, {})[one.right] = (one.score, "、".join(one.reasons))
    found: dict[str, list[tuple[PanelMember, float, int, str]]] = {key: [] for key in cases}
    for left, right in run.answer:
        if left in cases and right in members:
            near = by_case.get(left, {})
            score, reason = near.get(right, (0, ""))
            rank = 1 + sum(other > score for other, _reason in near.values())
            found[left].append((members[right], points(score), rank, reason))
    return [Told(cases[key], sorted(rows, key=lambda row: row[2])) for key, rows in found.items()]


def without_evidence(problem: Problem) -> Problem:
    """The problem as it is kept: which rule bars a pair, not what it rests on, which stands with the conflict itself."""
    return replace(problem, forbidden=[replace(one, evidence="") for one in problem.forbidden])


def last_run(panel: Panel) -> AssignmentRun | None:
    """The latest automatic assignment of a panel."""
    return AssignmentRun.objects.filter(panel=panel).select_related("panel", "made_by").first()
