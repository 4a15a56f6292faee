"""What if: somebody withdraws, a pair is pinned or barred. Solved anew with the fewest changes the best total allows."""

from collections.abc import Sequence
from dataclasses import replace

from tsunagu.engines.matching.problem import (
    CHANGES,
    EVEN,
    LEXIMIN,
    TOTAL,
    Forbidden,
    Node,
    NothingFits,
    Problem,
    Solution,
)
from tsunagu.engines.matching.results import PINNED, RULES, Difference, Turn
from tsunagu.engines.matching.solving import solve
from tsunagu.engines.matching.values import worth


def repaired(
    problem: Problem,
    before: Solution,
    *,
    withdrawn: Sequence[str] = (),
    pins: Sequence[tuple[str, str]] = (),
    barred: Sequence[Forbidden] = (),
    keep_all: bool = False,
) -> Difference:
    """`keep_all`: fewest changes come before the total, so that only what must change does."""
    pairs = [(one.left, one.right) for one in before.matches]
    out = set(withdrawn)

    def staying(side: Sequence[Node]) -> list[Node]:
        return [replace(one, least=0, most=0) if one.key in out else one for one in side]

    others = [one for one in problem.objectives if one not in {CHANGES, EVEN}]
    order = [CHANGES, *others] if keep_all else [*others, CHANGES]
    order += [EVEN] if EVEN in problem.objectives else []
    changed = replace(
        problem,
        left=staying(problem.left),
        right=staying(problem.right),
        pins=[*(pair for pair in problem.pins if not out & set(pair)), *pins],
        forbidden=[*problem.forbidden, *barred],
        before=pairs,
        objectives=order or [TOTAL, CHANGES],
    )
    solution = solve(changed)
    now = {(one.left, one.right) for one in solution.matches}
    gone = tuple(pair for pair in pairs if pair not in now)
    come = tuple(sorted(now - set(pairs)))
    return Difference(solution, gone, come, solution.total - before.total)


def turned(problem: Problem, solution: Solution, pair: tuple[str, str]) -> Turn:
    """The best assignment in which the pair stands the other way round, beside the one there is."""
    now = [(one.left, one.right) for one in solution.matches]
    is_taken = pair in now
    if pair in problem.pins:
        return Turn(*pair, is_taken, PINNED)
    if pair not in {(one.left, one.right) for one in problem.edges} - {
        (one.left, one.right) for one in problem.forbidden
    }:
        return Turn(*pair, is_taken, RULES)
    changed = (
        replace(problem, forbidden=[*problem.forbidden, Forbidden(*pair, "")])
        if is_taken
        else replace(problem, pins=[*problem.pins, pair])
    )
    try:
        other = [(one.left, one.right) for one in solve(changed).matches]
    except NothingFits:
        return Turn(*pair, is_taken, RULES)
    before, after = worth(problem, now), worth(problem, other)
    stage, by = next(
        (
            (at, new[1] - old[1])
            for at, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        ),
        (len(before) - 1, 0),
    )
    if by < 0:
        # Exchanges promise no best: where another start ends better, nothing before them decides.
        stage, by = len(before) - 1, 0
    kept = {pair}
    return Turn(
        *pair, is_taken, before[stage][0], by, _turning(problem, pair, before, stage, by, is_taken=is_taken),
        gone=tuple(one for one in now if one not in other and one not in kept),
        come=tuple(one for one in other if one not in now and one not in kept),
    )  # fmt: skip


def _turning(
    problem: Problem, pair: tuple[str, str], order: Sequence[tuple[str, int]], stage: int, by: int, *, is_taken: bool
) -> int | None:  # fmt: skip
    """How far the score is from turning the pair, where that decides: by the total, or by passing a level before it."""
    names = [name for name, _value in order]
    steps = []
    if TOTAL in names and names.index(TOTAL) <= stage:
        steps.append(by if names[stage] == TOTAL else 0)
    if LEXIMIN in names and len(names) - 1 - names[::-1].index(LEXIMIN) < stage:
        score = next(one.score for one in problem.edges if (one.left, one.right) == pair)
        steps += (
            [score - level + 1 for level in problem.levels if level <= score]
            if is_taken
            else [level - score for level in problem.levels if level > score]
        )
    return min(steps, default=None)
