"""A problem as arrays: two sides in an order of their own, edges between them, and how much each may have.

Nodes stand in the order of their keys and edges in the order of their nodes, so that nothing depends on the order in
which rows came; ties are decided by hashes of the keys themselves.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Net:
    """`tail` and `head` are places in `left` and `right`; `score` is in millionths; `fixed` edges are pinned."""

    left: Sequence[str]
    right: Sequence[str]
    tail: Ints
    head: Ints
    score: Ints
    least_left: Ints
    most_left: Ints
    least_right: Ints
    most_right: Ints
    fixed: Flags

    @property
    def edges(self) -> int:
        return len(self.tail)

    def ties(self, seed: str) -> Ints:
        """A number for each edge, from its two keys and the seed alone: below 2**30, so that sums stay exact."""
        left, right = _hashes(self.left, f"{seed}\0a"), _hashes(self.right, f"{seed}\0b")
        return (_mixed(left[self.tail] ^ _mixed(right[self.head])) >> np.uint64(34)).astype(np.int64)


def tie(left: str, right: str, seed: str) -> int:
    """The same number for one pair, without a net."""
    one, other = _hashes([left], f"{seed}\0a"), _hashes([right], f"{seed}\0b")
    return int((_mixed(one ^ _mixed(other)) >> np.uint64(34))[0])


def _hashes(keys: Sequence[str], seed: str) -> NDArray[np.uint64]:
    made = (hashlib.blake2b(key.encode(), key=seed.encode()[:64], digest_size=8).digest() for key in keys)
    return np.frombuffer(b"".join(made), dtype=">u8").astype(np.uint64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of a number spread over all bits of another (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def net_of(
    left: Sequence[str],
    right: Sequence[str],
    tail: Ints,
    head: Ints,
    score: Ints,
    *,
    most_left: Ints,
    most_right: Ints,
    least_left: Ints | None = None,
    least_right: Ints | None = None,
    fixed: Flags | None = None,
) -> Net:
    """A net from arrays in any order, brought into the order of its keys."""
    left_order, right_order = np.argsort(np.asarray(left)), np.argsort(np.asarray(right))
    left_place, right_place = np.empty_like(left_order), np.empty_like(right_order)
    left_place[left_order], right_place[right_order] = np.arange(len(left)), np.arange(len(right))
    tails, heads = left_place[tail], right_place[head]
    order = np.argsort(tails * len(right) + heads, kind="stable")
    flags = np.zeros(len(tails), bool) if fixed is None else fixed

    def taken(values: Ints | None, places: NDArray[np.intp]) -> Ints:
        return np.zeros(len(places), np.int64) if values is None else np.asarray(values, np.int64)[places]

    return Net(
        left=[left[place] for place in left_order],
        right=[right[place] for place in right_order],
        tail=tails[order].astype(np.int64),
        head=heads[order].astype(np.int64),
        score=np.asarray(score, np.int64)[order],
        least_left=taken(least_left, left_order),
        most_left=taken(most_left, left_order),
        least_right=taken(least_right, right_order),
        most_right=taken(most_right, right_order),
        fixed=flags[order],
    )
