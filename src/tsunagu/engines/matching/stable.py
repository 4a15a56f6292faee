"""Deferred acceptance: the left side proposes, the right side keeps the best it has places for.

Nobody is left who would rather have somebody who would rather have them (`check.blocking_pairs` finds none). Of all such
matchings it is the best for every left node at once. Gale and Shapley 1962; ties are broken beforehand, by hash.
"""

import heapq
from collections.abc import Sequence


def deferred_acceptance(
    wishes_left: Sequence[Sequence[int]], wishes_right: Sequence[Sequence[int]], places: Sequence[int]
) -> list[int]:
    """For each left node the right node it is given, -1 for none. Wishes name places of the other side, dearest first.

    Who is not on the other's list is not acceptable to it.
    """
    ranks = [{one: rank for rank, one in enumerate(wishes)} for wishes in wishes_right]
    held: list[list[int]] = [[] for _one in places]
    asked = [0] * len(wishes_left)
    given = [-1] * len(wishes_left)
    free = list(range(len(wishes_left)))
    push, replace = heapq.heappush, heapq.heapreplace
    while free:
        one = free.pop()
        wishes, at = wishes_left[one], asked[one]
        end = len(wishes)
        while at < end:
            other = wishes[at]
            at += 1
            rank = ranks[other].get(one)
            if rank is None or not places[other]:
                continue
            heap = held[other]
            if len(heap) < places[other]:
                push(heap, -rank)
                given[one] = other
                break
            if -heap[0] > rank:
                loser = wishes_right[other][-replace(heap, -rank)]
                given[one], given[loser] = other, -1
                free.append(loser)
                break
        asked[one] = at
    return given
