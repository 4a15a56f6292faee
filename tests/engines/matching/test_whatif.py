"""What would come of a pair standing the other way round, against brute force; and counting what an assignment is worth."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.engines.matching import test_solving as small
from tests.engines.matching.test_solving import MANY, Pairs, every, pairs_of, problems

from tsunagu.engines.matching import (
    CHANGES,
    LEXIMIN,
    PINNED,
    RULES,
    TOTAL,
    Problem,
    broken,
    solve,
    turned,
    worth,
)

ORDERS = ([CHANGES, LEXIMIN, TOTAL], [LEXIMIN, TOTAL], [TOTAL, CHANGES], [LEXIMIN, CHANGES, TOTAL])


def best(problem: Problem, among: Sequence[Pairs]) -> list[tuple[str, int]]:
    return min((worth(problem, one) for one in among), key=lambda one: [value for _name, value in one])


@MANY
@given(problems(), st.data())
def test_what_decides_a_pair(problem: Problem, data: st.DataObject) -> None:
    barred = {(one.left, one.right) for one in problem.forbidden}
    pairs = [pair for one in problem.edges if (pair := (one.left, one.right)) not in barred]
    possible = list(every(problem))
    if not pairs or not possible:
        return
    asked = replace(
        problem, objectives=data.draw(st.sampled_from(ORDERS)), levels=[2, 3], pins=(),
        before=data.draw(st.lists(st.sampled_from(pairs), unique=True)),
    )  # fmt: skip
    possible = list(every(asked))
    if not possible:
        return
    solution = solve(asked)
    pair = data.draw(st.sampled_from(pairs))
    turn = turned(asked, solution, pair)
    has = pair in pairs_of(solution)
    others = [one for one in possible if (pair in one) != has]
    assert turn.is_taken == has
    if not others:
        assert turn.objective == RULES
        return
    now, then = worth(asked, pairs_of(solution)), best(asked, others)
    first = next(at for at, (old, new) in enumerate(zip(now, then, strict=True)) if old != new)
    assert (turn.objective, turn.by) == (now[first][0], then[first][1] - now[first][1])
    if turn.score is None:
        return

    def turns_at(by: int) -> bool:
        """Whether, but for the lot and what counts after the total, an assignment with the pair turned is the best."""
        edges = [
            replace(one, score=one.score + (-by if has else by)) if (one.left, one.right) == pair else one
            for one in asked.edges
        ]
        changed = replace(asked, edges=edges)
        until = next(at for at, (name, _value) in enumerate(now) if name == TOTAL) + 1
        return best(changed, others)[:until] == best(changed, possible)[:until]

    assert turns_at(turn.score)
    assert not turn.score or not turns_at(turn.score - 1)


def test_pinned_pairs_cannot_turn() -> None:
    problem = small.Problem([small.Node("c")], [small.Node("p")], [small.Edge("c", "p")], pins=[("c", "p")])
    assert turned(problem, solve(problem), ("c", "p")).objective == PINNED
    assert turned(problem, solve(problem), ("c", "x")).objective == RULES


@MANY
@given(problems(groups=True), st.data())
def test_the_check_by_the_document_agrees(problem: Problem, data: st.DataObject) -> None:
    """It finds no fault exactly with what brute force allows."""
    pairs = [(one.left, one.right) for one in problem.edges]
    some = tuple(sorted(data.draw(st.lists(st.sampled_from(pairs), unique=True)))) if pairs else ()
    assert (not broken(problem, some)) == (some in set(every(problem)))
