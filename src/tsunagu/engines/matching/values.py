"""What an assignment is worth by each objective in turn, counted from the document alone: no solver, no arrays.

It says which of two assignments is better and by which objective, and checks whatever a solver gave.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from tsunagu.engines.matching.net import tie
from tsunagu.engines.matching.problem import (
    CHANGES,
    EVEN,
    LEVEL,
    LEXIMIN,
    MAXMIN,
    SERVED,
    TIES,
    TOTAL,
    Problem,
)

Pair = tuple[str, str]


def worth(problem: Problem, pairs: Iterable[Pair]) -> list[tuple[str, int]]:
    """(objective, value) in the order they count; smaller is better."""
    taken = list(pairs)
    scores = {(one.left, one.right): one.score for one in problem.edges}
    found = [(SERVED, -len(taken))]
    for objective in problem.objectives:
        found += [(objective, value) for value in _values(problem, objective, taken, scores)]
    return [*found, (TIES, sum(tie(*pair, problem.seed) for pair in taken))]


def _values(problem: Problem, objective: str, taken: list[Pair], scores: Mapping[Pair, int]) -> list[int]:
    if objective == LEVEL:
        loads = dict.fromkeys((one.key for one in problem.right), 0)
        for _left, right in taken:
            loads[right] += 1
        return [sum(count * (count - 1) // 2 for count in loads.values())]
    if objective == LEXIMIN:
        return [sum(scores.get(pair, 0) < level for pair in taken) for level in problem.levels]
    if objective == MAXMIN:
        sums = {one.key: 0 for one in problem.left if one.most}
        for pair in taken:
            sums[pair[0]] += scores.get(pair, 0)
        return [-min(sums.values(), default=0)]
    if objective == EVEN:
        found = dict.fromkeys((one.key for one in problem.left), 0)
        for pair in taken:
            found[pair[0]] += scores.get(pair, 0)
        return [-value for value in sorted(found.values())]
    if objective == TOTAL:
        return [-sum(scores.get(pair, 0) for pair in taken)]
    if objective == CHANGES:
        before = set(problem.before)
        return [sum(pair not in before for pair in taken)]
    return []


def broken(problem: Problem, pairs: Iterable[Pair]) -> list[str]:
    """Every rule of the document an assignment does not keep, in words; empty when it keeps them all."""
    taken = list(pairs)
    possible = {(one.left, one.right): one for one in problem.edges}
    barred = {(one.left, one.right): one.rule for one in problem.forbidden}
    pinned = set(problem.pins)
    faults = [
        f"「{one}」と「{other}」: {barred[one, other]}" for one, other in taken if (one, other) in barred
    ]
    faults += [
        f"「{one}」と「{other}」: 組めない相手です。"
        for one, other in taken
        if (one, other) not in possible and (one, other) not in pinned
    ]
    faults += [
        f"「{one}」と「{other}」: 2度あります。" for (one, other), n in Counter(taken).items() if n > 1
    ]
    faults += [f"「{one}」と「{other}」: 固定が外れています。" for one, other in pinned - set(taken)]
    for place, side in ((0, problem.left), (1, problem.right)):
        loads: dict[str, int] = {}
        for pair in taken:
            loads[pair[place]] = loads.get(pair[place], 0) + 1
        faults += [
            f"「{node.key}」: {loads.get(node.key, 0)}件（{node.least}〜{node.most}件のはずです）。"
            for node in side
            if not node.least <= loads.get(node.key, 0) <= node.most
        ]
    for group in problem.groups:
        members = set(group.members)
        used = sum(possible[pair].cost if pair in possible else 1 for pair in taken if members & set(pair))
        if not group.least <= used <= group.most:
            faults.append(f"組「{group.key}」: {used}（{group.least}〜{group.most}のはずです）。")
    for resource in problem.resources:
        used = sum(possible[pair].uses.get(resource.key, 0) for pair in taken if pair in possible)
        if not resource.least <= used <= resource.most:
            faults.append(f"資源「{resource.key}」: {used}（{resource.least}〜{resource.most}のはずです）。")
    return faults
