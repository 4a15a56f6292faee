"""Matching two sides: plain problems in, an explained assignment out. Knows nothing of Django or the programme."""

from tsunagu.engines.matching.balanced import solve
from tsunagu.engines.matching.problem import Edge, Forbidden, Match, Node, Problem, Solution, Unmet

__all__ = ["Edge", "Forbidden", "Match", "Node", "Problem", "Solution", "Unmet", "solve"]
