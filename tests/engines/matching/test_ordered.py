"""Objectives in any order with limits of any kind, wishes with equals, and the checks, against brute force."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.matching.test_solving import MANY, SOME, Pairs, every, pairs_of, problems, table, worth

from tsunagu.engines.matching import (
    CHANGES,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    STABLE,
    TOTAL,
    Edge,
    Node,
    NothingFits,
    OutOfTime,
    Problem,
    ProblemFaulty,
    Resource,
    check,
    flow,
    ordered,
    reading,
    solve,
)

ORDERS = (
    [LEVEL, TOTAL], [MAXMIN, TOTAL], [TOTAL, MAXMIN], [CHANGES, LEVEL, MAXMIN, TOTAL], [LEXIMIN, MAXMIN, CHANGES], [LEVEL, LEXIMIN],
)  # fmt: skip


def measured(problem: Problem, taken: Pairs) -> tuple[int, ...]:
    """What counts, in turn: as `test_solving.worth`, and the least sum of those who want something."""
    score = {(one.left, one.right): one.score for one in problem.edges}
    found: list[int] = [-len(taken)]
    for one in problem.objectives:
        if one == MAXMIN:
            sums = [
                sum(score[pair] for pair in taken if pair[0] == node.key)
                for node in problem.left
                if node.most
            ]
            found.append(-min(sums, default=0))
        else:
            found += worth(problem, taken, [one])[1:]
    return tuple(found)


@MANY
@given(problems(groups=True), st.data())
def test_any_objectives_within_any_limits(problem: Problem, data: st.DataObject) -> None:
    """Groups, a resource, pins, least loads; often nothing fits."""
    uses = [data.draw(st.integers(0, 2)) for _edge in problem.edges]
    pairs = [(one.left, one.right) for one in problem.edges]
    asked = replace(
        problem,
        edges=[replace(one, uses={"時間": used}) for one, used in zip(problem.edges, uses, strict=True)],
        resources=[Resource("時間", data.draw(st.integers(0, 4)), data.draw(st.integers(0, 1)))],
        groups=problem.groups if data.draw(st.booleans()) else (),
        objectives=data.draw(st.sampled_from(ORDERS)), levels=[2, 3],
        before=data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else (),
    )  # fmt: skip
    by_pair = dict(zip(pairs, uses, strict=True))
    (hours,) = asked.resources
    possible = [
        one for one in every(asked) if hours.least <= sum(by_pair[pair] for pair in one) <= hours.most
    ]
    if not possible:
        with pytest.raises(NothingFits) as refusal:
            solve(asked)
        assert refusal.value.reasons
        return
    found = pairs_of(solve(asked))
    assert found in possible
    assert measured(asked, found) == min(measured(asked, one) for one in possible)


@SOME
@given(problems(), st.sampled_from(ORDERS))
def test_the_least_sum_among_other_objectives(problem: Problem, order: list[str]) -> None:
    """Also where not everybody can be served: as many as can be come first."""
    asked = replace(problem, objectives=order, levels=[2, 3])
    possible = list(every(asked))
    if possible:
        found = pairs_of(solve(asked))
        assert measured(asked, found) == min(measured(asked, one) for one in possible)


def tiers(draw: st.DrawFn, others: Sequence[str]) -> tuple[str | tuple[str, ...], ...]:
    """Some of the others, some of them equally dear."""
    named = draw(st.lists(st.sampled_from(others), unique=True))
    found: list[str | tuple[str, ...]] = []
    while named:
        size = draw(st.integers(1, len(named)))
        found.append(named[0] if size == 1 else tuple(named[:size]))
        named = named[size:]
    return tuple(found)


@st.composite
def wishing(draw: st.DrawFn) -> Problem:
    lefts, rights = [f"a{one}" for one in range(3)], [f"b{one}" for one in range(3)]
    return Problem(
        [Node(one, 0, 1, tiers(draw, rights)) for one in lefts],
        [Node(one, 0, draw(st.integers(0, 2)), tiers(draw, lefts)) for one in rights],
        [Edge(one, other) for one in lefts for other in rights], objectives=[STABLE], seed=draw(st.sampled_from("xyz")),
    )  # fmt: skip


@MANY
@given(wishing())
def test_with_equals_nobody_would_rather_regroup(problem: Problem) -> None:
    ranks = {
        node.key: {key: rank for rank, tier in enumerate(node.tiers) for key in tier}
        for node in (*problem.left, *problem.right)
    }
    has = dict(pairs_of(solve(problem)))
    held: dict[str, list[str]] = {node.key: [] for node in problem.right}
    for one, other in has.items():
        assert other in ranks[one]
        assert one in ranks[other]
        held[other].append(one)
    for one, node in itertools.product(problem.left, problem.right):
        assert len(held[node.key]) <= node.most
        if node.key not in ranks[one.key] or one.key not in ranks[node.key]:
            continue
        gains = one.key not in has or ranks[one.key][node.key] < ranks[one.key][has[one.key]]
        would = len(held[node.key]) < node.most or any(
            ranks[node.key][one.key] < ranks[node.key][other] for other in held[node.key]
        )
        assert not (gains and would)


def test_what_stable_cannot_keep_is_refused() -> None:
    problem = Problem(
        [Node("a", least=1, most=2, wishes=("x", ("x", "z")))], [Node("x")], [Edge("a", "x")], pins=[("a", "x")],
        objectives=[STABLE, TOTAL],
    )  # fmt: skip
    with pytest.raises(ProblemFaulty) as refusal:
        solve(problem)
    assert len(refusal.value.faults) == 6


def test_time_that_is_up_is_not_called_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem(
        [Node("a")], [Node("x")], [Edge("a", "x", uses={"m": 1})], resources=[Resource("m", 1)], seconds=5
    )
    assert len(solve(problem).matches) == 1

    def late(self: object) -> None:
        raise OutOfTime

    with monkeypatch.context() as patch:
        patch.setattr(ordered._Program, "_run", late)
        with pytest.raises(OutOfTime, match="時間内"):
            solve(problem)
    # With an answer already, it is given, and said to be unproven.
    dice = np.random.default_rng(3)
    cases, people = [f"c{one}" for one in range(60)], [f"p{one}" for one in range(20)]
    scores = dict(zip(people, dice.integers(0, 1_000_000, 20).tolist(), strict=True))
    hard = Problem(
        [Node(one, most=3) for one in cases], [Node(one, most=9) for one in people],
        [Edge(one, other, scores[other]) for one in cases for other in people], objectives=[LEVEL, MAXMIN], seconds=1,
    )  # fmt: skip
    found = solve(hard)
    assert len(found.matches) == 180
    assert set(found.loads.values()) == {9}
    assert "確かめられませんでした" in found.why


def test_the_check_in_turn_sees_what_is_wrong() -> None:
    net = table(12, 6)
    arcs = flow.arcs_of(net)
    costs = [
        flow.not_served(net, arcs), flow.cost_on_edges(net, (net.score < 500_000).astype(np.int64), arcs),
        flow.cost_on_edges(net, -net.score, arcs),
    ]  # fmt: skip
    chosen = flow.solve_costs(net, arcs, costs, seed="s", every_price=True)
    prices, kept = chosen.flow.prices, chosen.flow.flow
    assert len(chosen.costs) == len(prices) == 4
    assert check.unproven_in_turn(arcs, chosen.costs, kept, prices) == 0
    # By another order of what counts it is not the best: the prices say so.
    assert check.unproven_in_turn(arcs, chosen.costs[::-1], kept, prices) > 0
    worse = kept.copy()
    worse[np.flatnonzero(worse[: net.edges])[0]] -= 1
    assert check.unproven_in_turn(arcs, chosen.costs, worse, prices) > 0


@MANY
@given(problems(least=False))
def test_why_one_is_short_is_a_set_that_shows_it(problem: Problem) -> None:
    """Those named want more between them than the places they share have; but for pins, it is so in every assignment."""
    problem = replace(problem, pins=())
    most = {one.key: one.most for one in (*problem.left, *problem.right)}
    barred = {(one.left, one.right) for one in problem.forbidden}
    for one in solve(problem).unmet:
        assert one.left in one.among
        near = {
            edge.right
            for edge in problem.edges
            if edge.left in one.among and (edge.left, edge.right) not in barred
        }
        room = sum(
            min(
                most[place],
                sum(edge.left in one.among for edge in problem.edges if edge.right == place and (edge.left, place) not in barred),
            )
            for place in near
        )  # fmt: skip
        assert room < sum(most[key] for key in one.among)
        assert set(one.places) <= near


def test_resources_and_equals_in_the_document() -> None:
    text = """{"left": [{"key": "A", "wishes": [["x", "y"], "z"]}], "right": [{"key": "x"}, {"key": "y"}, {"key": "z"}],
    "edges": [{"left": "A", "right": "x", "uses": {"会議室": 2}}, {"left": "A", "right": "y", "uses": {"会議室": 1}}],
    "resources": [{"key": "会議室", "most": 1}]}"""
    problem = reading.read_problem(text)
    assert problem.left[0].tiers == [("x", "y"), ("z",)]
    assert pairs_of(solve(problem)) == (("A", "y"),)
    assert reading.document(reading.read_problem(reading.document(problem))) == reading.document(problem)
    with pytest.raises(ProblemFaulty) as refusal:
        reading.read_problem(text.replace('{"会議室": 1}', '{"会議室": 0.5}').replace('"z"]}', "3]}"))
    assert len(refusal.value.faults) == 2
    with pytest.raises(ProblemFaulty, match="資源「倉庫」がありません"):
        reading.read_problem(text.replace('{"会議室": 1}', '{"倉庫": 1}'))
