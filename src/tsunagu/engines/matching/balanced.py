"""A balanced assignment with caps: as many matches as there can be, the heaviest load as light as it can be.

Loads are levelled first (the least cap that serves as many as any cap would), then better scores are taken by exchanging
single matches. The result does not depend on the order of rows: ties are broken by a hash of the seed and the keys.
"""

import hashlib
from collections import deque
from collections.abc import Iterable

from tsunagu.engines.matching.problem import Edge, Match, Problem, ProblemFaulty, Solution, Unmet

SOLVER = "balanced-augmenting"


def solve(problem: Problem) -> Solution:
    """Assign. Raises `ProblemFaulty`."""
    return _Work(problem).run()


class _Work:
    """One problem on its way to its solution."""

    def __init__(self, problem: Problem) -> None:
        _check(problem)
        self.problem = problem
        self.want = {one.key: one.most for one in problem.left}
        self.cap = {one.key: one.most for one in problem.right}
        self.rules = {(one.left, one.right): one for one in problem.forbidden}
        self.edge = {
            (one.left, one.right): one for one in problem.edges if (one.left, one.right) not in self.rules
        }
        self.pinned = set(problem.pins)
        self.possible: dict[str, list[str]] = {one.key: [] for one in problem.left}
        for left, right in sorted(self.edge, key=lambda pair: (-self.edge[pair].score, self._dice(*pair))):
            self.possible[left].append(right)
        self.given: dict[str, set[str]] = {one.key: set() for one in problem.left}
        self.taken: dict[str, set[str]] = {one.key: set() for one in problem.right}

    def _dice(self, *keys: str) -> str:
        return hashlib.sha256("\0".join((self.problem.seed, *keys)).encode()).hexdigest()

    def run(self) -> Solution:
        for left, right in self.problem.pins:
            self._give(left, right)
        order = sorted(self.want, key=lambda one: (len(self.possible[one]), self._dice(one)))
        for level in self._levels():
            limit = {key: max(min(most, level), len(self.taken[key])) for key, most in self.cap.items()}
            for left in order:
                while len(self.given[left]) < self.want[left] and self._augment(left, limit):
                    pass
            if all(len(self.given[one]) >= self.want[one] for one in order):
                break
        self._improve()
        return self._solution(order)

    def _levels(self) -> Iterable[int]:
        """Caps to try, from one upwards to the greatest anybody allows."""
        return range(1, max(self.cap.values(), default=0) + 1)

    def _give(self, left: str, right: str) -> None:
        self.given[left].add(right)
        self.taken[right].add(left)

    def _take(self, left: str, right: str) -> None:
        self.given[left].discard(right)
        self.taken[right].discard(left)

    def _augment(self, left: str, limit: dict[str, int]) -> bool:
        """Give `left` one more, moving others' matches along where nobody is free: shortest chain first."""
        came: dict[str, str] = {}
        freed_by: dict[str, str] = {}
        queue = deque([left])
        seen_left = {left}
        while queue:
            one = queue.popleft()
            for right in sorted(self.possible[one], key=lambda each: len(self.taken[each])):
                if right in came or right in self.given[one]:
                    continue
                came[right] = one
                if len(self.taken[right]) < limit[right]:
                    self._shift(right, came, freed_by, left)
                    return True
                for other in sorted(self.taken[right], key=lambda each: self._dice(each, right)):
                    if other not in seen_left and (other, right) not in self.pinned:
                        seen_left.add(other)
                        freed_by[other] = right
                        queue.append(other)
        return False

    def _shift(self, right: str, came: dict[str, str], freed_by: dict[str, str], start: str) -> None:
        """Follow the chain back: each left node on it gets the free place and leaves its own to the one before."""
        while True:
            left = came[right]
            self._give(left, right)
            if left == start:
                return
            right = freed_by[left]
            self._take(left, right)

    def _improve(self, rounds: int = 4) -> None:
        """Exchange partners between two left nodes while that makes the sum of scores greater; loads stay."""
        for _round in range(rounds):
            exchanged = 0
            for left in sorted(self.given):
                for right in sorted(self.given[left]):
                    exchanged += self._exchange(left, right)
            if not exchanged:
                return

    def _score(self, left: str, right: str) -> int:
        edge = self.edge.get((left, right))
        return edge.score if edge else 0

    def _exchange(self, left: str, right: str) -> bool:
        if (left, right) in self.pinned or right not in self.given[left]:
            return False
        for other_right in self.possible[left]:
            if self._score(left, other_right) <= self._score(left, right):
                return False
            if other_right in self.given[left]:
                continue
            for other in sorted(self.taken[other_right]):
                if (
                    (other, other_right) in self.pinned
                    or right in self.given[other]
                    or (other, right) not in self.edge
                ):
                    continue
                before = self._score(left, right) + self._score(other, other_right)
                after = self._score(left, other_right) + self._score(other, right)
                if after > before:
                    for pair in ((left, right), (other, other_right)):
                        self._take(*pair)
                    self._give(left, other_right)
                    self._give(other, right)
                    return True
        return False

    def _solution(self, order: list[str]) -> Solution:
        matches = tuple(
            self._match(left, right) for left in sorted(self.given) for right in sorted(self.given[left])
        )
        unmet = tuple(
            Unmet(one, self.want[one] - len(self.given[one]), self._why(one))
            for one in sorted(order)
            if len(self.given[one]) < self.want[one]
        )
        loads = {key: len(found) for key, found in sorted(self.taken.items())}
        return Solution(matches, unmet, loads, SOLVER, sum(one.score for one in matches))

    def _match(self, left: str, right: str) -> Match:
        edge = self.edge.get((left, right), Edge(left, right))
        return Match(left, right, edge.score, edge.reasons, (left, right) in self.pinned)

    def _why(self, left: str) -> tuple[str, ...]:
        """What stands against more matches: rules by name, and those who are full."""
        barred: dict[str, int] = {}
        for (one, _right), forbidden in self.rules.items():
            if one == left:
                barred[forbidden.rule] = barred.get(forbidden.rule, 0) + 1
        full = sum(
            1
            for one in self.possible[left]
            if one not in self.given[left] and len(self.taken[one]) >= self.cap[one]
        )
        reasons = [f"{rule} {count}" for rule, count in sorted(barred.items())]
        return (*reasons, f"full {full}") if full else tuple(reasons)


def _check(problem: Problem) -> None:
    left, right = {one.key for one in problem.left}, {one.key for one in problem.right}
    if len(left) < len(problem.left) or len(right) < len(problem.right):
        raise ProblemFaulty("a node is named twice")
    pairs = [(one.left, one.right) for one in problem.edges] + [
        (one.left, one.right) for one in problem.forbidden
    ]
    for one, other in pairs:
        if one not in left or other not in right:
            raise ProblemFaulty(f"{one} – {other} names nobody")
    barred = {(one.left, one.right) for one in problem.forbidden}
    for pin in problem.pins:
        if pin in barred:
            raise ProblemFaulty(f"{pin[0]} – {pin[1]} is pinned and forbidden")
        if pin[0] not in left or pin[1] not in right:
            raise ProblemFaulty(f"{pin[0]} – {pin[1]} names nobody")
