"""Assignment as one minimum-cost flow, exact whatever the order of the objectives.

The least loads are lower bounds of the same flow: asking for them first and for the scores afterwards loses score. A
further objective is minimised on the face of all flows that are best so far. Prices prove the result (`check.py` needs no
solver) and say what one more place is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tsunagu.engines.matching.circulation import LARGEST, Arcs, Flow, cheapest, distance_from
from tsunagu.engines.matching.net import Flags, Ints, Net

# Beyond so many edges the most promising are solved first and the others priced.
MANY_EDGES = 150_000
PROMISING = 30


@dataclass(frozen=True)
class Chosen:
    """Which edges are taken; what each left node lacks; the flow behind it, for prices and what-if."""

    net: Net
    taken: Flags
    missing: Ints
    arcs: Arcs
    flow: Flow
    cost: Ints
    costs: tuple[Ints, ...] = ()

    @property
    def total(self) -> int:
        """The sum of the scores taken, in millionths."""
        return int(self.net.score[self.taken].sum())

    @property
    def price(self) -> Ints:
        """The price of every node by the first cost: source, left nodes, right nodes, sink."""
        return self.flow.prices[0]


def arcs_of(net: Net, *, by_unit: bool = False) -> Arcs:
    """Source 0, left nodes, right nodes, sink. Arcs: edges, loads of the left, what is not served, loads of the right.

    `by_unit`: each place of a right node is an arc of its own, so that the first can be cheaper than the second.
    """
    left, right = len(net.left), len(net.right)
    sink = 1 + left + right
    wanted = int(net.most_left.sum())
    supply = np.zeros(sink + 1, np.int64)
    supply[0], supply[sink] = wanted, -wanted
    nodes, low, cap = 1 + left + np.arange(right), net.least_right, net.most_right
    if by_unit:
        unit = units_of(net)
        nodes, cap = np.repeat(nodes, net.most_right), np.ones(len(unit), np.int64)
        low = (unit < np.repeat(net.least_right, net.most_right)).astype(np.int64)
    joined = np.concatenate
    return Arcs(
        nodes=sink + 1,
        tail=joined([1 + net.tail, np.zeros(left, np.int64), [0], nodes]).astype(np.int64),
        head=joined([1 + left + net.head, 1 + np.arange(left), [sink], np.full(len(nodes), sink)]).astype(
            np.int64
        ),
        low=joined([net.fixed, net.least_left, [0], low]).astype(np.int64),
        cap=joined([np.ones(net.edges), net.most_left, [wanted], cap]).astype(np.int64),
        supply=supply,
    )


def units_of(net: Net) -> Ints:
    """For each place of the right nodes in turn, which of its node's places it is, from 0."""
    ends = np.cumsum(net.most_right)
    return np.arange(int(net.most_right.sum())) - np.repeat(ends - net.most_right, net.most_right)


def cost_on_edges(net: Net, values: Ints, arcs: Arcs) -> Ints:
    """A cost on edges alone."""
    return np.concatenate([values, np.zeros(len(arcs.tail) - net.edges, np.int64)]).astype(np.int64)


def not_served(net: Net, arcs: Arcs) -> Ints:
    """A cost of 1 for every match that is wanted and not made."""
    cost = np.zeros(len(arcs.tail), np.int64)
    cost[net.edges + len(net.left)] = 1
    return cost


def uneven_loads(net: Net, arcs: Arcs) -> Ints:
    """A place costs the more the more its node has: least when loads are as level as can be (arcs `by_unit`)."""
    cost = np.zeros(len(arcs.tail), np.int64)
    cost[net.edges + len(net.left) + 1 :] = units_of(net)
    return cost


def served_then_total(net: Net, arcs: Arcs) -> Ints:
    """One cost for both: first as many matches as possible, then the best total.

    A match more is worth more than any rearrangement can cost: a path of changes passes each node once.
    """
    cost = cost_on_edges(net, -net.score, arcs)
    spread = int(net.score.max(initial=0)) - min(0, int(net.score.min(initial=0)))
    # Twice as much as that, so that a way over it can be told from every other.
    most = 2 * (2 * min(len(net.left), len(net.right)) + 3) * (spread + 1)
    if most * arcs.nodes >= LARGEST:
        raise OverflowError("scores are too large for exact arithmetic")
    cost[net.edges + len(net.left)] = most
    return cost


def solve_flow(
    net: Net, *, seed: str = "", further: Sequence[Ints] = (), ties: bool = True, prices: bool = True
) -> Chosen:
    """As many matches as can be, then the best total, then `further` costs on edges, ties by hash last. Raises `NoFlow`."""
    if net.edges > MANY_EDGES:
        return _priced(net, seed=seed, further=further, ties=ties)
    arcs = arcs_of(net)
    return solve_costs(
        net, arcs, [served_then_total(net, arcs)], seed=seed, further=further, ties=ties, prices=prices
    )


def solve_costs(
    net: Net, arcs: Arcs, costs: Sequence[Ints], *, seed: str, further: Sequence[Ints] = (), ties: bool = True, prices: bool = True,
    every_price: bool = False,
) -> Chosen:  # fmt: skip
    """The assignment that is best by these costs of arcs in turn. Raises `NoFlow`.

    `every_price`: the last cost gets its prices too, so that all of them can be checked in turn (`Chosen.costs`).
    """
    every = [*costs, *(cost_on_edges(net, one, arcs) for one in further)]
    if ties:
        every.append(cost_on_edges(net, net.ties(seed), arcs))
    flow = cheapest(arcs, every, price_last=every_price or (prices and len(every) == 1))
    return replace(_chosen(net, arcs, flow, every[0]), costs=tuple(every))


def _chosen(net: Net, arcs: Arcs, flow: Flow, cost: Ints) -> Chosen:
    taken = flow.flow[: net.edges] > 0
    missing = net.most_left - np.bincount(net.tail[taken], minlength=len(net.left))
    return Chosen(net, taken, missing, arcs, flow, cost)


def promising(net: Net, keep: int = PROMISING) -> Ints:
    """The best edges of every left node, a few of every right node, and all that are pinned."""
    picked = [np.flatnonzero(net.fixed)]
    for places, count, most in ((net.tail, len(net.left), keep), (net.head, len(net.right), keep // 3)):
        order = np.lexsort((-net.score, places))
        first = np.searchsorted(places[order], np.arange(count))
        rank = np.arange(net.edges) - first[places[order]]
        picked.append(order[rank < most])
    return np.unique(np.concatenate(picked))


def _part(net: Net, edges: Ints) -> Net:
    return Net(
        net.left, net.right, net.tail[edges], net.head[edges], net.score[edges], net.least_left, net.most_left,
        net.least_right, net.most_right, net.fixed[edges],
    )  # fmt: skip


def reduced_costs(net: Net, price: Ints) -> Ints:
    """What each edge would cost at these prices: below zero it would enter."""
    left = len(net.left)
    return -net.score + price[1 : 1 + left][net.tail] - price[1 + left : -1][net.head]


def _priced(net: Net, *, seed: str, further: Sequence[Ints], ties: bool) -> Chosen:
    """The same answer as over all edges: nothing left out would enter at the prices found."""
    edges = promising(net)
    whole = arcs_of(net)
    while True:
        part = _part(net, edges)
        arcs = arcs_of(part)
        cost = served_then_total(net, whole)[np.r_[edges, net.edges : len(whole.tail)]]
        first = cheapest(arcs, [cost])
        reduced = reduced_costs(net, first.prices[0])
        enters = np.setdiff1d(np.flatnonzero(reduced < 0), edges)
        if not len(enters):
            break
        edges = np.union1d(edges, enters)
    if ties or further:
        # Every edge that could be part of another best assignment.
        edges = np.union1d(edges[first.flow[: part.edges] > 0], np.flatnonzero((reduced <= 0) | net.fixed))
        part = _part(net, edges)
        arcs = arcs_of(part)
        cost = served_then_total(net, whole)[np.r_[edges, net.edges : len(whole.tail)]]
        costs = [cost, *(cost_on_edges(part, one[edges], arcs) for one in further)]
        if ties:
            costs.append(cost_on_edges(part, net.ties(seed)[edges], arcs))
        answer = cheapest(arcs, costs, price_last=False)
    else:
        answer = first
    flow = np.zeros(len(whole.tail), np.int64)
    flow[edges] = answer.flow[: len(edges)]
    flow[net.edges :] = answer.flow[len(edges) :]
    widened = Flow(flow, answer.values, first.prices, ())
    return _chosen(net, whole, widened, served_then_total(net, whole))


def flip_scores(chosen: Chosen, edges: Sequence[int]) -> list[int | None]:
    """By how much each of these edges' scores must change for it to change sides; None where no score would do.

    For one not taken: how much more it needs until a best assignment has it. For one taken: how much it can lose while
    a best assignment still has it. Both are exact: the edge closes a cycle with the cheapest way back.
    """
    found: list[int | None] = []
    # To serve one less is no question of scores.
    beyond = int(chosen.cost[chosen.net.edges + len(chosen.net.left)]) // 2
    for edge in edges:
        tail, head = int(chosen.arcs.tail[edge]), int(chosen.arcs.head[edge])
        cost = int(chosen.cost[edge])
        start, end = (tail, head) if chosen.taken[edge] else (head, tail)
        way = None if chosen.net.fixed[edge] else _way_without(chosen, edge, start, end)
        by = None if way is None else way - cost if chosen.taken[edge] else way + cost
        found.append(None if by is None or by >= beyond else by)
    return found


def _way_without(chosen: Chosen, edge: int, start: int, end: int) -> int | None:
    """The cheapest way to send one unit from `start` to `end` by changing the flow, not over the edge itself."""
    arcs = chosen.arcs
    low, cap = arcs.low.copy(), arcs.cap.copy()
    low[edge] = cap[edge] = chosen.flow.flow[edge]
    without = Arcs(arcs.nodes, arcs.tail, arcs.head, low, cap, arcs.supply)
    distance = int(distance_from(without, chosen.flow, chosen.cost, start)[end])
    return None if distance >= LARGEST else distance


def deficient(chosen: Chosen, only: int | None = None) -> tuple[list[int], list[int]]:
    """Left nodes that together share too few: (those left nodes, the right nodes they share); empty when all are served.

    Whatever the unserved can reach by changes: nobody there has a place left, which is why no more can be served.
    `only`: what one of them can reach, the fewest that show why it lacks something.
    """
    net = chosen.net
    in_left, in_right = chosen.missing > 0, np.zeros(len(net.right), bool)
    if only is not None:
        in_left = in_left & (np.arange(len(net.left)) == only)
    held = chosen.taken & ~net.fixed
    while True:
        more = np.zeros(len(net.right), bool)
        more[net.head[in_left[net.tail] & ~chosen.taken]] = True
        others = np.zeros(len(net.left), bool)
        others[net.tail[(more | in_right)[net.head] & held]] = True
        if not (more & ~in_right).any() and not (others & ~in_left).any():
            return np.flatnonzero(in_left).tolist(), np.flatnonzero(in_right).tolist()
        in_right |= more
        in_left |= others
