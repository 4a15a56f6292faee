"""What if: somebody withdraws, a pair is pinned or barred. Solved anew with the fewest changes the best total allows."""

from collections.abc import Sequence
from dataclasses import replace

from tsunagu.engines.matching.problem import CHANGES, TOTAL, Difference, Forbidden, Node, Problem, Solution
from tsunagu.engines.matching.solving import solve


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

    others = [one for one in problem.objectives if one != CHANGES]
    order = [CHANGES, *others] if keep_all else [*others, CHANGES]
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
