"""What the selectors hand out: the register on one day, as plain values that cannot query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.rules import Certainty, Span


@dataclass(frozen=True)
class DesignationRecord:
    """One designation as of the register's day."""

    pk: int
    scheme: str
    round_id: int | None
    round_number: int | None
    category: str
    selected: Span | None
    selected_label: str
    certainty: Certainty
    status: Status
    succeeds_id: int | None = None
    reason: str = ""
    since: Span | None = None


@dataclass(frozen=True)
class LabRecord:
    """One lab as of the register's day, with every designation it had by then, oldest first."""

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
    search_text: str
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


@dataclass(frozen=True)
class Register:
    """All labs that were, or may have been, selected by a day."""

    as_of: date
    labs: tuple[LabRecord, ...]
    by_slug: dict[str, LabRecord] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_slug", {lab.slug: lab for lab in self.labs})

    def in_scheme(self, scheme: Scheme) -> list[LabRecord]:
        """Labs whose current designation is under the scheme."""
        return [lab for lab in self.labs if lab.current.scheme == scheme]


def count_certain(labs: Iterable[LabRecord]) -> int:
    return sum(1 for lab in labs if lab.is_certain)
