"""The catalogue of computed figures, and the records they may look at."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsunagu.figures.rules import Computed, Count
from tsunagu.registry.models import Criterion, Merit, Round
from tsunagu.registry.records import Register


@dataclass(frozen=True)
class Answers:
    """What a published survey found: the key of its page, answers by option (None where hidden as too few), and how many were asked."""

    page: str
    counts: Mapping[str, int | None]
    asked: int | None = None


@dataclass(frozen=True)
class World:
    """The records as of one day, read once for all figures.

    `labs_doing` gives the labs (by pk) with an activity of a group in the year up to the day; None where none at all is logged.
    `reasons_for_not_moving` gives the counts of the latest published survey by the day, by reason; None without one.
    """

    register: Register
    rounds: tuple[Round, ...]
    merits: tuple[Merit, ...]
    criteria: tuple[Criterion, ...]
    reasons_for_not_moving: Callable[[], Answers | None] = lambda: None
    activity_asked: Callable[[], Answers | None] = lambda: None
    labs_doing: Callable[[str], frozenset[int] | None] = lambda _group: None
    _counts: dict[Hashable, Count] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, count: Callable[[], Count]) -> Count:
        """A count several figures share, made once."""
        if key not in self._counts:
            self._counts[key] = count()
        return self._counts[key]


@dataclass(frozen=True)
class Definition:
    """A figure: its code in the published document, a title, what exactly is counted, and the function that does."""

    code: str
    title: Any
    counts: Any
    compute: Callable[[World], Computed]
    denominator: Any = ""


CATALOGUE: dict[str, Definition] = {}

Compute = Callable[[World], Computed]


def figure(code: str, *, title: Any, counts: Any, denominator: Any = "") -> Callable[[Compute], Compute]:
    """Enter a function into the catalogue under the code of the published figure it computes."""

    def enter(compute: Compute) -> Compute:
        CATALOGUE[code] = Definition(code, title, counts, compute, denominator)
        return compute

    return enter
