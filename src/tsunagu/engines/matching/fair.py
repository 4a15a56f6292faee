"""Fair to the worst off: the greatest least sum of scores any left node gets, then the best total.

The least sum is bounded from above by a linear programme over all edges (columns priced in), then reached in whole
numbers: the total is maximised while only those left nodes that fall below are held up, a few rows at a time. Asking a
solver to maximise the least sum directly does not come to an end (measured in the design).
"""

import time
from dataclasses import dataclass

import highspy
import numpy as np

from tsunagu.engines.matching.circulation import NoFlow
from tsunagu.engines.matching.flow import promising, solve_flow
from tsunagu.engines.matching.net import Flags, Ints, Net
from tsunagu.engines.matching.problem import OutOfTime

SCALE = 1_000_000
SMALL = 1e-6


@dataclass(frozen=True)
class Fair:
    """Which edges are taken; the least sum, the bound no assignment can pass, and how far the total may be from the best."""

    net: Net
    taken: Flags
    least: int
    bound: int
    total: int
    gap: float

    @property
    def is_proven(self) -> bool:
        """Whether no assignment gives the worst off more."""
        return self.least >= self.bound


def _quiet() -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    return solver


def _rows(net: Net, edges: Ints) -> tuple[list[Ints], list[Ints]]:
    """For each left and right node, the places in `edges` that are its own."""

    def grouped(places: Ints, count: int) -> list[Ints]:
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(places[order], np.arange(count + 1))
        return [order[bounds[at] : bounds[at + 1]] for at in range(count)]

    return grouped(net.tail[edges], len(net.left)), grouped(net.head[edges], len(net.right))


def _begin(net: Net, keep: int) -> Ints:
    """The most promising edges, and those of the assignment with the best total."""
    flow = solve_flow(net, ties=False, prices=False)
    if (flow.missing > 0).any():
        raise NoFlow
    return np.union1d(promising(net, keep), np.flatnonzero(flow.taken))


def _loads(solver: highspy.Highs, net: Net, lefts: list[Ints], rights: list[Ints]) -> None:
    """What each node may have."""
    for places, least, most in (
        *zip(lefts, net.most_left, net.most_left, strict=True),
        *zip(rights, net.least_right, net.most_right, strict=True),
    ):
        solver.addRow(float(least), float(most), len(places), places.astype(np.int32), np.ones(len(places)))


def _bound(net: Net, edges: Ints) -> tuple[float, Ints]:
    """The greatest least sum in fractions, over all edges: (bound, edges it took to prove it)."""
    while True:
        solver, scores = _quiet(), net.score[edges] / SCALE
        fixed = net.fixed[edges].astype(float)
        solver.addVars(len(edges), fixed, np.ones(len(edges)))
        solver.addVar(0.0, highspy.kHighsInf)
        solver.changeColCost(len(edges), 1.0)
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        lefts, rights = _rows(net, edges)
        _loads(solver, net, lefts, rights)
        # Who wants nothing is not badly off.
        wanting = np.flatnonzero(net.most_left > 0)
        for places in (lefts[one] for one in wanting):
            columns = np.append(places, len(edges)).astype(np.int32)
            solver.addRow(0.0, highspy.kHighsInf, len(columns), columns, np.append(scores[places], -1.0))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NoFlow
        duals = np.asarray(solver.getSolution().row_dual)
        count, many = len(net.left), len(net.right)
        load_left, load_right, fair = duals[:count], duals[count : count + many], np.zeros(count)
        fair[wanting] = duals[count + many :]
        worth = -fair[net.tail] * net.score / SCALE - load_left[net.tail] - load_right[net.head]
        missing = np.setdiff1d(np.flatnonzero(worth > SMALL), edges)
        if not len(missing):
            return float(solver.getInfo().objective_function_value), edges
        edges = np.union1d(edges, missing[np.argsort(-worth[missing])[:20_000]])


def solve_fair(net: Net, *, keep: int = 30, seconds: float = 60.0, gap: float = 1e-6) -> Fair:
    """Every left node gets as many as it wants. Raises `NoFlow` where that cannot be, `OutOfTime`.

    `gap`: how far from the best total it may stop, as a share; `seconds`: when it stops anyway, saying so.
    """
    bound, edges = _bound(net, _begin(net, keep))
    # No sum of whole scores lies between.
    most = int(np.floor(bound * SCALE + 0.5))
    level, ends = most, time.monotonic() + seconds
    while True:
        found = _held_up(net, edges, level, ends=ends, gap=gap)
        if found is not None:
            taken, left_gap = found
            sums = np.bincount(net.tail[taken], net.score[taken], minlength=len(net.left))
            least = int(sums[net.most_left > 0].min(initial=most))
            return Fair(net, taken, least, most, int(net.score[taken].sum()), left_gap)
        level = _next_lower(net, level)


def _next_lower(net: Net, level: int) -> int:
    """The next level to try when one cannot be reached in whole numbers: a small step down."""
    step = max(1, int(np.gcd.reduce(net.score)) if net.edges else 1, level // 1000)
    return level - step


def _held_up(net: Net, edges: Ints, level: int, *, ends: float, gap: float) -> tuple[Flags, float] | None:
    """The best total in which nobody falls below the level; None where that cannot be in whole numbers."""
    solver, scores = _quiet(), net.score[edges] / SCALE
    solver.setOptionValue("mip_rel_gap", gap)
    solver.addVars(len(edges), net.fixed[edges].astype(float), np.ones(len(edges)))
    columns = np.arange(len(edges), dtype=np.int32)
    solver.changeColsCost(len(edges), columns, scores)
    solver.changeColsIntegrality(len(edges), columns, np.full(len(edges), highspy.HighsVarType.kInteger))
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    lefts, rights = _rows(net, edges)
    _loads(solver, net, lefts, rights)
    flow = solve_flow(net, ties=False, prices=False)
    low = _below(net, flow.taken, level)
    held: set[int] = set()
    while True:
        for place in low:
            places = lefts[place].astype(np.int32)
            solver.addRow(level / SCALE - SMALL, highspy.kHighsInf, len(places), places, scores[places])
        held |= set(low)
        solver.setOptionValue("time_limit", max(1.0, ends - time.monotonic()))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = np.asarray(solver.getSolution().col_value)
        if not len(solution) or solver.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            raise OutOfTime
        taken = np.zeros(net.edges, bool)
        taken[edges[solution > 0.5]] = True
        low = [place for place in _below(net, taken, level) if place not in held]
        if not low:
            return taken, float(solver.getInfo().mip_gap)


def _below(net: Net, taken: Flags, level: int) -> list[int]:
    sums = np.bincount(net.tail[taken], net.score[taken], minlength=len(net.left))
    return [int(place) for place in np.flatnonzero((sums < level) & (net.most_left > 0))]
