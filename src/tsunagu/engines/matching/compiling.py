"""From a document to arrays and back."""

from dataclasses import dataclass

import numpy as np

from tsunagu.engines.matching.net import Flags, Ints, Net, net_of
from tsunagu.engines.matching.problem import Edge, Match, Problem, ProblemFaulty, faults_of


@dataclass(frozen=True)
class Compiled:
    """A problem with its net, and the edge that stands at each place of it."""

    problem: Problem
    net: Net
    edges: list[Edge]

    def place(self) -> dict[tuple[str, str], int]:
        """Where each pair stands."""
        return {(one.left, one.right): at for at, one in enumerate(self.edges)}


def compiled(problem: Problem) -> Compiled:
    """The problem without its forbidden edges; pins without an edge get one of score 0. Raises `ProblemFaulty`."""
    if faults := faults_of(problem):
        raise ProblemFaulty(*faults)
    barred = {(one.left, one.right) for one in problem.forbidden}
    edges = {(one.left, one.right): one for one in problem.edges if (one.left, one.right) not in barred}
    for pair in problem.pins:
        edges.setdefault(pair, Edge(*pair))
    pinned = set(problem.pins)
    left, right = [one.key for one in problem.left], [one.key for one in problem.right]
    lefts, rights = {key: at for at, key in enumerate(left)}, {key: at for at, key in enumerate(right)}
    pairs = sorted(edges)

    def ints(values: list[int]) -> Ints:
        return np.array(values, np.int64)

    net = net_of(
        left,
        right,
        ints([lefts[one] for one, _other in pairs]),
        ints([rights[other] for _one, other in pairs]),
        ints([edges[pair].score for pair in pairs]),
        least_left=ints([one.least for one in problem.left]),
        most_left=ints([one.most for one in problem.left]),
        least_right=ints([one.least for one in problem.right]),
        most_right=ints([one.most for one in problem.right]),
        fixed=np.array([pair in pinned for pair in pairs], bool),
    )
    return Compiled(problem, net, [edges[pair] for pair in pairs])


def kept(problem: Compiled) -> Ints:
    """1 for an edge that was not there before, 0 for one that stays: the fewer, the smaller the change."""
    before = set(problem.problem.before)
    return np.array([(one.left, one.right) not in before for one in problem.edges], np.int64)


def matches(problem: Compiled, taken: Flags) -> tuple[Match, ...]:
    """The pairs taken, each with its reasons and which choice it is of either side."""
    net, pinned = problem.net, set(problem.problem.pins)
    found = []
    for place in np.flatnonzero(taken):
        one = problem.edges[place]
        better_left = int((net.score[net.tail == net.tail[place]] > one.score).sum())
        better_right = int((net.score[net.head == net.head[place]] > one.score).sum())
        found.append(
            Match(
                one.left, one.right, one.score, one.reasons, (one.left, one.right) in pinned,
                (better_left + 1, better_right + 1),
            )
        )  # fmt: skip
    return tuple(found)


def loads(problem: Compiled, taken: Flags) -> dict[str, int]:
    """How many matches each right node has."""
    net = problem.net
    counts = np.bincount(net.head[taken], minlength=len(net.right))
    return {key: int(count) for key, count in zip(net.right, counts, strict=True)}
