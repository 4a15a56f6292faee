"""The balanced assignment against brute force, whatever the order of rows."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.matching import Edge, Forbidden, Node, Problem, solve
from tsunagu.engines.matching.problem import ProblemFaulty


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    cases = [f"c{number}" for number in range(draw(st.integers(1, 4)))]
    people = [f"p{number}" for number in range(draw(st.integers(1, 4)))]
    pairs = list(itertools.product(cases, people))
    edges = [Edge(*pair, draw(st.integers(0, 5))) for pair in pairs]
    barred = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6))
    return Problem(
        left=[Node(one, 0, draw(st.integers(1, 3))) for one in cases],
        right=[Node(one, 0, draw(st.integers(0, 4))) for one in people],
        edges=edges,
        forbidden=[Forbidden(*pair, "rule") for pair in barred],
        seed="s",
    )


def best(problem: Problem) -> tuple[int, int]:
    """(most matches, least heaviest load with so many) by trying everything."""
    barred = {(one.left, one.right) for one in problem.forbidden}
    open_pairs = [(one.left, one.right) for one in problem.edges if (one.left, one.right) not in barred]
    want = {one.key: one.most for one in problem.left}
    cap = {one.key: one.most for one in problem.right}
    found = (0, 0)
    for chosen in itertools.product([False, True], repeat=len(open_pairs)):
        taken = [pair for pair, is_in in zip(open_pairs, chosen, strict=True) if is_in]
        if any(sum(one == left for one, _ in taken) > most for left, most in want.items()):
            continue
        loads = {right: sum(one == right for _, one in taken) for right in cap}
        if any(loads[right] > most for right, most in cap.items()):
            continue
        found = max(found, (len(taken), -max(loads.values(), default=0)))
    return found[0], -found[1]


@given(problems())
def test_as_many_as_can_be_and_as_level_as_can_be(problem: Problem) -> None:
    if len(problem.edges) - len(problem.forbidden) > 12:
        return
    solution = solve(problem)
    matches, heaviest = best(problem)
    assert len(solution.matches) == matches
    assert max(solution.loads.values(), default=0) == heaviest
    barred = {(one.left, one.right) for one in problem.forbidden}
    assert not barred & {(one.left, one.right) for one in solution.matches}


@given(problems(), st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(problem: Problem, seed: int) -> None:
    dice = random.Random(seed)

    def shuffled(rows: list[object]) -> list[object]:
        return dice.sample(rows, len(rows))

    other = Problem(
        left=shuffled(list(problem.left)), right=shuffled(list(problem.right)), edges=shuffled(list(problem.edges)),
        forbidden=shuffled(list(problem.forbidden)), seed="s",
    )  # type: ignore[arg-type]  # fmt: skip
    assert solve(other).matches == solve(problem).matches


def test_pins_stay_and_what_contradicts_them_is_refused() -> None:
    nodes = [Node("a", 0, 1), Node("b", 0, 1)]
    people = [Node("x", 0, 1), Node("y", 0, 1)]
    edges = [Edge(one, other, 1) for one in "ab" for other in "xy"]
    solution = solve(Problem(nodes, people, edges, pins=[("a", "y")]))
    assert {(one.left, one.right, one.is_pinned) for one in solution.matches} == {
        ("a", "y", True),
        ("b", "x", False),
    }
    with pytest.raises(ProblemFaulty):
        solve(Problem(nodes, people, edges, forbidden=[Forbidden("a", "y", "r")], pins=[("a", "y")]))


def test_who_is_left_over_is_told_why() -> None:
    edges = [Edge("a", "x", 1), Edge("a", "y", 1)]
    problem = Problem(
        [Node("a", 0, 2)], [Node("x", 0, 1), Node("y", 0, 1)], edges, [Forbidden("a", "y", "同じ都道府県")]
    )
    unmet = solve(problem).unmet
    assert [(one.left, one.missing, one.reasons) for one in unmet] == [("a", 1, ("同じ都道府県 1",))]
