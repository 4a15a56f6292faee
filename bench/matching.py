"""The matching engine beside openreview-matcher 2.0.7, on the same instances in the same run. `python -m bench.matching`.

The peer: a checkout of openreview/openreview-matcher at v2.0.7, its folder in `TSUNAGU_ORM`. Instances of real conferences:
a folder in `TSUNAGU_MATCHING_DATA`.
"""

import logging
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from bench.matching_instances import SEED, Instance, bounds, encoded, made, peer, peer_folder, public, small
from bench.numbers import Number, absent, at_least, at_most, exactly
from tsunagu.engines.matching import check
from tsunagu.engines.matching.fair import solve_fair
from tsunagu.engines.matching.flow import Chosen, flip_scores, solve_flow
from tsunagu.engines.matching.net import Net, net_of
from tsunagu.engines.matching.stable import deferred_acceptance

HOW = "git clone openreview/openreview-matcher (v2.0.7); TSUNAGU_ORM=その場所"
HOW_PUBLIC = (
    "iesl/fair-matching の data/midl と PrefLib の .cat（00037・00039）を置き、TSUNAGU_MATCHING_DATA=その場所"
)
# Beside others on the machine the hardest instance takes minutes.
SECONDS = 600.0
QUIET = logging.getLogger("bench.peer")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


def timed(work: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """The median of the seconds, and what came of it."""
    times, found = [], None
    for _turn in range(repeats):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2], found


def min_max(instance: Instance) -> Any:
    """The peer's own best total: a table of 0 and 1.

    It is told to keep the least loads of reviewers without a score too, as the product does; else it drops them.
    """
    least, most, demand = bounds(instance)
    solver = peer("minmax_solver").MinMaxSolver(
        least, most, demand, encoded(instance), allow_zero_score_assignments=True, logger=QUIET
    )
    return np.asarray(solver.solve())


def fair_flow(instance: Instance) -> Any:
    """The peer's fair solver."""
    least, most, demand = bounds(instance)
    solver = peer("fairflow").FairFlow(
        least, most, demand, encoded(instance), allow_zero_score_assignments=True, logger=QUIET
    )
    return np.asarray(solver.solve())


def compared(instances: list[Instance], name: str, ratio: float, repeats: int = 3) -> Iterator[Number]:
    """Total and time beside the peer's MinMax."""
    if peer_folder() is None:
        yield absent(f"matching.{name}_beside_peer", HOW, f">= {ratio:g} x")
        return
    worst_gain, worst_ratio, wrong = float("inf"), float("inf"), 0
    for instance in instances:
        net = instance.net()
        # The peer tells no prices: they are left out of the time, and asked for when the result is checked.
        mine, _plain = timed(lambda net=net: solve_flow(net, ties=False, prices=False), max(repeats, 5))
        chosen = solve_flow(net, ties=False)
        theirs, table = timed(lambda one=instance: min_max(one), 1 if len(instances) == 1 else repeats)
        wrong += len(check.broken_rules(net, chosen.taken)) + _unproven(chosen)
        worst_gain = min(worst_gain, chosen.total / 1e6 - instance.total(table))
        worst_ratio = min(worst_ratio, theirs / mine)
    yield at_least(f"matching.{name}_total_minus_peer", round(worst_gain, 6), -1e-6)
    yield at_least(f"matching.{name}_times_faster", round(worst_ratio, 1), ratio, "x")
    yield exactly(f"matching.{name}_check", f"{wrong} wrong", "0 wrong")


def _unproven(chosen: Chosen) -> int:
    served = int(chosen.cost[chosen.net.edges + len(chosen.net.left)])
    return check.unproven(chosen.net, chosen.taken, chosen.price, served)


def fairness(instances: list[Instance], name: str = "fair") -> Iterator[Number]:
    """The least sum and the total beside the peer's FairFlow."""
    if peer_folder() is None:
        yield absent(f"matching.{name}_beside_peer", HOW, ">= 0")
        return
    least, total, proven = float("inf"), float("inf"), 0
    for instance in instances:
        found = solve_fair(instance.net(), seconds=SECONDS)
        table = fair_flow(instance)
        least = min(least, found.least / 1e6 - instance.least_sum(table))
        total = min(total, found.total / 1e6 - instance.total(table))
        proven += found.is_proven
    yield at_least(f"matching.{name}_least_minus_fairflow", round(least, 6), -1e-6)
    yield at_least(f"matching.{name}_total_minus_fairflow", round(total, 6), -1e-6)
    yield exactly(
        f"matching.{name}_least_proven",
        f"{proven} of {len(instances)}",
        f"{len(instances)} of {len(instances)}",
    )


def on_public_ones() -> Iterator[Number]:
    """The same on instances of real conferences, each by its name."""
    instances = public()
    if not instances:
        yield absent("matching.public_instances", HOW_PUBLIC, ">= peer")
        return
    for instance in instances:
        name = f"public[{instance.name}]"
        if peer_folder() is None:
            chosen = solve_flow(instance.net(), ties=False)
            wrong = len(check.broken_rules(chosen.net, chosen.taken)) + _unproven(chosen)
            yield exactly(f"matching.{name}_check", f"{wrong} wrong", "0 wrong")
            continue
        # Below a hundred papers a second is no measure of anything.
        yield from compared([instance], name, 25 if instance.scores.shape[0] >= 100 else 1)
        yield from fairness([instance], f"{name}_fair")


def large() -> Iterator[Number]:
    """Big instances, each in a process of its own, so that its memory is its own."""
    for name, seconds, megabytes in (("dense", 10.0, 1500.0), ("sparse", 30.0, 0.0), ("stable", 3.0, 0.0)):
        done = subprocess.run(
            [sys.executable, "-m", "bench.matching", name],
            capture_output=True,
            text=True,
            env=dict(os.environ),
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        took, memory, wrong = done.stdout.split()[-3:]
        yield at_most(f"matching.{name}_seconds", float(took), seconds, "s")
        if megabytes:
            yield at_most(f"matching.{name}_memory", float(memory), megabytes, "MB")
        yield exactly(f"matching.{name}_wrong", int(wrong), 0)


def _report(took: float, wrong: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(round(took, 2), round(memory), wrong)


def dense() -> None:
    """5,000 × 10,000, every pair: solved on the promising ones, certified on all 50 million."""
    from tsunagu.engines.matching.dense import solve_dense

    dice = np.random.default_rng([SEED, 5])
    one = dice.gamma(0.3, size=(5000, 10)).astype(np.float32)
    other = dice.gamma(0.3, size=(10_000, 10)).astype(np.float32)
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    scores = (np.clip(one @ other.T, 0, 1) * 1_000_000).astype(np.int32)
    started = time.perf_counter()
    found = solve_dense(scores, most_left=np.full(5000, 3), most_right=np.full(10_000, 2))
    _report(
        time.perf_counter() - started,
        _unproven(found.chosen) + len(check.broken_rules(found.chosen.net, found.chosen.taken)),
    )


def sparse() -> None:
    """100,000 × 20,000 with 50 edges each."""
    dice = np.random.default_rng([SEED, 6])
    tail = np.repeat(np.arange(100_000), 50)
    head = ((tail * 7919 + np.tile(np.arange(50), 100_000) * 397) + dice.integers(0, 390, len(tail))) % 20_000
    pairs = np.unique(tail * 20_000 + head)
    tail, head = pairs // 20_000, pairs % 20_000
    score = dice.integers(1, 1_000_000, len(pairs))
    net = net_of(
        [f"a{one:06d}" for one in range(100_000)], [f"b{one:06d}" for one in range(20_000)], tail, head, score,
        most_left=np.full(100_000, 1), most_right=np.full(20_000, 6),
    )  # fmt: skip
    started = time.perf_counter()
    chosen = solve_flow(net, ties=False)
    _report(time.perf_counter() - started, _unproven(chosen) + len(check.broken_rules(net, chosen.taken)))


def stable() -> None:
    """100,000 × 5,000, twenty wishes each."""
    dice = np.random.default_rng([SEED, 7])
    first = dice.integers(0, 5000, (100_000, 1))
    wishes = ((first + np.cumsum(dice.integers(1, 240, (100_000, 20)), axis=1)) % 5000).tolist()
    back: list[list[int]] = [[] for _one in range(5000)]
    for one in dice.permutation(100_000).tolist():
        for other in wishes[one]:
            back[other].append(one)
    places = [18] * 5000
    started = time.perf_counter()
    given = deferred_acceptance(wishes, back, places)
    took = time.perf_counter() - started
    _report(took, len(check.blocking_pairs(wishes, back, places, given)))


def _named(net: Net, taken: Any) -> set[tuple[str, str]]:
    return {(net.left[net.tail[edge]], net.right[net.head[edge]]) for edge in np.flatnonzero(taken)}


def steadiness() -> Iterator[Number]:
    """Rows in another order, one edge barred, and what would flip a match, on scores with many ties."""
    instance = made("bids", 200, 100, 3, bids=True)
    net = instance.net()
    chosen = solve_flow(net, seed="2026")
    dice = np.random.default_rng([SEED, 8])
    order = dice.permutation(net.edges)
    rows, columns = dice.permutation(len(net.left)), dice.permutation(len(net.right))
    shuffled = net_of(
        [net.left[at] for at in rows], [net.right[at] for at in columns], np.argsort(rows)[net.tail[order]],
        np.argsort(columns)[net.head[order]], net.score[order], most_left=net.most_left[rows],
        most_right=net.most_right[columns],
    )  # fmt: skip
    again = solve_flow(shuffled, seed="2026")
    yield exactly(
        "matching.changed_by_order", len(_named(net, chosen.taken) ^ _named(shuffled, again.taken)), 0
    )
    most = 0
    for edge in dice.choice(np.flatnonzero(chosen.taken), 20, replace=False):
        kept = np.flatnonzero(np.arange(net.edges) != edge)
        without = replace(
            net, tail=net.tail[kept], head=net.head[kept], score=net.score[kept], fixed=net.fixed[kept]
        )
        repaired = solve_flow(without, seed="2026", further=[(~chosen.taken[kept]).astype(np.int64)])
        most = max(most, len(_named(net, chosen.taken) - _named(without, repaired.taken)))
    yield at_most("matching.changes_when_one_pair_is_barred", most, 2, "matches", "worst of 20")
    yield from _flips(made("flips", 100, 60, 3), dice)


def _flips(instance: Instance, dice: Any) -> Iterator[Number]:
    net = instance.net()
    chosen = solve_flow(net, ties=False)
    edges = dice.choice(net.edges, 200, replace=False).tolist()
    agree = sum(
        _agrees(net, chosen, edge, by) for edge, by in zip(edges, flip_scores(chosen, edges), strict=True)
    )
    yield exactly("matching.flip_scores_verified", f"{agree} of 200", "200 of 200")


def _agrees(net: Net, chosen: Chosen, edge: int, by: int | None) -> bool:
    """Solved again with the score just short of the turning point, and just past it."""
    if by is None:
        return True
    sign = -1 if chosen.taken[edge] else 1
    before, after = (_has(net, edge, sign * (by + step)) for step in (-1, 1))
    return before == bool(chosen.taken[edge]) and after != bool(chosen.taken[edge])


def _has(net: Net, edge: int, by: int) -> bool:
    score = net.score.copy()
    score[edge] += by
    return bool(solve_flow(replace(net, score=score), ties=False, prices=False).taken[edge])


def measure() -> Iterator[Number]:
    """Every number of the engine."""
    yield from compared(small(), "small", 25)
    yield from compared([made("500x2000", 2000, 500, 3)], "500x2000x3", 100)
    yield from fairness(small())
    yield from on_public_ones()
    yield from large()
    yield from steadiness()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"dense": dense, "sparse": sparse, "stable": stable}[sys.argv[1]]()
    else:
        for number in measure():
            print(number.line(), flush=True)
