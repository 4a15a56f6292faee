"""Sums evened out by exchanges: nothing before it changes, nobody is left who could still gain, and rows may stand in any order."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.matching.test_solving import MANY, every, pairs_of, problems

from tsunagu.engines.matching import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    TOTAL,
    Edge,
    Node,
    Problem,
    ProblemFaulty,
    broken,
    solve,
    worth,
)

ORDERS = ([TOTAL], [LEVEL, TOTAL], [CHANGES, LEVEL, LEXIMIN, TOTAL])


@MANY
@given(problems(), st.sampled_from(ORDERS), st.data())
def test_only_among_equals_and_as_far_as_it_goes(
    problem: Problem, order: list[str], data: st.DataObject
) -> None:
    pairs = [(one.left, one.right) for one in problem.edges]
    before = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    plain = replace(problem, objectives=order, levels=[2, 3], before=before)
    possible = list(every(plain))
    if not possible:
        return
    asked = replace(plain, objectives=[*order, EVEN])
    found, first = pairs_of(solve(asked)), pairs_of(solve(plain))
    assert broken(asked, found) == []
    # But for the lot, everything before it is as good as without it, and the sums are never worse.
    assert worth(plain, found)[:-1] == worth(plain, first)[:-1]
    assert [one for _name, one in worth(asked, found)[:-1]] <= [
        one for _name, one in worth(asked, first)[:-1]
    ]
    dice = data.draw(st.randoms(use_true_random=False))
    mixed = replace(asked, edges=dice.sample(list(asked.edges), len(asked.edges)))
    assert solve(mixed).digest == solve(asked).digest
    # No exchange of two is left that would help.
    own = [value for _name, value in worth(asked, found)[:-1]]
    for one, other in itertools.combinations(found, 2):
        exchanged = [pair for pair in found if pair not in (one, other)] + [
            (one[0], other[1]),
            (other[0], one[1]),
        ]
        if tuple(sorted(exchanged)) in possible:
            assert [value for _name, value in worth(asked, exchanged)[:-1]] >= own


def test_no_case_is_left_with_the_weakest() -> None:
    """Four cases, four reviewers of two places each: two strong, two weak. The lot alone may give a case both weak ones."""
    cases, people = ["c1", "c2", "c3", "c4"], {"strong1": 9, "strong2": 9, "weak1": 1, "weak2": 1}
    for seed in "abcdefgh":
        problem = Problem(
            [Node(one, most=2) for one in cases], [Node(one, most=2) for one in people],
            [Edge(one, other, score) for one in cases for other, score in people.items()],
            objectives=[LEVEL, TOTAL, EVEN], seed=seed,
        )  # fmt: skip
        sums = dict.fromkeys(cases, 0)
        for match in solve(problem).matches:
            sums[match.left] += match.score
        assert set(sums.values()) == {10}


def test_it_comes_last_or_not_at_all() -> None:
    with pytest.raises(ProblemFaulty, match="最後に"):
        solve(Problem([Node("a")], [Node("x")], [Edge("a", "x")], objectives=[EVEN, TOTAL]))
