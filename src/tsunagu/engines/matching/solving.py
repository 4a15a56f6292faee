"""From a problem to its solution: the solver is chosen by what the problem asks for, and named in the answer."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tsunagu.engines.matching.blocking import blocked
from tsunagu.engines.matching.check import unproven, unproven_in_turn, weakly_blocking
from tsunagu.engines.matching.circulation import NoFlow
from tsunagu.engines.matching.compiling import Compiled, compiled, kept, loads, matches
from tsunagu.engines.matching.evening import evened
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
    solve_flow,
    uneven_loads,
)
from tsunagu.engines.matching.net import Flags
from tsunagu.engines.matching.ordered import solve_ordered
from tsunagu.engines.matching.problem import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    STABLE,
    TOTAL,
    NothingFits,
    Problem,
    Solution,
    Unmet,
)
from tsunagu.engines.matching.results import Blocked, Flip
from tsunagu.engines.matching.stable import deferred_acceptance
from tsunagu.engines.matching.values import broken


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
    if EVEN not in ready.problem.objectives:
        return _plainly(ready)
    first = _plainly(
        replace(
            ready,
            problem=replace(
                ready.problem, objectives=[one for one in ready.problem.objectives if one != EVEN]
            ),
        )
    )
    place = ready.place()
    pairs = [(ready.edges[at].left, ready.edges[at].right) for at in np.flatnonzero(first.taken).tolist()]
    taken = np.zeros(ready.net.edges, bool)
    taken[[place[pair] for pair in evened(ready.problem, pairs)]] = True
    return replace(first, taken=taken, why=f"{first.why}そのうえで、左側の合計の差を、交換で小さくしました。")


def _plainly(ready: Compiled) -> _Answer:
    problem = ready.problem
    if STABLE in problem.objectives:
        return _stable(ready)
    if problem.groups or problem.resources or _needs_rows(ready):
        found = solve_ordered(ready)
        cause = (
            "複数の上限が交わるので、"
            if problem.groups or problem.resources
            else "合計の公平をほかの目的と順に見るので、"
        )
        why = f"{cause}整数計画で解きました。" + (
            f"最善との差は最大{found.gap:.4%}です。" if found.gap > 0 else ""
        )
        if found.is_late:
            why += "時間内に、あとのほうの目的が最善であるとまでは確かめられませんでした。"
        return _Answer(found.taken, "branch-and-bound", why, found.bound)
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


# Beyond so many edges the order of keys decides between equals where fairness of sums is asked: a further search takes too long.
MOST_FOR_ROWS = 2_000


def _needs_rows(ready: Compiled) -> bool:
    """Whether the least sum stands among other objectives, or not everybody can be served, or equals are few enough to draw."""
    objectives = list(ready.problem.objectives)
    if MAXMIN not in objectives:
        return False
    if objectives not in ([MAXMIN], [MAXMIN, TOTAL]):
        return True
    served = solve_flow(ready.net, ties=False, prices=False)
    return bool((served.missing > 0).any()) or ready.net.edges <= MOST_FOR_ROWS


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
    chosen = solve_costs(net, arcs, costs, seed=problem.seed, every_price=True)
    wrong = unproven_in_turn(arcs, chosen.costs, chosen.flow.flow, chosen.flow.prices)
    if costs[0][net.edges + len(net.left)] > 1:
        wrong += unproven(net, chosen.taken, chosen.price, int(chosen.cost[net.edges + len(net.left)]))
    if wrong:
        raise CheckFailed(f"{wrong} arcs contradict the prices")
    return chosen


def _stable(ready: Compiled) -> _Answer:
    problem, net, place = ready.problem, ready.net, ready.place()
    lefts = {key: at for at, key in enumerate(net.left)}
    rights = {key: at for at, key in enumerate(net.right)}
    drawn = net.ties(problem.seed)
    nodes_left, nodes_right = {one.key: one for one in problem.left}, {one.key: one for one in problem.right}
    tiers_left = [
        [[rights[other] for other in tier if (key, other) in place] for tier in nodes_left[key].tiers]
        for key in net.left
    ]
    tiers_right = [
        [[lefts[one] for one in tier if (one, key) in place] for tier in nodes_right[key].tiers]
        for key in net.right
    ]

    def lot(left: int, right: int) -> int:
        return int(drawn[place[net.left[left], net.right[right]]])

    # Equals by lot: whoever is stable then is stable with the equals, too.
    wishes_left = [
        [other for tier in tiers for _lot, other in sorted((lot(at, each), each) for each in tier)]
        for at, tiers in enumerate(tiers_left)
    ]
    wishes_right = [
        [one for tier in tiers for _lot, one in sorted((lot(each, at), each) for each in tier)]
        for at, tiers in enumerate(tiers_right)
    ]
    places = net.most_right.tolist()
    open_left = [wishes if net.most_left[at] else [] for at, wishes in enumerate(wishes_left)]
    given = deferred_acceptance(open_left, wishes_right, places)
    wanting = [tiers if net.most_left[at] else [] for at, tiers in enumerate(tiers_left)]
    if blocking := weakly_blocking(wanting, tiers_right, places, given):
        raise CheckFailed(f"{len(blocking)} pairs would rather have each other")
    taken = np.zeros(net.edges, bool)
    for one, other in enumerate(given):
        if other >= 0:
            taken[place[net.left[one], net.right[other]]] = True
    return _Answer(
        taken,
        "deferred-acceptance",
        "互いの希望の順から、どの組も崩れない組み合わせにしました（左側が申し込む形）。",
    )


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
        unmet=_unmet(ready, answer, short),
        loads=loads(ready, taken),
        solver=answer.solver,
        total=int(net.score[taken].sum()),
        why=answer.why,
        bound=answer.bound,
        worth=_worth(answer.chosen) if answer.chosen is not None else {},
        shared=shared,
        digest=hashlib.sha256(repr([(one.left, one.right) for one in pairs]).encode()).hexdigest(),
    )


# To look for a set for each of very many would take longer than anybody reads.
MOST_SETS = 50


def _unmet(ready: Compiled, answer: _Answer, short: Sequence[tuple[str, int]]) -> tuple[Unmet, ...]:
    net, found = ready.net, []
    at = {key: place for place, key in enumerate(net.left)}
    for number, (key, missing) in enumerate(short):
        lefts, rights = (
            deficient(answer.chosen, at[key])
            if answer.chosen is not None and number < MOST_SETS
            else ([], [])
        )
        found.append(
            Unmet(
                key, missing, _against(ready, key, answer.taken), tuple(net.left[one] for one in lefts),
                tuple(net.right[one] for one in rights),
            )
        )  # fmt: skip
    return tuple(found)


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
    return (*reasons, f"上限に達している {full}") if full else tuple(reasons)


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
