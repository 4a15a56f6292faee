"""From a problem to its solution: the solver is chosen by what the problem asks for, and named in the answer."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tsunagu.engines.matching.blocking import Blocked, blocked
from tsunagu.engines.matching.check import unproven
from tsunagu.engines.matching.circulation import NoFlow
from tsunagu.engines.matching.compiling import Compiled, compiled, kept, loads, matches
from tsunagu.engines.matching.fair import solve_fair
from tsunagu.engines.matching.flow import (
    Chosen,
    arcs_of,
    cost_on_edges,
    deficient,
    flip_scores,
    not_served,
    served_then_total,
    solve_costs,
    uneven_loads,
)
from tsunagu.engines.matching.grouped import solve_grouped
from tsunagu.engines.matching.net import Flags, Ints
from tsunagu.engines.matching.problem import (
    CHANGES,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    STABLE,
    TOTAL,
    Flip,
    Node,
    NothingFits,
    Problem,
    Solution,
    Unmet,
)
from tsunagu.engines.matching.stable import deferred_acceptance
from tsunagu.engines.matching.worth import broken


class CheckFailed(RuntimeError):
    """A solver gave what the independent check refuses; nothing of it is shown."""


@dataclass(frozen=True)
class _Answer:
    taken: Flags
    solver: str
    why: str
    bound: int | None = None
    chosen: Chosen | None = None


def solve(problem: Problem) -> Solution:
    """The assignment that is best by the problem's objectives, in turn. Raises `ProblemFaulty`, `NothingFits`."""
    ready = compiled(problem)
    try:
        answer = _by_structure(ready)
    except NoFlow:
        sets = blocked(ready.net)
        raise NothingFits(*_why_nothing_fits(ready, sets), blocked=sets) from None
    return _told(ready, answer)


def _by_structure(ready: Compiled) -> _Answer:
    problem = ready.problem
    if STABLE in problem.objectives:
        return _stable(ready)
    if problem.groups:
        found = solve_grouped(ready, _costs_on_edges(ready))
        why = "複数の上限が交わるので、整数計画で解きました。" + (
            f"最善との差は最大{found.gap:.4%}です。" if found.gap > 0 else ""
        )
        return _Answer(found.taken, "branch-and-bound", why)
    if MAXMIN in problem.objectives:
        fair = solve_fair(ready.net, seconds=problem.seconds)
        why = "いちばん低い合計を、できるだけ高くしました。" + (
            "これ以上は高くできません。" if fair.is_proven else ""
        )
        return _Answer(fair.taken, "bound-and-rows", why, fair.bound)
    chosen = chosen_by_flow(ready)
    return _Answer(
        chosen.taken, "min-cost-flow", "上限が入れ子なので、最小費用流で厳密に解きました。", chosen=chosen
    )


def _costs_on_edges(ready: Compiled) -> list[Ints]:
    """The objectives that stand on edges, in turn, ties last."""
    net, costs = ready.net, []
    for one in ready.problem.objectives:
        if one == LEXIMIN:
            costs += [(net.score < level).astype(np.int64) for level in ready.problem.levels]
        elif one == TOTAL:
            costs.append(-net.score)
        elif one == CHANGES:
            costs.append(kept(ready))
    return [*costs, net.ties(ready.problem.seed)]


def chosen_by_flow(ready: Compiled) -> Chosen:
    """Every objective in turn on one flow. Raises `NoFlow`."""
    net, problem = ready.net, ready.problem
    arcs = arcs_of(net, by_unit=LEVEL in problem.objectives)
    if problem.objectives and problem.objectives[0] == TOTAL:
        costs = [served_then_total(net, arcs)]
        rest = list(problem.objectives[1:])
    else:
        costs, rest = [not_served(net, arcs)], list(problem.objectives)
    for one in rest:
        if one == LEVEL:
            costs.append(uneven_loads(net, arcs))
        elif one == LEXIMIN:
            costs += [
                cost_on_edges(net, (net.score < level).astype(np.int64), arcs) for level in problem.levels
            ]
        elif one == TOTAL:
            costs.append(cost_on_edges(net, -net.score, arcs))
        elif one == CHANGES:
            costs.append(cost_on_edges(net, kept(ready), arcs))
    chosen = solve_costs(net, arcs, costs, seed=problem.seed)
    if costs[0][net.edges + len(net.left)] > 1:
        wrong = unproven(net, chosen.taken, chosen.price, int(chosen.cost[net.edges + len(net.left)]))
        if wrong:
            raise CheckFailed(f"{wrong} arcs contradict the prices")
    return chosen


def _stable(ready: Compiled) -> _Answer:
    problem, net = ready.problem, ready.net
    lefts, rights = (
        {key: at for at, key in enumerate(net.left)},
        {key: at for at, key in enumerate(net.right)},
    )
    allowed = set(ready.place())
    wishes_left = [_wishes(_node(problem.left, key), rights, allowed, left=True) for key in net.left]
    wishes_right = [_wishes(_node(problem.right, key), lefts, allowed, left=False) for key in net.right]
    given = deferred_acceptance(wishes_left, wishes_right, net.most_right.tolist())
    place, taken = ready.place(), np.zeros(net.edges, bool)
    for one, other in enumerate(given):
        if other >= 0:
            taken[place[net.left[one], net.right[other]]] = True
    return _Answer(
        taken,
        "deferred-acceptance",
        "互いの希望の順から、どの組も崩れない組み合わせにしました（左側が申し込む形）。",
    )


def _node(side: Sequence[Node], key: str) -> Node:
    return next(one for one in side if one.key == key)


def _wishes(node: Node, places: dict[str, int], allowed: set[tuple[str, str]], *, left: bool) -> list[int]:
    pairs = [(node.key, other) if left else (other, node.key) for other in node.wishes]
    return [places[other] for pair, other in zip(pairs, node.wishes, strict=True) if pair in allowed]


def _told(ready: Compiled, answer: _Answer) -> Solution:
    net, taken = ready.net, answer.taken
    pairs = matches(ready, taken)
    if wrong := broken(ready.problem, [(one.left, one.right) for one in pairs]):
        raise CheckFailed("\n".join(wrong))
    counts = np.bincount(net.tail[taken], minlength=len(net.left))
    short = [
        (key, int(net.most_left[at] - counts[at]))
        for at, key in enumerate(net.left)
        if counts[at] < net.most_left[at]
    ]
    shared: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    if short and answer.chosen is not None:
        lefts, rights = deficient(answer.chosen)
        shared = (tuple(net.left[one] for one in lefts), tuple(net.right[one] for one in rights))
    return Solution(
        matches=pairs,
        unmet=tuple(Unmet(key, missing, _against(ready, key, taken)) for key, missing in short),
        loads=loads(ready, taken),
        solver=answer.solver,
        total=int(net.score[taken].sum()),
        why=answer.why,
        bound=answer.bound,
        worth=_worth(answer.chosen) if answer.chosen is not None else {},
        shared=shared,
        digest=hashlib.sha256(repr([(one.left, one.right) for one in pairs]).encode()).hexdigest(),
    )


def _worth(chosen: Chosen) -> dict[str, int]:
    """What one more place at each right node that is full would add to the total."""
    net, left = chosen.net, len(chosen.net.left)
    rights = chosen.price[1 + left : -1]
    loads_right = np.bincount(net.head[chosen.taken], minlength=len(net.right))
    gains = chosen.price[-1] - rights
    return {
        key: int(gains[at])
        for at, key in enumerate(net.right)
        if loads_right[at] >= net.most_right[at] and gains[at] > 0 and gains[at] < chosen.cost.max()
    }


def _against(ready: Compiled, left: str, taken: Flags) -> tuple[str, ...]:
    """What stands against more matches: rules by name with how many, and how many are full."""
    rules: dict[str, int] = {}
    for one in ready.problem.forbidden:
        if one.left == left:
            rules[one.rule] = rules.get(one.rule, 0) + 1
    net = ready.net
    counts = np.bincount(net.head[taken], minlength=len(net.right))
    own = [at for at, one in enumerate(ready.edges) if one.left == left and not taken[at]]
    full = sum(1 for at in own if counts[net.head[at]] >= net.most_right[net.head[at]])
    reasons = [f"{rule} {count}" for rule, count in sorted(rules.items())]
    return (*reasons, f"full {full}") if full else tuple(reasons)


def _why_nothing_fits(ready: Compiled, sets: Sequence[Blocked]) -> list[str]:
    """Which least loads or pins cannot be kept: the nodes by name, and what stands against it."""
    net, reasons = ready.net, [str(one) for one in sets]
    pinned_right = np.bincount(net.head[net.fixed], minlength=len(net.right))
    pinned_left = np.bincount(net.tail[net.fixed], minlength=len(net.left))
    for keys, counts, most in (
        (net.left, pinned_left, net.most_left),
        (net.right, pinned_right, net.most_right),
    ):
        reasons += [
            f"「{keys[at]}」に固定された{counts[at]}件が、上限の{most[at]}件を超えています。"
            for at in np.flatnonzero(counts > most).tolist()
        ]
    return reasons or ["最少の件数・上限・固定を、すべて同時に守ることができません。どれかを緩めてください。"]


def flips(problem: Problem, pairs: Sequence[tuple[str, str]]) -> list[Flip]:
    """For pairs that may be matched: how much more each would need to be taken, or could lose and stay. Exact for the total."""
    ready = compiled(problem)
    arcs = arcs_of(ready.net)
    chosen = solve_costs(ready.net, arcs, [served_then_total(ready.net, arcs)], seed=problem.seed)
    place = ready.place()
    edges = [place[pair] for pair in pairs]
    return [
        Flip(pair[0], pair[1], bool(chosen.taken[edge]), by)
        for pair, edge, by in zip(pairs, edges, flip_scores(chosen, edges), strict=True)
    ]
