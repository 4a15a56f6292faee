"""What is to be matched, and what came of it: plain data that a solver of any kind can take and give.

Left nodes want something (cases want reviews), right nodes give it (reviewers). Scores are integers; bigger is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """One thing on a side, with the fewest and the most matches it may have."""

    key: str
    least: int = 0
    most: int = 1


@dataclass(frozen=True)
class Edge:
    """A possible match with its score and why it has it."""

    left: str
    right: str
    score: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forbidden:
    """A match that must not be: by which rule, on what evidence."""

    left: str
    right: str
    rule: str
    evidence: str = ""


@dataclass(frozen=True)
class Problem:
    """Two sides, what may be matched, what must not, what is fixed already (`pins`), and a seed for ties."""

    left: Sequence[Node]
    right: Sequence[Node]
    edges: Sequence[Edge]
    forbidden: Sequence[Forbidden] = ()
    pins: Sequence[tuple[str, str]] = ()
    seed: str = ""


@dataclass(frozen=True)
class Match:
    """One pair with its reasons."""

    left: str
    right: str
    score: int
    reasons: tuple[str, ...]
    is_pinned: bool = False


@dataclass(frozen=True)
class Unmet:
    """A left node that has fewer matches than it wants, and what stands against more."""

    left: str
    missing: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Solution:
    """The assignment, what could not be met, how many each right node got, and which solver made it."""

    matches: tuple[Match, ...]
    unmet: tuple[Unmet, ...]
    loads: dict[str, int]
    solver: str
    total: int = field(default=0)


class ProblemFaulty(ValueError):
    """The problem contradicts itself: a pin that is forbidden, a node named twice, an edge to nobody."""
