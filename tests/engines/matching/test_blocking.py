"""Why no assignment keeps all the least loads: a smallest set of nodes, against brute force."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.matching.test_solving import MANY, every

from tsunagu.engines.matching import MAXMIN, Edge, Forbidden, Node, NothingFits, Problem, in_words, solve


@st.composite
def tight(draw: st.DrawFn) -> Problem:
    """Least loads on both sides, often too many."""
    lefts, rights = [f"c{one}" for one in range(3)], [f"p{one}" for one in range(3)]
    pairs = draw(st.lists(st.sampled_from(list(itertools.product(lefts, rights))), unique=True, max_size=8))

    def node(key: str) -> Node:
        most = draw(st.integers(0, 3))
        return Node(key, draw(st.integers(0, most)), most)

    return Problem(
        [node(one) for one in lefts], [node(one) for one in rights], [Edge(*pair) for pair in pairs],
        pins=draw(st.lists(st.sampled_from(pairs), unique=True, max_size=1)) if pairs else [],
    )  # fmt: skip


def _without(problem: Problem, keys: set[str], only: set[str]) -> Problem:
    """The least loads of `only` alone, but for those of `keys`."""

    def eased(side: list[Node]) -> list[Node]:
        return [one if one.key in only - keys else replace(one, least=0) for one in side]

    return replace(problem, left=eased(list(problem.left)), right=eased(list(problem.right)))


@MANY
@given(tight())
def test_the_set_cannot_be_served_and_none_of_it_is_needless(problem: Problem) -> None:
    if next(iter(every(problem)), None) is not None:
        solve(problem)
        return
    with pytest.raises(NothingFits) as refusal:
        solve(problem)
    assert refusal.value.reasons
    for one in refusal.value.blocked:
        keys = set(one.keys)
        assert one.places < one.needed
        assert next(iter(every(_without(problem, set(), keys))), None) is None
        for key in keys:
            assert _possible(_without(problem, {key}, keys)) or _pins_break(problem)
        assert in_words(one, {one.keys[0]: "山田"}).startswith("「山田」")
    assert refusal.value.blocked or _pins_break(problem)


def _possible(problem: Problem) -> bool:
    return next(iter(every(problem)), None) is not None


def _pins_break(problem: Problem) -> bool:
    """Whether what is pinned is too much by itself."""
    eased = _without(problem, set(), set())
    return not _possible(eased)


def _keys(refusal: NothingFits) -> Iterator[tuple[str, ...]]:
    return (one.keys for one in refusal.blocked)


def test_who_and_why_in_words() -> None:
    """Three reviewers must have two each, and two of them may only have one case between them."""
    problem = Problem(
        [Node("案件1", most=2), Node("案件2", most=2), Node("案件3", most=2)],
        [Node(name, 2, 3) for name in ("甲", "乙", "丙")],
        [Edge("案件1", "甲"), Edge("案件1", "乙"), Edge("案件2", "甲"), *(Edge(f"案件{n}", "丙") for n in (1, 2, 3))],
        [Forbidden("案件3", "甲", "利益相反"), Forbidden("案件2", "乙", "利益相反"), Forbidden("案件3", "乙", "利益相反")],
    )  # fmt: skip
    with pytest.raises(NothingFits) as refusal:
        solve(problem)
    assert list(_keys(refusal.value)) == [("乙",)]
    assert refusal.value.reasons == (
        "「乙」は少なくとも2件のはずですが、組める相手（「案件1」）には1件分しかありません。",
    )
    crowded = Problem([Node("案件1", most=3)], [Node("甲", 1), Node("乙", 1), Node("丙", 1)],
                      [Edge("案件1", name) for name in "甲乙丙"])  # fmt: skip
    assert len(solve(crowded).matches) == 3
    with pytest.raises(NothingFits) as refusal:
        solve(replace(crowded, left=[Node("案件1", most=2)]))
    assert list(_keys(refusal.value)) == [("丙", "乙", "甲")]
    assert "合わせて少なくとも3件" in refusal.value.reasons[0]


def test_who_wants_nothing_does_not_lower_the_bound() -> None:
    """A node that wants no match used to hold the least sum down to nothing, and that was called proven."""
    million = 1_000_000
    problem = Problem(
        [Node("c0", most=0), Node("c1"), Node("c2")], [Node("p0"), Node("p1")],
        [Edge("c1", "p1", 3 * million), Edge("c2", "p1", million), Edge("c2", "p0", 0), Edge("c1", "p0", million)],
        objectives=[MAXMIN],
    )  # fmt: skip
    found = solve(problem)
    assert {(one.left, one.right) for one in found.matches} == {("c1", "p0"), ("c2", "p1")}
    assert found.bound == million
