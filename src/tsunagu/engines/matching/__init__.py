"""Matching two sides: plain problems in, an explained and checked assignment out. Knows nothing of Django or the programme.

    from tsunagu.engines.matching import Edge, Node, Problem, solve
    solve(Problem([Node("案件A", most=2)], [Node("審査員1", most=3)], [Edge("案件A", "審査員1", 800_000)]))

The document is described in docs/matching.md; `tsunagu match FILE.json` reads one.
"""

from collections.abc import Iterable, Sequence

from tsunagu.engines.matching.problem import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    SERVED,
    STABLE,
    TIES,
    TOTAL,
    Edge,
    Forbidden,
    Group,
    Match,
    Node,
    NothingFits,
    OutOfTime,
    Problem,
    ProblemFaulty,
    Resource,
    Solution,
    Unmet,
)
from tsunagu.engines.matching.results import PINNED, RULES, Blocked, Difference, Flip, Turn, in_words

__all__ = [
    "CHANGES", "EVEN", "LEVEL", "LEXIMIN", "MAXMIN", "PINNED", "RULES", "SERVED", "STABLE", "TIES", "TOTAL", "Blocked",
    "Difference", "Edge", "Flip", "Forbidden", "Group", "Match", "Node", "NothingFits", "OutOfTime", "Problem",
    "ProblemFaulty", "Resource", "Solution", "Turn", "Unmet", "broken", "flips", "in_words", "repaired", "solve",
    "turned", "worth",
]  # fmt: skip


# The solvers weigh 45 MB and a second of starting: whoever only shows pages goes without them.
def solve(problem: Problem) -> Solution:
    """The assignment that is best by the problem's objectives, in turn. Raises `ProblemFaulty`, `NothingFits`, `OutOfTime`."""
    from tsunagu.engines.matching import solving

    return solving.solve(problem)


def flips(problem: Problem, pairs: Sequence[tuple[str, str]]) -> list[Flip]:
    """For pairs that may be matched: how much more each would need to be taken, or could lose and stay."""
    from tsunagu.engines.matching import solving

    return solving.flips(problem, pairs)


def turned(problem: Problem, solution: Solution, pair: tuple[str, str]) -> Turn:
    """The best assignment in which the pair stands the other way round, beside the one there is."""
    from tsunagu.engines.matching import whatif

    return whatif.turned(problem, solution, pair)


def repaired(
    problem: Problem,
    before: Solution,
    *,
    withdrawn: Sequence[str] = (),
    pins: Sequence[tuple[str, str]] = (),
    barred: Sequence[Forbidden] = (),
    keep_all: bool = False,
) -> Difference:
    """Solved anew with the fewest changes; `keep_all`: these come before the total, so that only what must changes."""
    from tsunagu.engines.matching import whatif

    return whatif.repaired(problem, before, withdrawn=withdrawn, pins=pins, barred=barred, keep_all=keep_all)


def worth(problem: Problem, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """(objective, value) of an assignment in the order they count; smaller is better."""
    from tsunagu.engines.matching import values

    return values.worth(problem, pairs)


def broken(problem: Problem, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Every rule of the document an assignment does not keep, in words; empty when it keeps them all."""
    from tsunagu.engines.matching import values

    return values.broken(problem, pairs)
