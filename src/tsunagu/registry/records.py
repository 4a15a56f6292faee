"""The register as plain values that cannot query: the whole book of labs, and how it reads on one day."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.rules import Certainty, Happening, Span, status_as_of


@dataclass(frozen=True)
class DesignationRecord:
    """One designation; `certainty`, `status`, `reason` and `since` hold for the day the book was opened on.

    `selected` is when it was selected, or may have been; None when nothing at all is known.
    `selected_label` is that date in the page's language, '' when only a span is known.
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

    def on(self, day: date) -> "DesignationRecord":
        """The designation as of a day; of two events on one day the later recorded counts."""
        happened = [event for event in self.events if event.when.by(day) is Certainty.CERTAIN]
        last = sorted(happened, key=lambda event: event.when.latest)[-1] if happened else None
        return replace(
            self,
            certainty=self.selected.by(day) if self.selected else Certainty.POSSIBLE,
            status=status_as_of(happened, day),
            reason=last.reason if last else "",
            since=last.when if last else None,
        )


@dataclass(frozen=True)
class LabRecord:
    """One lab with its place and its designations, oldest first."""

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
    designations: tuple[DesignationRecord, ...] = ()

    @property
    def current(self) -> DesignationRecord:
        """The designation that counts: the last certain one not moved away from, else the last one."""
        certain = [one for one in self.designations if one.certainty is Certainty.CERTAIN]
        staying = [one for one in certain if one.status is not Status.MOVED]
        return (staying or certain or list(self.designations))[-1]

    @property
    def is_certain(self) -> bool:
        return any(one.certainty is Certainty.CERTAIN for one in self.designations)

    def on(self, day: date) -> "LabRecord":
        """The lab as of a day, with the designations it had, or may have had, by then."""
        opened = (one.on(day) for one in self.designations)
        return replace(self, designations=tuple(one for one in opened if one.certainty is not Certainty.NO))


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


@dataclass(frozen=True)
class Book:
    """Every lab there ever was; open it on any day."""

    labs: tuple[LabRecord, ...]
    _opened: dict[date, Register] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: date) -> Register:
        if day not in self._opened:
            opened = (lab.on(day) for lab in self.labs)
            self._opened[day] = Register(day, tuple(lab for lab in opened if lab.designations))
        return self._opened[day]


def count_certain(labs: Iterable[LabRecord]) -> int:
    return sum(1 for lab in labs if lab.is_certain)
