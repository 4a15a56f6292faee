"""Meetings of two sides in rounds: which pairs meet is one flow, when they meet is a colouring of it.

A bipartite graph can be coloured with as many colours as its greatest degree (König), so every pair that the flow
chooses finds a round in which both are free. Rounds are levelled, so that the tables suffice (de Werra).
"""

from collections.abc import Sequence

import numpy as np

from tsunagu.engines.matching.flow import solve_flow
from tsunagu.engines.matching.net import net_of


def schedule(
    left: Sequence[str],
    right: Sequence[str],
    wishes: Sequence[tuple[str, str, int]],
    *,
    rounds: int,
    tables: int,
    seed: str = "",
) -> list[tuple[int, str, str]]:
    """(round, left, right), each side once a round, at most `tables` meetings in each: the most worth there can be."""
    if not wishes:
        return []
    places_left = {key: at for at, key in enumerate(left)}
    places_right = {key: at for at, key in enumerate(right)}
    tail = np.array([places_left[one] for one, _other, _score in wishes], np.int64)
    head = np.array([places_right[other] for _one, other, _score in wishes], np.int64)
    score = np.array([worth for _one, _other, worth in wishes], np.int64)
    net = net_of(
        left, right, tail, head, score, most_left=np.full(len(left), rounds), most_right=np.full(len(right), rounds)
    )  # fmt: skip
    taken = np.flatnonzero(solve_flow(net, seed=seed).taken)
    # Too many for all the tables: the least worth stay away.
    if len(taken) > rounds * tables:
        order = np.lexsort((net.ties(seed)[taken], -net.score[taken]))
        taken = taken[order[: rounds * tables]]
    pairs = [(int(net.tail[edge]), int(net.head[edge])) for edge in taken]
    colours = _levelled(pairs, _coloured(pairs, len(left), len(right), rounds), rounds, tables)
    return sorted((colours[at], net.left[one], net.right[other]) for at, (one, other) in enumerate(pairs))


def _coloured(pairs: Sequence[tuple[int, int]], left: int, right: int, rounds: int) -> list[int]:
    """A round for each pair, no node twice in one: alternating paths make room (König 1916)."""
    at_left = [[-1] * rounds for _one in range(left)]
    at_right = [[-1] * rounds for _one in range(right)]
    colours = [-1] * len(pairs)
    for edge, (one, other) in enumerate(pairs):
        mine, theirs = at_left[one].index(-1), at_right[other].index(-1)
        if at_right[other][mine] != -1:
            _swap(other, mine, theirs, at_left, at_right, pairs, colours)
        at_left[one][mine] = at_right[other][mine] = edge
        colours[edge] = mine
    return colours


def _swap(
    start: int, first: int, second: int, at_left: list[list[int]], at_right: list[list[int]],
    pairs: Sequence[tuple[int, int]], colours: list[int],
) -> None:  # fmt: skip
    """Exchange two colours along the path of edges of these colours that begins at a right node."""
    path, sides, node, colour = [], (at_right, at_left), start, first
    side = 0
    while (edge := sides[side][node][colour]) != -1:
        path.append(edge)
        one, other = pairs[edge]
        node, side = (one, 1) if side == 0 else (other, 0)
        colour = second if colour == first else first
    for edge in path:
        one, other = pairs[edge]
        at_left[one][colours[edge]] = at_right[other][colours[edge]] = -1
    for edge in path:
        one, other = pairs[edge]
        colours[edge] = second if colours[edge] == first else first
        at_left[one][colours[edge]] = at_right[other][colours[edge]] = edge


def _levelled(pairs: Sequence[tuple[int, int]], colours: list[int], rounds: int, tables: int) -> list[int]:
    """No round holds more than its tables: paths of two colours move meetings from full rounds to emptier ones."""
    while True:
        sizes = [colours.count(one) for one in range(rounds)]
        fullest, emptiest = (
            max(range(rounds), key=sizes.__getitem__),
            min(range(rounds), key=sizes.__getitem__),
        )
        if sizes[fullest] <= tables or sizes[fullest] <= sizes[emptiest] + 1:
            return colours
        for component in _components(pairs, colours, fullest, emptiest):
            more = sum(colours[edge] == fullest for edge in component)
            if more > len(component) - more:
                for edge in component:
                    colours[edge] = emptiest if colours[edge] == fullest else fullest
                break


def _components(
    pairs: Sequence[tuple[int, int]], colours: Sequence[int], first: int, second: int
) -> list[list[int]]:
    """Edges of two colours, joined where they share a node: paths and rings."""
    by_node: dict[tuple[str, int], list[int]] = {}
    for edge, (one, other) in enumerate(pairs):
        if colours[edge] in {first, second}:
            by_node.setdefault(("left", one), []).append(edge)
            by_node.setdefault(("right", other), []).append(edge)
    seen: set[int] = set()
    found = []
    for edges in by_node.values():
        for start in edges:
            if start in seen:
                continue
            component, stack = [], [start]
            seen.add(start)
            while stack:
                edge = stack.pop()
                component.append(edge)
                one, other = pairs[edge]
                for near in (*by_node["left", one], *by_node["right", other]):
                    if near not in seen:
                        seen.add(near)
                        stack.append(near)
            found.append(component)
    return found
