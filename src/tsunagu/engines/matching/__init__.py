"""Matching two sides: plain problems in, an explained and checked assignment out. Knows nothing of Django or the programme.

    from tsunagu.engines.matching import Edge, Node, Problem, solve
    solve(Problem([Node("案件A", most=2)], [Node("審査員1", most=3)], [Edge("案件A", "審査員1", 800_000)]))

The document is described in docs/matching.md; `tsunagu match FILE.json` reads one.
"""

from tsunagu.engines.matching.blocking import Blocked, in_words
from tsunagu.engines.matching.problem import (
    CHANGES,
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
from tsunagu.engines.matching.solving import Flip, flips, solve
from tsunagu.engines.matching.whatif import PINNED, RULES, Difference, Turn, repaired, turned
from tsunagu.engines.matching.worth import broken, worth

__all__ = [
    "CHANGES", "LEVEL", "LEXIMIN", "MAXMIN", "PINNED", "RULES", "SERVED", "STABLE", "TIES", "TOTAL", "Blocked",
    "Difference", "Edge", "Flip", "Forbidden", "Group", "Match", "Node", "NothingFits", "OutOfTime", "Problem",
    "ProblemFaulty", "Resource", "Solution", "Turn", "Unmet", "broken", "flips", "in_words", "repaired", "solve",
    "turned", "worth",
]  # fmt: skip
