"""Instances for the matching engine, made from a written seed: the same everywhere.

Scores are cosines of topics with noise, as expertise scores are; `bids` are whole numbers with many ties.
"""

import os
import re
import sys
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tsunagu.engines.matching.net import Net, net_of

SEED = 20260401
# What yes, maybe and no are worth.
BIDS = (1.0, 0.5, 0.25)


@dataclass(frozen=True)
class Instance:
    """`scores[paper, reviewer]` between 0 and 1; each paper wants `demand`, each reviewer takes `least` to `most`."""

    name: str
    scores: NDArray[np.float64]
    demand: int
    least: int
    most: int
    barred: NDArray[np.bool_] | None = None

    def net(self) -> Net:
        papers, reviewers = self.scores.shape
        open_ = np.arange(papers * reviewers)
        if self.barred is not None:
            open_ = np.flatnonzero(~self.barred.ravel())
        tail, head = np.divmod(open_, reviewers)
        return net_of(
            [f"p{one:06d}" for one in range(papers)], [f"r{one:06d}" for one in range(reviewers)], tail, head,
            np.rint(self.scores.ravel()[open_] * 1_000_000).astype(np.int64), most_left=np.full(papers, self.demand),
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


def public_folder() -> Path | None:
    """Where instances of real conferences lie: `TSUNAGU_MATCHING_DATA`. They are others' data and are not shipped."""
    place = Path(os.environ.get("TSUNAGU_MATCHING_DATA", "") or "/nonexistent")
    return place if place.is_dir() else None


def public() -> list[Instance]:
    """Every folder with `scores.npy`, `covs.npy`, `loads.npy` (and `loads-lb.npy`) as in iesl/fair-matching, and every
    `.cat` file of bids as in PrefLib (00037, 00039): yes, maybe, no; a paper in no category is a conflict."""
    folder = public_folder()
    found = []
    for scores in sorted(folder.rglob("scores.npy")) if folder else ():
        found += _by_arrays(scores.parent)
    for bids in sorted(folder.rglob("*.cat")) if folder else ():
        found.append(_by_bids(bids))
    return found


def _by_arrays(folder: Path) -> list[Instance]:
    scores = np.load(folder / "scores.npy", allow_pickle=False).T
    demand, most = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("covs", "loads"))
    if len(set(demand.tolist())) > 1 or len(set(most.tolist())) > 1:
        return []
    found = [Instance(folder.name, scores, int(demand[0]), 0, int(most[0]))]
    lower = folder / "loads-lb.npy"
    if lower.exists():
        least = int(np.load(lower, allow_pickle=False)[0])
        found.append(Instance(f"{folder.name} least {least}", scores, int(demand[0]), least, int(most[0])))
    return found


def _by_bids(path: Path) -> Instance:
    text = path.read_text(encoding="utf-8")
    papers = int(re.findall(r"# NUMBER ALTERNATIVES: (\d+)", text)[0])
    voters = [line for line in text.splitlines() if line and not line.startswith("#")]
    scores = np.zeros((papers, len(voters)))
    for voter, line in enumerate(voters):
        groups = re.findall(r"\{([^}]*)\}|(?:^|[:,])\s*(\d+)(?=,|$)", line.partition(":")[2])
        for value, (several, one) in zip(BIDS, groups, strict=False):
            for paper in filter(None, (several or one).split(",")):
                scores[int(paper) - 1, voter] = value
    most = -(-papers * 3 * 6 // (5 * len(voters)))
    return Instance(path.stem, scores, 3, 0, most, scores == 0)


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
    barred = np.zeros(instance.scores.shape, dtype=int)
    if instance.barred is not None:
        barred[instance.barred] = -1
    # Costs as its own encoder makes them: hundredths, whole.
    return Encoder(instance.scores, barred, np.trunc(-100 * instance.scores).astype(int))


def bounds(instance: Instance) -> tuple[list[int], list[int], list[int]]:
    """(least, most) of each reviewer and the demand of each paper."""
    papers, reviewers = instance.scores.shape
    return [instance.least] * reviewers, [instance.most] * reviewers, [instance.demand] * papers
