"""What a case needs, when it grows stale, and what makes two cases alike. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagu.engines.textsearch.folding import fold

STALE_AFTER = timedelta(days=365)
MOST_RELATED = 5


class NotAllowed(Exception):
    """An act that cannot be done now; the text says why and what to do."""


@dataclass(frozen=True)
class Alike:
    """What of a case is compared."""

    key: int
    industry: str
    field: str
    technologies: Collection[str]
    prefecture: str


@dataclass(frozen=True)
class Reason:
    """What two cases have in common. `kind`: industry, field, technology, prefecture; `value`: which."""

    kind: str
    value: str


# Meeting the same problem in the same trade tells most; being neighbours tells least.
POINTS = {"field": 4, "industry": 4, "technology": 3, "prefecture": 1}


def related(one: Alike, others: Collection[Alike]) -> list[tuple[int, tuple[Reason, ...]]]:
    """Other cases with what they have in common, the likest first; those with nothing in common are left out."""
    found = [(other.key, common(one, other)) for other in others if other.key != one.key]
    scored = [(sum(POINTS[reason.kind] for reason in reasons), key, reasons) for key, reasons in found]
    best = sorted(
        (entry for entry in scored if entry[0] > POINTS["prefecture"]),
        key=lambda entry: (-entry[0], entry[1]),
    )
    return [(key, reasons) for _score, key, reasons in best[:MOST_RELATED]]


def common(one: Alike, other: Alike) -> tuple[Reason, ...]:
    """What two cases share."""
    shared = []
    for kind in ("field", "industry", "prefecture"):
        value = getattr(one, kind)
        if value and value == getattr(other, kind):
            shared.append(Reason(kind, value))
    theirs = {fold(name) for name in other.technologies}
    shared += [Reason("technology", name) for name in one.technologies if fold(name) in theirs]
    return tuple(sorted(shared, key=lambda reason: -POINTS[reason.kind]))


def is_stale(verified_on: date | None, today: date) -> bool:
    """Whether it is a year since somebody said that it is still true."""
    return verified_on is not None and today - verified_on > STALE_AFTER
