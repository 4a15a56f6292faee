"""Which numbers of a survey may be shown: small cells are hidden, with so many others that none can be worked out. Pure.

What a reader may know besides the page is assumed to be much: how many of each group answered, and of a question with one
answer each also how the options of a group add up. A hidden count is safe only when the shown ones allow it two values.
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count

MINIMUM = 3
QUARTILES_FROM = 8

Cell = tuple[str, str]
Node = Hashable


class NotAllowed(Exception):
    """What was asked for cannot be done now; the text says why."""


def is_small(number: int) -> bool:
    """Whether a count would point at single labs."""
    return 0 < number < MINIMUM


def hide_totals(totals: Mapping[str, int], *, adds_up: bool, answered: int) -> frozenset[str]:
    """The options whose national count is hidden. `adds_up`: one answer each, so that the counts make up `answered`."""
    if is_small(answered):
        return frozenset(totals)
    hidden = {one for one, number in totals.items() if is_small(number)}
    if not adds_up or not hidden:
        return frozenset(hidden)
    # What is hidden together must not be small either: their sum is known.
    others = sorted(
        (one for one in totals if one not in hidden), key=lambda one: (not totals[one], totals[one])
    )
    while others and (len(hidden) < 2 or sum(totals[one] for one in hidden) < MINIMUM):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def exchanges(totals: Mapping[str, int], hidden: Iterable[str]) -> list[tuple[str, str]]:
    """For each hidden total another it may have been confused with: (one less, one more)."""
    known = sorted(hidden, key=lambda one: totals[one], reverse=True)
    pairs = []
    for one in known:
        other = next((each for each in known if each != one), None)
        if other is not None:
            pairs.append((one, other) if totals[one] else (other, one))
    return pairs


@dataclass(frozen=True)
class Cross:
    """Counts by option and group, with how many of each group answered the survey."""

    counts: Mapping[Cell, int]
    sizes: Mapping[str, int]
    adds_up: bool

    def end(self, group: str) -> Node:
        """Where the groups' own sums are known each group is a place of its own, else they are all one."""
        return ("group", group) if self.adds_up else ("groups",)

    def steps(self, hidden: set[Cell], without: Cell | None) -> dict[Node, list[tuple[int, Node, Cell]]]:
        """How a count may have been one more or one less: free where it is hidden, at a cost where it is shown."""
        found: dict[Node, list[tuple[int, Node, Cell]]] = {}
        for cell, number in self.counts.items():
            if cell == without:
                continue
            option, group = cell
            cost = 0 if cell in hidden else number + 1
            if number < self.sizes[group]:
                found.setdefault(("option", option), []).append((cost, self.end(group), cell))
            if number:
                found.setdefault(self.end(group), []).append((cost, ("option", option), cell))
        return found


def hide_cells(
    cross: Cross, *, swaps: Iterable[tuple[str, str]] = (), blocked: Iterable[str] = ()
) -> set[Cell] | None:
    """The cells to hide, or None when only hiding the whole table is safe.

    `swaps` are pairs of hidden national counts that must stay confusable here too; `blocked` groups are hidden whole.
    """
    small = {group for group, size in cross.sizes.items() if is_small(size)} | set(blocked)
    hidden = {
        cell for cell, number in cross.counts.items()
        if (is_small(number) or cell[1] in small) and cross.sizes[cell[1]]
    }  # fmt: skip
    for less, more in swaps:
        way = _cheapest(cross.steps(hidden, None), ("option", more), ("option", less))
        if way is None:
            return None
        hidden |= set(way[1])
    safe: set[Cell] = set()
    while waiting := sorted(hidden - safe):
        added = _protect(cross, waiting[0], hidden)
        if added is None:
            return None
        hidden |= added
        safe.add(waiting[0])
    return hidden


def _protect(cross: Cross, cell: Cell, hidden: set[Cell]) -> set[Cell] | None:
    """Cells to hide besides, so that this one may have been one more or one less with all sums as they are."""
    option, group = cell
    steps = cross.steps(hidden, cell)
    ways = []
    if cross.counts[cell] < cross.sizes[group]:
        ways.append(_cheapest(steps, cross.end(group), ("option", option)))
    if cross.counts[cell]:
        ways.append(_cheapest(steps, ("option", option), cross.end(group)))
    possible = [one for one in ways if one is not None]
    return set(min(possible, key=lambda one: one[0])[1]) if possible else None


def _cheapest(
    steps: Mapping[Node, list[tuple[int, Node, Cell]]], start: Node, end: Node
) -> tuple[int, list[Cell]] | None:
    """The way of least cost from one place to another, and the cells it goes over."""
    order = count()
    waiting: list[tuple[int, int, Node, list[Cell]]] = [(0, next(order), start, [])]
    done: set[Node] = set()
    while waiting:
        cost, _turn, place, way = heapq.heappop(waiting)
        if place == end:
            return cost, way
        if place in done:
            continue
        done.add(place)
        for more, there, cell in steps.get(place, ()):
            if there not in done:
                heapq.heappush(waiting, (cost + more, next(order), there, [*way, cell]))
    return None


def hide_means(answered: Mapping[str, int], blocked: Iterable[str] = ()) -> set[str]:
    """Groups whose mean is hidden: the small and the blocked, and others until what is left over from the whole tells nothing."""
    hidden = {group for group, number in answered.items() if is_small(number)} | set(blocked)
    others = sorted(
        (one for one, number in answered.items() if number and one not in hidden), key=answered.__getitem__
    )
    while hidden and others and (len(hidden) < 2 or sum(answered[one] for one in hidden) < MINIMUM):
        hidden.add(others.pop(0))
    return hidden
