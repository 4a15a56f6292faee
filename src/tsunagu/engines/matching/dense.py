"""A complete table of scores, too large to be a graph: solved on its promising edges, every other edge is priced.

The best of the whole table is certified without building it: prices of the small problem are held against each score in
blocks, and what would enter is added until nothing would.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tsunagu.engines.matching.flow import Chosen, arcs_of, served_then_total, solve_costs
from tsunagu.engines.matching.net import Ints, Net

BLOCK = 500


@dataclass(frozen=True)
class Certified:
    """The assignment over the edges that mattered, and how many of them pricing added."""

    chosen: Chosen
    added: int


def solve_dense(scores: NDArray[np.int32], *, most_left: Ints, most_right: Ints, keep: int = 30) -> Certified:
    """`scores[left, right]` in millionths; nodes are named by their places. Raises `NoFlow`."""
    left, right = scores.shape
    pairs, added = _promising(scores, min(keep, right)), 0
    while True:
        tail, head = pairs // right, pairs % right
        net = Net(
            [str(one) for one in range(left)], [str(one) for one in range(right)], tail, head,
            scores[tail, head].astype(np.int64), np.zeros(left, np.int64), np.asarray(most_left, np.int64),
            np.zeros(right, np.int64), np.asarray(most_right, np.int64), np.zeros(len(pairs), bool),
        )  # fmt: skip
        arcs = arcs_of(net)
        chosen = solve_costs(net, arcs, [served_then_total(net, arcs)], seed="", ties=False)
        entering = np.setdiff1d(_entering(scores, chosen), pairs)
        if not len(entering):
            return Certified(chosen, added)
        added += len(entering)
        pairs = np.union1d(pairs, entering)


def _promising(scores: NDArray[np.int32], keep: int) -> Ints:
    """The best edges of every left node, as places in the table."""
    left, right = scores.shape
    found = []
    for start in range(0, left, BLOCK):
        block = scores[start : start + BLOCK]
        best = np.argpartition(block, right - keep, axis=1)[:, right - keep :]
        found.append((np.arange(start, start + len(block))[:, None] * right + best).ravel())
    return np.unique(np.concatenate(found)).astype(np.int64)


def _entering(scores: NDArray[np.int32], chosen: Chosen) -> Ints:
    """Edges of the whole table that would enter at the present prices: those that beat the difference of their prices."""
    left, right = scores.shape
    price = chosen.price
    lefts, rights = price[1 : 1 + left], price[1 + left : -1]
    found = []
    for start in range(0, left, BLOCK):
        block = scores[start : start + BLOCK]
        rows, columns = np.nonzero(block > lefts[start : start + BLOCK, None] - rights[None, :])
        found.append((rows + start) * right + columns)
    return np.concatenate(found).astype(np.int64)
