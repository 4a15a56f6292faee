"""Why no assignment keeps all the bounds: the fewest nodes that together must have more than there is for them.

Bounds on both sides can be kept together exactly when those of each side can be kept alone (Mendelsohn and Dulmage), so
each side is looked at by itself. Solver-free: augmenting paths, from the keys' order, so that the answer is always the same.
"""

from collections.abc import Sequence

import numpy as np

from tsunagu.engines.matching.net import Ints, Net
from tsunagu.engines.matching.results import Blocked

# Beyond so many nodes a set is told as it was found: to try each of them would take longer than it helps.
MOST_TRIED = 60


def blocked(net: Net) -> list[Blocked]:
    """For each side whose least loads cannot be kept, one set of nodes that shows it; empty when they all can."""
    found = []
    for side, own, other, keys, others, least, most in (
        ("left", net.tail, net.head, net.left, net.right, net.least_left, net.most_right),
        ("right", net.head, net.tail, net.right, net.left, net.least_right, net.most_left),
    ):
        free = ~net.fixed
        wants = np.maximum(0, least - np.bincount(own[net.fixed], minlength=len(keys)))
        room = np.maximum(0, most - np.bincount(other[net.fixed], minlength=len(others)))
        near = _near(own[free], other[free], len(keys))
        culprits = _culprits(near, wants, room)
        if culprits:
            reached = sorted({one for place in culprits for one in near[place]})
            pinned = np.bincount(own[net.fixed], minlength=len(keys))
            spare = sum(min(int(room[one]), sum(one in near[place] for place in culprits)) for one in reached)
            found.append(
                Blocked(
                    side,
                    tuple(keys[place] for place in culprits),
                    int(least[culprits].sum()),
                    tuple(others[one] for one in reached),
                    spare + int(np.minimum(pinned, least)[culprits].sum()),
                )
            )
    return found


def _near(own: Ints, other: Ints, count: int) -> list[list[int]]:
    near: list[list[int]] = [[] for _one in range(count)]
    for one, two in zip(own.tolist(), other.tolist(), strict=True):
        near[one].append(two)
    return near


def _culprits(near: Sequence[Sequence[int]], wants: Ints, room: Ints) -> list[int]:
    """The nodes of a set that cannot have what it wants and of which no part lacks anything; empty when all can."""
    group = _short(near, wants, room, [one for one in range(len(near)) if wants[one]])
    kept = list(group)
    for one in group if len(group) <= MOST_TRIED else ():
        rest = [other for other in kept if other != one]
        if _short(near, wants, room, rest):
            kept = rest
    return kept


def _short(near: Sequence[Sequence[int]], wants: Ints, room: Ints, members: Sequence[int]) -> list[int]:
    """Those of `members` that share too little, found from the first who lacks something; empty when nobody does."""
    held: dict[int, set[int]] = {}
    for start in members:
        for _unit in range(int(wants[start])):
            came: dict[int, tuple[int, int]] = {}
            seen, queue, end = {start}, [start], -1
            while queue and end < 0:
                one = queue.pop(0)
                for place in near[one]:
                    if place in came or one in held.get(place, set()):
                        continue
                    came[place] = (one, -1)
                    holders = held.setdefault(place, set())
                    if len(holders) < room[place]:
                        end = place
                        break
                    for holder in sorted(holders - seen):
                        seen.add(holder)
                        queue.append(holder)
                        came[~holder] = (place, holder)
            if end < 0:
                return sorted(seen)
            while True:
                one, _none = came[end]
                held[end].add(one)
                if one == start:
                    break
                end, _holder = came[~one]
                held[end].discard(one)
    return []
