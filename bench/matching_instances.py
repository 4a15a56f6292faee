"""Instances for the matching engine, made from a written seed: the same everywhere.

Scores are cosines of topics with noise, as expertise scores are; `bids` are whole numbers with many ties.
"""

import os
import sys
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsunagu.engines.matching.net import Net, net_of

SEED = 20260401


@dataclass(frozen=True)
class Instance:
    """`scores[paper, reviewer]` between 0 and 1; each paper wants `demand`, each reviewer takes `least` to `most`."""

    name: str
    scores: NDArray[np.float64]
    demand: int
    least: int
    most: int

    def net(self) -> Net:
        papers, reviewers = self.scores.shape
        tail, head = np.divmod(np.arange(papers * reviewers), reviewers)
        return net_of(
            [f"p{one:06d}" for one in range(papers)], [f"r{one:06d}" for one in range(reviewers)], tail, head,
            np.rint(self.scores.ravel() * 1_000_000).astype(np.int64), most_left=np.full(papers, self.demand),
            most_right=np.full(reviewers, self.most), least_right=np.full(reviewers, self.least),
        )  # fmt: skip

    def total(self, taken: NDArray[Any]) -> float:
        """The sum of scores of a table of 0 and 1."""
        return float((self.scores * taken).sum())

    def least_sum(self, taken: NDArray[Any]) -> float:
        """What the worst-off paper gets."""
        return float((self.scores * taken).sum(axis=1).min())


def made(
    name: str, papers: int, reviewers: int, demand: int, *, least: int = 0, bids: bool = False
) -> Instance:
    """Ten topics a side; caps a fifth above what is needed."""
    dice = np.random.default_rng([SEED, papers, reviewers, demand, int(bids)])
    one, other = dice.gamma(0.3, size=(papers, 10)), dice.gamma(0.3, size=(reviewers, 10))
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    scores = np.clip(one @ other.T + dice.normal(0, 0.05, (papers, reviewers)), 0.001, 1.0)
    # Two decimals, as the peer keeps; bids have five values.
    scores = np.maximum(np.round(scores * 4) / 4, 0.25) if bids else np.round(np.maximum(scores, 0.01), 2)
    most = -(-papers * demand * 6 // (5 * reviewers))
    return Instance(name, scores, demand, least, max(most, least, 1))


def small() -> list[Instance]:
    """100–200 papers, 50–150 reviewers."""
    return [
        made("120x60x3", 120, 60, 3),
        made("120x60x3 least 2", 120, 60, 3, least=2),
        made("177x118x3", 177, 118, 3),
        made("200x150x3 least 2", 200, 150, 3, least=2),
        made("200x100x3 bids", 200, 100, 3, bids=True),
    ]


def peer_folder() -> Path | None:
    """Where openreview-matcher 2.0.7 lies: `TSUNAGU_ORM`."""
    place = Path(os.environ.get("TSUNAGU_ORM", "") or "/nonexistent")
    return place if (place / "matcher" / "solvers" / "minmax_solver.py").exists() else None


def peer(name: str) -> Any:
    """A module of the peer's solvers, without its optional ones. Raises `ImportError`."""
    import importlib
    import types

    folder = peer_folder()
    if folder is None:
        raise ImportError("openreview-matcher")
    if "matcher.solvers" not in sys.modules:
        # Its package imports solvers that need Gurobi; the ones compared with need not.
        for package, place in (
            ("matcher", folder / "matcher"),
            ("matcher.solvers", folder / "matcher" / "solvers"),
        ):
            module = types.ModuleType(package)
            module.__path__ = [str(place)]
            sys.modules[package] = module
    return importlib.import_module(f"matcher.solvers.{name}")


Encoder = namedtuple("Encoder", ["aggregate_score_matrix", "constraint_matrix", "cost_matrix"])


def encoded(instance: Instance) -> Encoder:
    """An instance as the peer takes it."""
    none = np.zeros(instance.scores.shape, dtype=int)
    # Costs as its own encoder makes them: hundredths, whole.
    return Encoder(instance.scores, none, np.trunc(-100 * instance.scores).astype(int))


def bounds(instance: Instance) -> tuple[list[int], list[int], list[int]]:
    """(least, most) of each reviewer and the demand of each paper."""
    papers, reviewers = instance.scores.shape
    return [instance.least] * reviewers, [instance.most] * reviewers, [instance.demand] * papers
