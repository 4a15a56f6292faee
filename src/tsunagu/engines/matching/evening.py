"""Sums evened out by exchanges: two left nodes exchange partners wherever the worse off of the two gains by it.

Only exchanges that leave every objective before it as it is: the same loads, the same total. It ends where no exchange of
two helps, which is not proven to be the best there is (that is a whole-number problem, `MAXMIN`), but takes no time and is
the same on every machine and in any order of rows.
"""

from collections.abc import Sequence

from tsunagu.engines.matching.net import tie
from tsunagu.engines.matching.problem import CHANGES, LEXIMIN, TOTAL, Problem

Pair = tuple[str, str]


def evened(problem: Problem, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs after all exchanges that help, in the order of their keys."""
    work = _Exchanges(problem, pairs)
    while work.step():
        pass
    return sorted(work.taken)


class _Exchanges:
    """The pairs there are, what each left node has of scores, and what one of them costs the objectives before."""

    def __init__(self, problem: Problem, pairs: Sequence[Pair]) -> None:
        barred = {(one.left, one.right) for one in problem.forbidden}
        self.scores = {
            pair: one.score for one in problem.edges if (pair := (one.left, one.right)) not in barred
        }
        self.taken, self.pinned = set(pairs), set(problem.pins)
        self.levels = tuple(problem.levels) if LEXIMIN in problem.objectives else ()
        self.before = set(problem.before) if CHANGES in problem.objectives else set()
        self.keeps_total, self.seed = TOTAL in problem.objectives, problem.seed
        self.sums = {one.key: 0 for one in problem.left}
        for pair in self.taken:
            self.sums[pair[0]] += self.scores.get(pair, 0)
        self.lots = {one.key: tie(one.key, "", problem.seed) for one in problem.left}

    def _weighs(self, *pairs: Pair) -> tuple[int, ...]:
        """What the objectives before count of some pairs."""
        scores = [self.scores[pair] for pair in pairs]
        return (
            sum(scores) if self.keeps_total else 0,
            sum(pair in self.before for pair in pairs),
            *(sum(score < level for score in scores) for level in self.levels),
        )

    def step(self) -> bool:
        """One exchange, for the worst off who can gain by one: False when nobody can."""
        free = sorted(self.taken - self.pinned)
        for left in sorted(self.sums, key=lambda one: (self.sums[one], self.lots[one])):
            best: tuple[int, int, Pair, Pair] | None = None
            for mine in (pair for pair in free if pair[0] == left):
                for theirs in free:
                    gain = self._gain(mine, theirs)
                    if gain > 0:
                        found = (gain, tie(theirs[0], theirs[1], self.seed), mine, theirs)
                        best = found if best is None or found > best else best
            if best is not None:
                self._exchange(best[2], best[3])
                return True
        return False

    def _gain(self, mine: Pair, theirs: Pair) -> int:
        """How much more the worse off of the two would have; nothing where they may not exchange."""
        if mine[0] == theirs[0] or mine[1] == theirs[1] or self.sums[mine[0]] >= self.sums[theirs[0]]:
            return 0
        new, back = (mine[0], theirs[1]), (theirs[0], mine[1])
        if new not in self.scores or back not in self.scores or new in self.taken or back in self.taken:
            return 0
        if mine not in self.scores or theirs not in self.scores:
            return 0
        least = min(
            self.sums[mine[0]] - self.scores[mine] + self.scores[new],
            self.sums[theirs[0]] - self.scores[theirs] + self.scores[back],
        )
        gain = least - self.sums[mine[0]]
        return gain if gain > 0 and self._weighs(mine, theirs) == self._weighs(new, back) else 0

    def _exchange(self, mine: Pair, theirs: Pair) -> None:
        for gone, come in ((mine, (mine[0], theirs[1])), (theirs, (theirs[0], mine[1]))):
            self.taken.remove(gone)
            self.taken.add(come)
            self.sums[gone[0]] += self.scores[come] - self.scores[gone]
