"""The engine against brute force on small problems: rules, objectives, ties, repairs, what would flip a match."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tsunagu.engines.matching import (
    CHANGES,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    STABLE,
    TOTAL,
    Edge,
    Forbidden,
    Group,
    Node,
    NothingFits,
    Problem,
    ProblemFaulty,
    check,
    flips,
    flow,
    reading,
    repaired,
    solve,
)
from tsunagu.engines.matching.compiling import compiled
from tsunagu.engines.matching.cover import cheapest_cover
from tsunagu.engines.matching.meetings import schedule
from tsunagu.engines.matching.net import net_of
from tsunagu.engines.matching.stable import deferred_acceptance
from tsunagu.engines.matching.teams import Project, Talent, choose_teams, possible_teams

MANY = settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
SOME = settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
Pairs = tuple[tuple[str, str], ...]


@st.composite
def problems(draw: st.DrawFn, *, least: bool = True, groups: bool = False) -> Problem:
    """Up to ten edges: ties, conflicts, pins, least loads that may be impossible."""
    cases = [f"c{number}" for number in range(draw(st.integers(1, 4)))]
    people = [f"p{number}" for number in range(draw(st.integers(1, 4)))]
    pairs = draw(st.lists(st.sampled_from(list(itertools.product(cases, people))), unique=True, max_size=10))
    edges = [Edge(*pair, draw(st.integers(0, 4))) for pair in pairs]
    barred = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    pins = (
        [
            pair
            for pair in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=1))
            if pair not in barred
        ]
        if pairs
        else []
    )

    def node(key: str, most: int) -> Node:
        low = draw(st.integers(0, min(1, most))) if least else 0
        return Node(key, low, most)

    return Problem(
        left=[node(one, draw(st.integers(0, 2))) for one in cases],
        right=[node(one, draw(st.integers(0, 3))) for one in people],
        edges=edges,
        forbidden=[Forbidden(*pair, "利益相反") for pair in barred],
        pins=pins,
        groups=[Group("g", tuple(people[:2]), draw(st.integers(0, 3)))] if groups else (),
        seed="s",
    )  # fmt: skip


def every(problem: Problem) -> Iterator[Pairs]:
    """All assignments that keep all the rules."""
    barred = {(one.left, one.right) for one in problem.forbidden}
    pairs = [(one.left, one.right) for one in problem.edges if (one.left, one.right) not in barred]
    cost = {(one.left, one.right): one.cost for one in problem.edges}
    for chosen in itertools.product([False, True], repeat=len(pairs)):
        taken = tuple(sorted(pair for pair, is_in in zip(pairs, chosen, strict=True) if is_in))
        counts = {one.key: 0 for one in (*problem.left, *problem.right)}
        for left, right in taken:
            counts[left] += 1
            counts[right] += 1
        if any(not one.least <= counts[one.key] <= one.most for one in (*problem.left, *problem.right)):
            continue
        if not set(problem.pins) <= set(taken):
            continue
        if any(
            not one.least <= sum(cost[pair] for pair in taken if set(pair) & set(one.members)) <= one.most
            for one in problem.groups
        ):
            continue
        yield taken


def worth(problem: Problem, taken: Sequence[tuple[str, str]], objectives: Sequence[str]) -> tuple[int, ...]:
    """What counts, in turn; smaller is better."""
    score = {(one.left, one.right): one.score for one in problem.edges}
    loads = {one.key: 0 for one in problem.right}
    for _left, right in taken:
        loads[right] += 1
    found: list[int] = [-len(taken)]
    for one in objectives:
        if one == LEVEL:
            found.append(sum(count * (count - 1) // 2 for count in loads.values()))
        elif one == LEXIMIN:
            found += [sum(score[pair] < level for pair in taken) for level in problem.levels]
        elif one == TOTAL:
            found.append(-sum(score[pair] for pair in taken))
        elif one == CHANGES:
            found.append(sum(pair not in problem.before for pair in taken))
    return tuple(found)


def pairs_of(solution: object) -> Pairs:
    return tuple((one.left, one.right) for one in solution.matches)  # type: ignore[attr-defined]


def agrees(problem: Problem) -> None:
    possible = list(every(problem))
    if not possible:
        with pytest.raises(NothingFits) as refusal:
            solve(problem)
        assert refusal.value.reasons
        return
    found = pairs_of(solve(problem))
    assert found in possible
    best = min(worth(problem, one, problem.objectives) for one in possible)
    assert worth(problem, found, problem.objectives) == best


@MANY
@given(problems())
def test_as_many_as_can_be_then_the_best_total(problem: Problem) -> None:
    agrees(problem)


@MANY
@given(problems(least=False))
def test_level_loads_before_the_total(problem: Problem) -> None:
    agrees(replace(problem, objectives=[LEVEL, TOTAL]))


@MANY
@given(problems(), st.data())
def test_levels_and_changes_in_any_order(problem: Problem, data: st.DataObject) -> None:
    order = data.draw(st.permutations([LEXIMIN, TOTAL, CHANGES]))
    pairs = [(one.left, one.right) for one in problem.edges]
    before = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    agrees(replace(problem, objectives=order, levels=[1, 2, 3], before=before))


@MANY
@given(problems(groups=True))
def test_limits_that_cross(problem: Problem) -> None:
    agrees(replace(problem, objectives=[TOTAL]))


@MANY
@given(problems(least=False))
def test_the_worst_off_get_the_most_there_can_be(problem: Problem) -> None:
    """Where everybody can have all they want."""
    million = replace(problem, edges=[replace(one, score=one.score * 1_000_000) for one in problem.edges])
    wanted = sum(one.most for one in problem.left)
    possible = [one for one in every(million) if len(one) == wanted]
    asked = replace(million, objectives=[MAXMIN])
    if not possible or not wanted:
        return
    score = {(one.left, one.right): one.score for one in million.edges}
    takers = [one.key for one in problem.left if one.most]

    def least(taken: Pairs) -> int:
        return min(sum(score[pair] for pair in taken if pair[0] == one) for one in takers)

    best = max(least(one) for one in possible)
    found = pairs_of(solve(asked))
    assert least(found) == best, asked
    assert sum(score[pair] for pair in found) == max(
        sum(score[pair] for pair in one) for one in possible if least(one) == best
    )


@MANY
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(problem: Problem, dice: object) -> None:
    def mixed(rows: Sequence[object]) -> list[object]:
        return dice.sample(list(rows), len(rows))  # type: ignore[attr-defined]

    try:
        before = solve(problem)
    except NothingFits:
        return
    other = replace(problem, left=mixed(problem.left), right=mixed(problem.right), edges=mixed(problem.edges))
    assert solve(other).digest == before.digest


@MANY
@given(problems(), st.data())
def test_what_would_flip_a_match_is_exact(problem: Problem, data: st.DataObject) -> None:
    problem = replace(problem, edges=[replace(one, score=one.score * 10) for one in problem.edges])
    barred = {(one.left, one.right) for one in problem.forbidden}
    open_edges = [one for one in problem.edges if (one.left, one.right) not in barred]
    possible = list(every(problem))
    if not open_edges or not possible:
        return
    edge = data.draw(st.sampled_from(open_edges))
    (flip,) = flips(problem, [(edge.left, edge.right)])

    def reached(by: int) -> tuple[bool, bool]:
        """(some best assignment has the pair, some best assignment goes without it) with the score changed."""
        score = edge.score + by
        changed = replace(
            problem, edges=[replace(one, score=score) if one is edge else one for one in problem.edges]
        )
        ranked = [(worth(changed, one, [TOTAL]), (edge.left, edge.right) in one) for one in possible]
        best = min(value for value, _has in ranked)
        has = {one for value, one in ranked if value == best}
        return True in has, False in has

    if flip.by is None:
        assert (
            reached(1000)[0] == reached(-1000)[0] == flip.is_taken or (edge.left, edge.right) in problem.pins
        )
    elif flip.is_taken:
        assert reached(-flip.by) == (True, True)
        assert not reached(-flip.by - 1)[0]
    else:
        assert reached(flip.by) == (True, True)
        assert reached(flip.by + 1)[0]
        assert not reached(flip.by - 1)[0]


@MANY
@given(problems(least=False), st.data())
def test_a_repair_changes_the_fewest(problem: Problem, data: st.DataObject) -> None:
    out = data.draw(st.sampled_from([one.key for one in problem.right]))
    problem = replace(problem, pins=())
    before = solve(problem)
    difference = repaired(problem, before, withdrawn=[out], keep_all=True)
    gone = [replace(one, least=0, most=0) if one.key == out else one for one in problem.right]
    after = replace(problem, right=gone, before=pairs_of(before), objectives=[CHANGES, TOTAL])
    best = min(worth(after, one, after.objectives) for one in every(after))
    assert worth(after, pairs_of(difference.solution), after.objectives) == best
    assert all(out not in pair for pair in pairs_of(difference.solution))


def table(left: int, right: int, seed: int = 1) -> "flow.Net":
    dice = np.random.default_rng(seed)
    tail, head = np.divmod(np.arange(left * right), right)
    return net_of(
        [f"a{one:04d}" for one in range(left)], [f"b{one:04d}" for one in range(right)], tail, head,
        dice.integers(0, 1_000_000, left * right), most_left=np.full(left, 3), most_right=np.full(right, 3 * left // right + 1),
    )  # fmt: skip


def test_pricing_gives_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    net = table(120, 60)
    whole = flow.solve_flow(net, seed="x")
    monkeypatch.setattr(flow, "MANY_EDGES", 100)
    monkeypatch.setattr(flow, "PROMISING", 4)
    part = flow.solve_flow(net, seed="x")
    assert (part.taken == whole.taken).all()
    served = int(part.cost[net.edges + len(net.left)])
    assert check.unproven(net, part.taken, part.price, served) == 0


def test_the_checker_sees_what_is_wrong() -> None:
    net = table(12, 6)
    chosen = flow.solve_flow(net)
    served = int(chosen.cost[net.edges + len(net.left)])
    assert check.broken_rules(net, chosen.taken) == []
    assert check.unproven(net, chosen.taken, chosen.price, served) == 0
    worse = chosen.taken.copy()
    worse[np.flatnonzero(worse)[0]] = False
    assert check.unproven(net, worse, chosen.price, served) > 0
    assert check.broken_rules(net, np.ones(net.edges, bool))
    assert check.unproven(net, chosen.taken, chosen.price + np.arange(len(chosen.price)) * 10**7, served) > 0


@SOME
@given(st.integers(1, 4), st.integers(1, 3), st.randoms(use_true_random=False))
def test_nobody_would_rather_regroup(left: int, right: int, dice: object) -> None:
    shuffled = dice.sample  # type: ignore[attr-defined]
    ones, others = list(range(left)), list(range(right))
    wishes_left = [shuffled(others, dice.randint(0, right)) for _one in ones]  # type: ignore[attr-defined]
    wishes_right = [shuffled(ones, dice.randint(0, left)) for _one in others]  # type: ignore[attr-defined]
    places = [dice.randint(0, 2) for _one in others]  # type: ignore[attr-defined]
    given_ = deferred_acceptance(wishes_left, wishes_right, places)
    assert check.blocking_pairs(wishes_left, wishes_right, places, given_) == []
    stable = [
        one
        for one in itertools.product([-1, *others], repeat=left)
        if all(
            two == -1 or (two in wishes_left[at] and at in wishes_right[two]) for at, two in enumerate(one)
        )
        and all(one.count(two) <= places[two] for two in others)
        and not check.blocking_pairs(wishes_left, wishes_right, places, list(one))
    ]
    # Of all the stable ones it is the best for every left node at once.
    for other in stable:
        for at in ones:
            rank = [*wishes_left[at], -1]
            assert rank.index(given_[at]) <= rank.index(other[at])


def test_stable_by_the_document() -> None:
    problem = Problem(
        [Node("甲", wishes=("x", "y")), Node("乙", wishes=("x", "y"))],
        [Node("x", wishes=("乙", "甲")), Node("y", wishes=("甲", "乙"))],
        [Edge(one, other) for one in "甲乙" for other in "xy"],
        objectives=[STABLE],
    )
    assert pairs_of(solve(problem)) == (("乙", "x"), ("甲", "y"))


@SOME
@given(st.data())
def test_covers_are_the_smallest(data: st.DataObject) -> None:
    needs = ["a", "b", "c", "d"][: data.draw(st.integers(1, 4))]
    able = {
        f"o{number}": data.draw(st.frozensets(st.sampled_from(["a", "b", "c", "d"])))
        for number in range(data.draw(st.integers(0, 6)))
    }
    found = cheapest_cover(needs, able)
    sizes = [
        size
        for size in range(len(able) + 1)
        for chosen in itertools.combinations(able, size)
        if set(needs) <= set().union(*(able[one] for one in chosen))
    ]
    if sizes:
        assert len(found.chosen) == sizes[0]
        assert set(needs) <= set().union(*(able[one] for one in found.chosen))
    else:
        assert set(found.uncovered) == set(needs) - set().union(*able.values(), set())


def test_teams_cover_what_is_needed_and_coalitions_are_listed() -> None:
    talents = [
        Talent("設計", frozenset({"web", "ui"}), 20), Talent("分析", frozenset({"data"}), 20),
        Talent("広報", frozenset({"pr", "data"}), 10), Talent("全部", frozenset({"web", "data", "pr"}), 40, most=2),
    ]  # fmt: skip
    projects = [
        Project("酒造", frozenset({"web", "data"}), 10),
        Project("旅館", frozenset({"pr", "web"}), 10),
    ]
    scores = {(one.key, other.key): 500_000 for one in projects for other in talents}
    scores["酒造", "全部"] = scores["旅館", "全部"] = 900_000
    found = choose_teams(projects, talents, scores)
    assert {one.project for one in found.chosen} == {"酒造", "旅館"}
    for team in found.chosen:
        assert 2 <= len(team.members) <= 4
        assert all(team.covers.values())
    lacking = choose_teams([Project("林業", frozenset({"drone"}), 10)], talents, {("林業", "設計"): 1})
    assert lacking.without == (("林業", "skill drone"),)
    assert all(len(one.members) <= 4 for one in possible_teams(projects[0], talents, scores))


@SOME
@given(st.data())
def test_meetings_never_clash(data: st.DataObject) -> None:
    left, right = [f"a{one}" for one in range(4)], [f"b{one}" for one in range(3)]
    pairs = data.draw(st.lists(st.sampled_from(list(itertools.product(left, right))), unique=True))
    rounds, tables = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    found = schedule(left, right, [(*pair, 1) for pair in pairs], rounds=rounds, tables=tables)
    assert {(one, other) for _round, one, other in found} <= set(pairs)
    for number in range(rounds):
        held = [(one, other) for at, one, other in found if at == number]
        assert len({one for one, _other in held}) == len(held) == len({other for _one, other in held})
        assert len(held) <= tables
    most = min(rounds * tables, sum(min(rounds, sum(one == key for one, _ in pairs)) for key in left))
    assert len(found) <= most


def test_documents_are_read_and_refused(tmp_path: object) -> None:
    good = {
        "left": [{"key": "A", "most": 2}],
        "right": [{"key": "x"}],
        "edges": [{"left": "A", "right": "x", "score": 5}],
    }
    problem = reading.read_problem(json.dumps(good))
    assert json.loads(reading.written(solve(problem)))["matches"][0]["right"] == "x"
    bad = {
        **good,
        "edges": [{"left": "A", "score": 1.5}, {"left": "B", "right": "x"}],
        "colour": 1,
        "objectives": ["joy"],
    }
    with pytest.raises(ProblemFaulty) as refusal:
        reading.read_problem(json.dumps(bad))
    assert len(refusal.value.faults) == 2
    with pytest.raises(ProblemFaulty):
        reading.read_problem("{")
    twice = {
        **good,
        "right": [{"key": "x"}, {"key": "x"}],
        "pins": [{"left": "A", "right": "z"}],
        "objectives": ["joy"],
    }
    with pytest.raises(ProblemFaulty) as refusal:
        reading.read_problem(json.dumps(twice))
    assert len(refusal.value.faults) == 3
    assert compiled(problem).net.edges == 1


@pytest.mark.parametrize(
    "order", ["ortools.graph.python.min_cost_flow, highspy", "highspy, ortools.graph.python.min_cost_flow"]
)
def test_both_solvers_live_in_one_process(order: str) -> None:
    """highspy from 1.15 on and ortools 9.15 do not (google/or-tools #5246)."""
    first, second = order.split(", ")
    work = f"import {first}; import {second}; import highspy; highspy.Highs().run()"
    assert subprocess.run([sys.executable, "-c", work], capture_output=True).returncode == 0
