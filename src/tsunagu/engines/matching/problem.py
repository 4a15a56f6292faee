"""What is to be matched, and what came of it: one document that every solver takes and gives.

Left nodes want something (cases want reviews, labs want experts), right nodes give it. Scores are integers in
millionths; bigger is better. What counts first is a list, `objectives`: the next one decides only among those that are
best by the ones before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tsunagu.engines.matching.results import Blocked

# In this order unless the document says otherwise; SERVED always comes first, TIES always last.
SERVED, LEVEL, LEXIMIN, MAXMIN, TOTAL, CHANGES, TIES = (
    "served", "level", "leximin", "maxmin", "total", "changes", "ties",
)  # fmt: skip
# Sums evened out by exchanges among equals of everything before: the last that may be asked for.
EVEN = "even"
OBJECTIVES = (SERVED, LEVEL, LEXIMIN, MAXMIN, TOTAL, CHANGES, EVEN, TIES)
STABLE = "stable"


@dataclass(frozen=True)
class Node:
    """One thing on a side, with the fewest and the most matches it may have.

    `wishes`: the other side, dearest first; several that are equally dear stand together in a tuple of their own.
    """

    key: str
    least: int = 0
    most: int = 1
    wishes: tuple[str | tuple[str, ...], ...] = ()

    @property
    def tiers(self) -> list[tuple[str, ...]]:
        """The wishes with every one in a tuple: those in the same are equally dear."""
        return [(one,) if isinstance(one, str) else tuple(one) for one in self.wishes]


@dataclass(frozen=True)
class Edge:
    """A possible match: its score, why it has it, what it costs of a group's measure, and what it uses of each resource."""

    left: str
    right: str
    score: int = 0
    reasons: tuple[str, ...] = ()
    cost: int = 1
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Forbidden:
    """A match that must not be: by which rule, on what evidence."""

    left: str
    right: str
    rule: str
    evidence: str = ""


@dataclass(frozen=True)
class Group:
    """Nodes of one side that share a limit: together between `least` and `most` of their edges' cost."""

    key: str
    members: tuple[str, ...]
    most: int
    least: int = 0


@dataclass(frozen=True)
class Resource:
    """Something all matches share (hours, rooms, money): together they use between `least` and `most` of it."""

    key: str
    most: int
    least: int = 0


@dataclass(frozen=True)
class Problem:
    """Two sides, what may be matched, what must not, what is fixed already (`pins`), what was before, a seed for ties."""

    left: Sequence[Node]
    right: Sequence[Node]
    edges: Sequence[Edge]
    forbidden: Sequence[Forbidden] = ()
    pins: Sequence[tuple[str, str]] = ()
    groups: Sequence[Group] = ()
    resources: Sequence[Resource] = ()
    objectives: Sequence[str] = (TOTAL,)
    levels: Sequence[int] = ()
    before: Sequence[tuple[str, str]] = ()
    seed: str = ""
    seconds: float = 60.0


@dataclass(frozen=True)
class Match:
    """One pair with its reasons. `rank`: which choice it is of the left node, and of the right node (1 is the best)."""

    left: str
    right: str
    score: int
    reasons: tuple[str, ...]
    is_pinned: bool = False
    rank: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Unmet:
    """A left node that has fewer matches than it wants, and what stands against more.

    `among`: the fewest left nodes, itself included, that together want more than `places`, the right nodes they share, have.
    """

    left: str
    missing: int
    reasons: tuple[str, ...]
    among: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Solution:
    """The assignment; what could not be met; loads; which solver made it and why; how good it is proven to be.

    `worth`: what one more place at a right node would add. `shared`: left nodes that together share too few right ones.
    """

    matches: tuple[Match, ...]
    unmet: tuple[Unmet, ...]
    loads: dict[str, int]
    solver: str
    total: int = 0
    why: str = ""
    bound: int | None = None
    worth: Mapping[str, int] = field(default_factory=dict)
    shared: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    digest: str = ""


class ProblemFaulty(ValueError):
    """The problem contradicts itself: a pin that is forbidden, a node named twice, an edge to nobody. All faults at once."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NothingFits(ValueError):
    """No assignment keeps all the rules; `reasons` says which of them cannot be kept together.

    `blocked`: the same for least loads, as sets of nodes, for whoever calls the nodes by other names.
    """

    def __init__(self, *reasons: str, blocked: Sequence[Blocked] = ()) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons
        self.blocked = tuple(blocked)


class OutOfTime(RuntimeError):
    """No assignment was found in the time allowed; that there is none is not said by it."""

    def __init__(self) -> None:
        super().__init__(
            "時間内に組み合わせが見つかりませんでした。時間（seconds）を増やすか、問題を小さくしてください。"
        )


def faults_of(problem: Problem) -> list[str]:
    """Everything that is wrong with a problem, in words."""
    left, right = [one.key for one in problem.left], [one.key for one in problem.right]
    faults = [
        f"「{key}」が2度あります。"
        for side in (left, right)
        for key in sorted(set(side))
        if side.count(key) > 1
    ]
    lefts, rights = set(left), set(right)
    pairs = [(one.left, one.right) for one in problem.edges]
    named = [*pairs, *((one.left, one.right) for one in problem.forbidden), *problem.pins]
    faults += [
        f"「{one}」と「{other}」: どちらかがありません。"
        for one, other in named
        if one not in lefts or other not in rights
    ]
    faults += [f"「{one}」と「{other}」の組が2度あります。" for one, other in sorted(_twice(pairs))]
    barred = {(one.left, one.right) for one in problem.forbidden}
    faults += [
        f"「{one}」と「{other}」は、決まりで外れているのに固定されています。"
        for one, other in problem.pins
        if (one, other) in barred
    ]
    faults += [
        f"「{one.key}」: 最少が最多より多くなっています。"
        for one in (*problem.left, *problem.right)
        if one.least > one.most or one.least < 0
    ]
    known = lefts | rights
    faults += [
        f"組「{one.key}」に、ないものが入っています。"
        for one in problem.groups
        if not set(one.members) <= known
    ]
    faults += [
        f"目的「{one}」はありません。使えるもの: {'、'.join((*OBJECTIVES, STABLE))}"
        for one in problem.objectives
        if one not in {*OBJECTIVES, STABLE}
    ]
    if EVEN in problem.objectives and problem.objectives[-1] != EVEN:
        faults.append("目的「even」は、最後に書いてください。")
    if EVEN in problem.objectives and (problem.groups or problem.resources):
        faults.append("目的「even」は、組（groups）や資源（resources）といっしょには使えません。")
    resources = {one.key for one in problem.resources}
    unknown = {key for one in problem.edges for key in one.uses} - resources
    faults += [f"資源「{key}」がありません。" for key in sorted(unknown)]
    return faults + (_faults_of_stable(problem) if STABLE in problem.objectives else [])


def _faults_of_stable(problem: Problem) -> list[str]:
    """What a stable matching cannot keep is refused, never left out silently."""
    faults = []
    if list(problem.objectives) != [STABLE]:
        faults.append("目的「stable」は、ほかの目的といっしょには使えません。")
    if problem.groups or problem.resources or problem.pins:
        faults.append("目的「stable」では、組（groups）・資源（resources）・固定（pins）は使えません。")
    faults += [
        f"「{one.key}」: 目的「stable」では、左側は1件までにしてください。"
        for one in problem.left
        if one.most > 1
    ]
    faults += [
        f"「{one.key}」: 目的「stable」では、最少の件数は使えません。"
        for one in (*problem.left, *problem.right)
        if one.least
    ]
    for own, other in ((problem.left, problem.right), (problem.right, problem.left)):
        known = {one.key for one in other}
        for one in own:
            named = [key for tier in one.tiers for key in tier]
            faults += [f"「{one.key}」の希望の「{key}」がありません。" for key in named if key not in known]
            if len(set(named)) < len(named):
                faults.append(f"「{one.key}」の希望に、同じものが2度あります。")
    return faults


def _twice(pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    return {pair for pair in pairs if pair in seen or seen.add(pair)}  # type: ignore[func-returns-value]
