"""Minimum-cost flow with lower bounds, several costs one after the other, and the prices that prove it.

The flow itself is found by OR-tools (cost scaling, integers throughout). It does not tell prices; they come from
shortest paths in what is left over (Bellman–Ford over whole arrays). With them every further cost is minimised on the
face of all flows that are best so far: an arc whose reduced cost is not zero keeps its flow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python import min_cost_flow

from tsunagu.engines.matching.net import Flags, Ints

LARGEST = 2**62


class NoFlow(ValueError):
    """No flow keeps all the bounds."""


@dataclass(frozen=True)
class Arcs:
    """A network whose flow is conserved at every node but for `supply`; each arc carries between `low` and `cap`."""

    nodes: int
    tail: Ints
    head: Ints
    low: Ints
    cap: Ints
    supply: Ints


@dataclass(frozen=True)
class Flow:
    """The flow on each arc; `prices` of the nodes for each cost in turn, and the arcs that were still free before it."""

    flow: Ints
    values: tuple[int, ...]
    prices: tuple[Ints, ...] = ()
    free: tuple[Flags, ...] = field(default=(), repr=False)


def cheapest(arcs: Arcs, costs: Sequence[Ints], *, price_last: bool = True) -> Flow:
    """The flow that is cheapest by the first cost, among those by the second, and so on. Raises `NoFlow`."""
    low, cap = arcs.low.copy(), arcs.cap.copy()
    flow = np.zeros(len(low), np.int64)
    prices, frees = [], []
    for number, cost in enumerate(costs):
        free = low < cap
        frees.append(free)
        flow = _solved(arcs, low, cap, free, cost)
        if number + 1 < len(costs) or price_last:
            price = _prices(arcs, low, cap, free, cost, flow)
            prices.append(price)
            reduced = cost + price[arcs.tail] - price[arcs.head]
            low = np.where(reduced < 0, flow, low)
            cap = np.where(reduced > 0, flow, cap)
    values = tuple(int((flow * cost).sum()) for cost in costs)
    return Flow(flow, values, tuple(prices), tuple(frees))


def _solved(arcs: Arcs, low: Ints, cap: Ints, free: Flags, cost: Ints) -> Ints:
    """One cost on the arcs that are free; the others carry what they must."""
    supply = arcs.supply.copy()
    np.subtract.at(supply, arcs.tail, low)
    np.add.at(supply, arcs.head, low)
    flow = low.copy()
    if not free.any():
        if supply.any():
            raise NoFlow
        return flow
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        arcs.tail[free].astype(np.int32), arcs.head[free].astype(np.int32), (cap - low)[free], cost[free]
    )
    solver.set_nodes_supplies(np.arange(arcs.nodes, dtype=np.int32), supply)
    if solver.solve() != solver.OPTIMAL:
        raise NoFlow
    flow[free] += solver.flows(np.arange(int(free.sum()), dtype=np.int32))
    return flow


def _residual(
    arcs: Arcs, low: Ints, cap: Ints, free: Flags, cost: Ints, flow: Ints
) -> tuple[Ints, Ints, Ints]:
    """Where the flow could still be changed: (from, to, cost), sorted by `to`."""
    more, less = np.flatnonzero(free & (flow < cap)), np.flatnonzero(free & (flow > low))
    tail = np.concatenate([arcs.tail[more], arcs.head[less]])
    head = np.concatenate([arcs.head[more], arcs.tail[less]])
    price = np.concatenate([cost[more], -cost[less]])
    order = np.argsort(head, kind="stable")
    return tail[order], head[order], price[order]


def _relaxed(nodes: int, tail: Ints, head: Ints, cost: Ints, distance: Ints) -> Ints:
    """Shortest distances, beginning with those given (unreached: LARGEST). Raises `ArithmeticError` for a cycle below zero."""
    if not len(tail):
        return distance
    starts = np.flatnonzero(np.r_[True, head[1:] != head[:-1]])
    ends = head[starts]
    for _round in range(nodes + 1):
        reached = distance[tail]
        through = np.where(reached >= LARGEST, LARGEST, reached + cost)
        best = np.minimum.reduceat(through, starts)
        better = best < distance[ends]
        if not better.any():
            return distance
        distance[ends[better]] = best[better]
    raise ArithmeticError("a cycle of negative cost: the flow is not the cheapest")


def _prices(arcs: Arcs, low: Ints, cap: Ints, free: Flags, cost: Ints, flow: Ints) -> Ints:
    tail, head, price = _residual(arcs, low, cap, free, cost, flow)
    return _relaxed(arcs.nodes, tail, head, price, np.zeros(arcs.nodes, np.int64))


def distance_from(arcs: Arcs, answer: Flow, cost: Ints, node: int) -> Ints:
    """How cheaply one unit could be sent from a node to each other one by changing the flow, by the first cost; LARGEST: not at all."""
    free = arcs.low < arcs.cap
    tail, head, price = _residual(arcs, arcs.low, arcs.cap, free, cost, answer.flow)
    distance = np.full(arcs.nodes, LARGEST, np.int64)
    distance[node] = 0
    return _relaxed(arcs.nodes, tail, head, price, distance)
