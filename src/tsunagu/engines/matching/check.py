"""Checks a result without any solver: that it keeps the rules, and that its prices prove it the best.

Numpy only. A result that fails here is never shown; the checks are written apart from what they check.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tsunagu.engines.matching.net import Flags, Ints, Net

if TYPE_CHECKING:
    # For its name alone: what is checked here is checked without any solver.
    from tsunagu.engines.matching.circulation import Arcs


def broken_rules(net: Net, taken: Flags) -> list[str]:
    """Loads outside their bounds, and pinned edges that are missing."""
    faults = []
    for side, places, keys, least, most in (
        ("left", net.tail, net.left, net.least_left, net.most_left),
        ("right", net.head, net.right, net.least_right, net.most_right),
    ):
        loads = np.bincount(places[taken], minlength=len(keys))
        for place in np.flatnonzero((loads < least) | (loads > most)).tolist():
            faults.append(f"{side} {keys[place]}: {loads[place]}")
    for edge in np.flatnonzero(net.fixed & ~taken):
        faults.append(f"pin {net.left[net.tail[edge]]} {net.right[net.head[edge]]}")
    return faults


def unproven(net: Net, taken: Flags, price: Ints, unserved: int) -> int:
    """How many arcs contradict the prices; with 0 no assignment serves more, or as many with a better total.

    `price`: of the source, the left nodes, the right nodes and the sink; `unserved`: what an unserved want costs.
    """
    left = len(net.left)
    lefts, rights, source, sink = price[1 : 1 + left], price[1 + left : -1], price[0], price[-1]
    reduced = -net.score + lefts[net.tail] - rights[net.head]
    wrong = (~taken & (reduced < 0)) | (taken & ~net.fixed & (reduced > 0))
    count = int(wrong.sum())
    for load, least, most, cost in (
        (np.bincount(net.tail[taken], minlength=left), net.least_left, net.most_left, source - lefts),
        (
            np.bincount(net.head[taken], minlength=len(net.right)),
            net.least_right,
            net.most_right,
            rights - sink,
        ),
    ):
        count += int(((load < most) & (cost < 0)).sum() + ((load > least) & (cost > 0)).sum())
    missing = int(net.most_left.sum()) - int(taken.sum())
    cost = unserved + int(source) - int(sink)
    return count + int((missing > 0 and cost > 0) or (missing < int(net.most_left.sum()) and cost < 0))


def blocking_pairs(
    wishes_left: Sequence[Sequence[int]],
    wishes_right: Sequence[Sequence[int]],
    places: Sequence[int],
    given: Sequence[int],
) -> list[tuple[int, int]]:
    """Pairs that would both rather have each other than what they have: none in a stable matching.

    `wishes_left[one]`: right nodes, the dearest first; `given[one]`: the right node it has, -1 for none.
    """
    held: list[list[int]] = [[] for _one in places]
    for one, other in enumerate(given):
        if other >= 0:
            held[other].append(one)
    found = []
    ranks: list[dict[int, int]] = [{one: rank for rank, one in enumerate(wishes)} for wishes in wishes_right]
    worst = [
        max((ranks[other].get(one, len(ranks[other])) for one in held[other]), default=-1)
        for other in range(len(places))
    ]
    for one, wishes in enumerate(wishes_left):
        for other in wishes:
            if other == given[one]:
                break
            rank = ranks[other].get(one)
            if rank is not None and (len(held[other]) < places[other] or rank < worst[other]):
                found.append((one, other))
    return found


def weakly_blocking(
    left: Sequence[Sequence[Sequence[int]]], right: Sequence[Sequence[Sequence[int]]], places: Sequence[int], given: Sequence[int]
) -> list[tuple[int, int]]:  # fmt: skip
    """The same where some are equally dear: a pair blocks when both would gain. Wishes are tiers, the dearest first."""
    ranks_left, ranks_right = (
        [{one: rank for rank, tier in enumerate(tiers) for one in tier} for tiers in side]
        for side in (left, right)
    )
    held: list[list[int]] = [[] for _one in places]
    for one, other in enumerate(given):
        if other >= 0:
            held[other].append(one)
    found = []
    for one, ranks in enumerate(ranks_left):
        has = ranks[given[one]] if given[one] >= 0 else len(left[one])
        for other, rank in ranks.items():
            mine = ranks_right[other].get(one)
            if rank >= has or mine is None:
                continue
            if len(held[other]) < places[other] or mine < max(
                (ranks_right[other][each] for each in held[other]), default=-1
            ):
                found.append((one, other))
    return found


def unproven_in_turn(arcs: "Arcs", costs: Sequence[Ints], flow: Ints, prices: Sequence[Ints]) -> int:
    """How many arcs contradict the prices of any objective in turn; with 0 nothing is better by them, in that order.

    What an objective's prices forbid to change stays as it is for those after it.
    """
    low, cap = arcs.low.copy(), arcs.cap.copy()
    balance = np.bincount(arcs.tail, flow, minlength=arcs.nodes) - np.bincount(
        arcs.head, flow, minlength=arcs.nodes
    )
    wrong = int(((flow < low) | (flow > cap)).sum() + (balance != arcs.supply).sum())
    for cost, price in zip(costs, prices, strict=True):
        reduced = cost + price[arcs.tail] - price[arcs.head]
        free = low < cap
        wrong += int((free & (((reduced < 0) & (flow < cap)) | ((reduced > 0) & (flow > low)))).sum())
        low, cap = np.where(reduced < 0, flow, low), np.where(reduced > 0, flow, cap)
    return wrong


def fewest_below(net: Net, taken: Flags, levels: Sequence[int]) -> list[int]:
    """How many taken edges score below each level: what leximin makes small, from the lowest level on."""
    scores = net.score[taken]
    return [int((scores < level).sum()) for level in levels]
