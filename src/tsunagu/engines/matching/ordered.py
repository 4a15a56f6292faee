"""Limits that cross each other, resources, and objectives a flow cannot carry: whole numbers by branch and bound, in turn.

Each objective is brought to its best and kept there by a row of its own while the next is looked at. How far the worst of
them may be from its best is told; when time is up what there is so far is the answer, and said to be unproven.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from tsunagu.engines.matching.circulation import NoFlow
from tsunagu.engines.matching.compiling import Compiled, kept
from tsunagu.engines.matching.net import Flags, Ints
from tsunagu.engines.matching.problem import CHANGES, LEVEL, LEXIMIN, MAXMIN, TOTAL, OutOfTime

# Numbers are made smaller by this much at most: what lies between two whole ones stays well above the solver's tolerance.
SCALE = 10_000
HALF = 0.5


@dataclass(frozen=True)
class Ordered:
    """Which edges are taken, how far an objective may be from its best, as a share, and whether time was up before the last.

    `bound`: the least sum that no assignment passes which is as good by the objectives before it; None where not asked or
    not proven.
    """

    taken: Flags
    gap: float
    is_late: bool = False
    bound: int | None = None


def solve_ordered(problem: Compiled, *, gap: float = 1e-6) -> Ordered:
    """As many matches as can be, then every objective in turn, ties last. Raises `NoFlow`, `OutOfTime`."""
    if not problem.net.edges:
        if _wants_something(problem):
            raise NoFlow
        return Ordered(np.zeros(0, bool), 0.0)
    program = _Program(problem, gap)
    net = problem.net
    program.bring_down(-np.ones(net.edges, np.int64))
    for objective in problem.problem.objectives:
        if objective == LEVEL:
            program.level_loads()
        elif objective == MAXMIN:
            program.lift_the_least()
        elif objective == LEXIMIN:
            for level in problem.problem.levels:
                program.bring_down((net.score < level).astype(np.int64))
        elif objective == TOTAL:
            program.bring_down(-net.score)
        elif objective == CHANGES:
            program.bring_down(kept(problem))
    if list(problem.problem.objectives) == [MAXMIN]:
        # Alone it means what it means for many edges (`fair.py`): the best total among the fairest.
        program.bring_down(-net.score)
    program.bring_down(net.ties(problem.problem.seed), is_last=True)
    return Ordered(program.taken, program.gap, program.is_late, program.bound)


def _wants_something(problem: Compiled) -> bool:
    net = problem.net
    leasts = [one.least for one in problem.problem.groups] + [one.least for one in problem.problem.resources]
    return bool(net.least_left.any() or net.least_right.any() or any(leasts))


class _Program:
    """The problem as a whole-number program that grows by a row for every objective that has been settled."""

    def __init__(self, problem: Compiled, gap: float) -> None:
        self.problem, self.net, self.gap = problem, problem.net, 0.0
        self.ends = time.monotonic() + problem.problem.seconds
        self.taken: Flags = np.zeros(self.net.edges, bool)
        self.has_answer = self.is_late = False
        self.bound: int | None = None
        self.columns = self.net.edges
        self.solver = solver = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", gap),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        count = self.net.edges
        solver.addVars(count, self.net.fixed.astype(float), np.ones(count))
        places = np.arange(count, dtype=np.int32)
        solver.changeColsIntegrality(count, places, np.full(count, highspy.HighsVarType.kInteger))
        self._limits()

    def _row(
        self,
        low: float,
        high: float,
        places: Sequence[int] | Ints,
        weights: Sequence[float] | Ints | NDArray[np.float64],
    ) -> None:
        columns = np.asarray(places, np.int32)
        self.solver.addRow(float(low), float(high), len(columns), columns, np.asarray(weights, float))

    def _limits(self) -> None:
        net = self.net
        for places, keys, least, most in (
            (net.tail, net.left, net.least_left, net.most_left),
            (net.head, net.right, net.least_right, net.most_right),
        ):
            for at, own in enumerate(_own(places, len(keys))):
                self._row(least[at], most[at], own, np.ones(len(own)))
        edges = self.problem.edges
        for group in self.problem.problem.groups:
            members = set(group.members)
            there = [at for at, one in enumerate(edges) if one.left in members or one.right in members]
            self._row(group.least, group.most, there, [edges[at].cost for at in there])
        for resource in self.problem.problem.resources:
            there = [at for at, one in enumerate(edges) if one.uses.get(resource.key)]
            self._row(resource.least, resource.most, there, [edges[at].uses[resource.key] for at in there])

    def _run(self) -> None:
        left = self.ends - time.monotonic()
        if self.has_answer and left <= 0:
            self.is_late = True
            return
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(0.1, left))
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise NoFlow
        solution = np.asarray(self.solver.getSolution().col_value)
        found = self.solver.getInfo()
        if not len(solution) or found.primal_solution_status != highspy.kSolutionStatusFeasible:
            # What keeps all the rules and the objectives before this one is an answer still.
            self.is_late = self.has_answer
            if self.has_answer:
                return
            raise OutOfTime if status == highspy.HighsModelStatus.kTimeLimit else NoFlow
        self.taken, self.has_answer = solution[: self.net.edges] > HALF, True
        self.is_late = self.is_late or status == highspy.HighsModelStatus.kTimeLimit
        self.gap = max(self.gap, float(found.mip_gap))

    def _aim(self, weights: dict[int, float] | None = None, edges: Ints | None = None) -> None:
        """What is to be made small now."""
        costs = np.zeros(self.columns)
        if edges is not None:
            costs[: self.net.edges] = edges / _scale(edges)
        for column, weight in (weights or {}).items():
            costs[column] = weight
        self.solver.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), costs)

    def bring_down(self, cost: Ints, *, is_last: bool = False) -> None:
        """The least sum of a cost on edges, kept from then on."""
        self._aim(edges=cost)
        self._run()
        if is_last:
            return
        used = np.flatnonzero(cost)
        # Whole numbers: nothing lies between this value and the next.
        value = int(cost[self.taken].sum())
        self._row(-highspy.kHighsInf, (value + HALF) / _scale(cost), used, cost[used] / _scale(cost))

    def level_loads(self) -> None:
        """Loads as level as can be: the second match of a node costs more than the first, the third more still."""
        units: dict[int, float] = {}
        for at, own in enumerate(_own(self.net.head, len(self.net.right))):
            most = min(int(self.net.most_right[at]), len(own))
            first = self.columns
            self.solver.addVars(most, np.zeros(most), np.ones(most))
            self.columns += most
            units |= {first + unit: float(unit) for unit in range(most)}
            places = [*own.tolist(), *range(first, first + most)]
            self._row(0.0, 0.0, places, [*[1.0] * len(own), *[-1.0] * most])
        self._aim(units)
        self._run()
        loads = np.bincount(self.net.head[self.taken], minlength=len(self.net.right))
        value = int((loads * (loads - 1) // 2).sum())
        self._row(-highspy.kHighsInf, value + HALF, list(units), list(units.values()))

    def lift_the_least(self) -> None:
        """The greatest least sum of scores of any left node that wants something."""
        net, scale = self.net, _scale(self.net.score)
        least = self.columns
        self.solver.addVars(1, np.array([-highspy.kHighsInf]), np.array([highspy.kHighsInf]))
        self.columns += 1
        wanting = np.flatnonzero(net.most_left > 0)
        if not len(wanting):
            return
        own = _own(net.tail, len(net.left))
        for at in wanting.tolist():
            self._row(
                0.0, highspy.kHighsInf, [*own[at].tolist(), least], [*(net.score[own[at]] / scale), -1.0]
            )
        self._aim({least: -1.0})
        self._run()
        sums = np.bincount(net.tail[self.taken], net.score[self.taken], minlength=len(net.left))
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal and not self.is_late:
            self.bound = int(sums[wanting].min())
        self.solver.changeColBounds(least, (float(sums[wanting].min()) - HALF) / scale, highspy.kHighsInf)


def _scale(cost: Ints) -> float:
    return float(min(SCALE, max(1, int(np.abs(cost).max(initial=1)))))


def _own(places: Ints, count: int) -> list[Ints]:
    """For each node the edges that are its own."""
    order = np.argsort(places, kind="stable")
    bounds = np.searchsorted(places[order], np.arange(count + 1))
    return [order[bounds[at] : bounds[at + 1]] for at in range(count)]
