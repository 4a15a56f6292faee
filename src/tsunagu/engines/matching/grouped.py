"""Limits that cross each other (an expert's visits a year and a lab's a month): whole numbers by branch and bound."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from tsunagu.engines.matching.circulation import NoFlow
from tsunagu.engines.matching.compiling import Compiled
from tsunagu.engines.matching.net import Flags, Ints


@dataclass(frozen=True)
class Grouped:
    """Which edges are taken, and how far the total may be from the best, as a share."""

    taken: Flags
    gap: float


def solve_grouped(problem: Compiled, costs: Sequence[Ints], *, gap: float = 1e-6) -> Grouped:
    """As many matches as can be, then the least of each cost on edges in turn, within all groups' limits. Raises `NoFlow`."""
    net = problem.net
    if not net.edges:
        if net.least_left.any() or net.least_right.any() or any(one.least for one in problem.problem.groups):
            raise NoFlow
        return Grouped(np.zeros(0, bool), 0.0)
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", gap),
        ("time_limit", problem.problem.seconds),
    ):  # fmt: skip
        solver.setOptionValue(name, value)
    count = net.edges
    columns = np.arange(count, dtype=np.int32)
    solver.addVars(count, net.fixed.astype(float), np.ones(count))
    solver.changeColsIntegrality(count, columns, np.full(count, highspy.HighsVarType.kInteger))
    _limits(solver, problem)
    left_gap = 0.0
    taken = np.zeros(count, bool)
    for number, cost in enumerate([-np.ones(count, np.int64), *costs]):
        scale = float(np.abs(cost).max(initial=1))
        solver.changeColsCost(count, columns, cost / scale)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise NoFlow
        solution = np.asarray(solver.getSolution().col_value)
        if not len(solution):
            raise NoFlow
        taken = solution > 0.5
        left_gap = max(left_gap, float(solver.getInfo().mip_gap))
        if number < len(costs):
            # Whole numbers: nothing lies between this value and the next.
            value = int(cost[taken].sum())
            used = np.flatnonzero(cost).astype(np.int32)
            solver.addRow(-highspy.kHighsInf, (value + 0.5) / scale, len(used), used, cost[used] / scale)
    return Grouped(taken, left_gap)


def _limits(solver: highspy.Highs, problem: Compiled) -> None:
    net = problem.net
    for places, keys, least, most in (
        (net.tail, net.left, net.least_left, net.most_left),
        (net.head, net.right, net.least_right, net.most_right),
    ):
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(places[order], np.arange(len(keys) + 1))
        for at in range(len(keys)):
            own = order[bounds[at] : bounds[at + 1]].astype(np.int32)
            solver.addRow(float(least[at]), float(most[at]), len(own), own, np.ones(len(own)))
    for group in problem.problem.groups:
        members = set(group.members)
        there = [at for at, one in enumerate(problem.edges) if one.left in members or one.right in members]
        weights = np.array([problem.edges[at].cost for at in there], float)
        solver.addRow(float(group.least), float(group.most), len(there), np.array(there, np.int32), weights)
