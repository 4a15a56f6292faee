"""The register as plain values that cannot query: the whole book of labs, and how it reads on one day.

Named tuples: a page may open hundreds of labs on several days, and frozen dataclasses cost three times as much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.rules import Certainty, Happening, Span, last_event, status_after


class DesignationRecord(NamedTuple):
    """One designation; `certainty`, `status`, `reason` and `since` hold for the day the book was opened on.

    `selected` is when it was selected, or may have been; None when nothing at all is known.
    `selected_label` is that date in the page's language, '' when only a span is known.
    `events` stand in the order in which they count (`rules.in_order`).
    """

    pk: int
    scheme: str
    round_id: int | None
    round_number: int | None
    category: str
    selected: Span | None
    selected_label: str
    events: tuple[Happening, ...] = ()
    succeeds_id: int | None = None
    certainty: Certainty = Certainty.POSSIBLE
    status: Status = Status.SELECTED
    reason: str = ""
    since: Span | None = None

    @property
    def scheme_label(self) -> str:
        return str(Scheme(self.scheme).label)

    def on(self, day: date) -> "DesignationRecord":
        """The designation as of a day."""
        last = last_event(self.events, day) if self.events else None
        return DesignationRecord(
            *self[:9],
            self.selected.by(day) if self.selected else Certainty.POSSIBLE,
            status_after(last),
            last.reason if last else "",
            last.when if last else None,
        )


class LabRecord(NamedTuple):
    """One lab with its place and its designations, oldest first.

    Opened on a day, `current` is the designation that counts (see `current_of`) and `is_certain` tells whether the
    lab had certainly been selected by then.
    """

    pk: int
    slug: str
    name: str
    region_id: int
    region_code: str
    region_name: str
    region_kind: str
    bureau_code: str
    bureau_name: str
    prefecture_code: str
    prefecture_name: str
    words: str
    lat: float | None
    lon: float | None
    name_in_english: str = ""
    website: str = ""
    summary: str = ""
    designations: tuple[DesignationRecord, ...] = ()
    is_certain: bool = False
    current_index: int = -1

    @property
    def current(self) -> DesignationRecord:
        """The designation that counts on the day."""
        return self.designations[self.current_index]

    def on(self, day: date) -> "LabRecord":
        """The lab as of a day, with the designations it had, or may have had, by then."""
        opened = [one for known in self.designations if (one := known.on(day)).certainty is not Certainty.NO]
        certain = any(one.certainty is Certainty.CERTAIN for one in opened)
        return self._replace(designations=tuple(opened), is_certain=certain, current_index=current_of(opened))


def current_of(designations: Sequence[DesignationRecord]) -> int:
    """Which designation counts: the last certain one not moved away from, else the last certain one, else the last."""
    certain = [place for place, one in enumerate(designations) if one.certainty is Certainty.CERTAIN]
    staying = [place for place in certain if designations[place].status is not Status.MOVED]
    return (staying or certain or [len(designations) - 1])[-1]


@dataclass(frozen=True)
class Register:
    """All labs that were, or may have been, selected by a day."""

    as_of: date
    labs: tuple[LabRecord, ...]

    @property
    def certain(self) -> list[LabRecord]:
        """Labs that had certainly been selected by then."""
        return [lab for lab in self.labs if lab.is_certain]

    def in_scheme(self, scheme: Scheme) -> list[LabRecord]:
        """Labs whose current designation is under the scheme."""
        return [lab for lab in self.labs if lab.current.scheme == scheme]


def _opened(labs: tuple[LabRecord, ...], day: date) -> Register:
    opened = (lab.on(day) for lab in labs)
    return Register(day, tuple(lab for lab in opened if lab.designations))


class Book:
    """Every lab there ever was; `on` opens it on any day and remembers the days opened last."""

    def __init__(self, labs: tuple[LabRecord, ...]) -> None:
        self.labs = labs
        self.on: Callable[[date], Register] = lru_cache(maxsize=16)(partial(_opened, labs))
