"""An imported list against itself, its own statements and the records (seed A1–A3)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tsunagu.findings.checks.raised import Raised

SUFFIXES = "都道府県市区町村"


@dataclass(frozen=True)
class Place:
    """A region a printed name may mean; `code` is its 全国地方公共団体コード, or '' for a group."""

    key: str
    code: str
    name: str
    bureau: str


@dataclass(frozen=True)
class PrintedRow:
    """A row of a list as printed. `bureau` is our code of the bureau it stands under, or ''."""

    number: int
    name: str
    bureau: str = ""
    scheme: str = ""
    lg_code: str = ""


@dataclass(frozen=True)
class Selected:
    """A region the records know as selected by the list's day."""

    key: str
    name: str
    bureau: str
    what: str
    slug: str


@dataclass(frozen=True)
class Reading:
    """A row with the places its name may mean: exactly one when it is settled."""

    row: PrintedRow
    exact: tuple[Place, ...]
    near: tuple[Place, ...] = ()

    @property
    def place(self) -> Place | None:
        return self.exact[0] if len(self.exact) == 1 else None

    @property
    def subject(self) -> str:
        return self.place.name if self.place else self.row.name


def read(rows: Sequence[PrintedRow], places: Sequence[Place]) -> list[Reading]:
    """What each printed name may mean, within its bureau: the exact name, or else the name less its suffix."""
    by_name: dict[str, list[Place]] = defaultdict(list)
    by_stem: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_name[place.name].append(place)
        by_stem[place.name.rstrip(SUFFIXES)].append(place)
    readings = []
    for row in rows:
        exact = _fitting(by_name[row.name], row)
        near = () if exact else _fitting(by_stem[row.name.rstrip(SUFFIXES)], row)
        readings.append(Reading(row, exact, near))
    return readings


def _fitting(places: Sequence[Place], row: PrintedRow) -> tuple[Place, ...]:
    if row.lg_code:
        return tuple(place for place in places if place.code == row.lg_code)
    return tuple(place for place in places if not row.bureau or place.bureau == row.bureau)


def repeated_rows(readings: Sequence[Reading]) -> Iterator[Raised]:
    """A region printed twice, also when once without its suffix (神奈川 beside 神奈川県)."""
    rows_of: dict[str, list[Reading]] = defaultdict(list)
    names: dict[str, str] = {}
    for reading in readings:
        for place in reading.exact or reading.near:
            rows_of[place.key].append(reading)
            names[place.key] = place.name
    for key, group in sorted(rows_of.items()):
        if len(group) > 1 and any(reading.exact for reading in group):
            yield Raised(
                "row_repeated",
                names[key],
                {
                    "name": names[key],
                    "rows": [reading.row.number for reading in group],
                    "printed": [reading.row.name for reading in group],
                },
            )


def rows_without_code(readings: Sequence[Reading]) -> Iterator[Raised]:
    """Rows whose name does not settle one 全国地方公共団体コード."""
    for reading in readings:
        if reading.row.lg_code or (reading.place and reading.place.code):
            continue
        yield Raised(
            "row_without_code",
            f"{reading.row.number}:{reading.row.name}",
            {
                "row": reading.row.number,
                "name": reading.row.name,
                "candidates": [place.name for place in (*reading.exact, *reading.near)],
                "is_group": bool(reading.place),
            },
        )


def blank_schemes(readings: Sequence[Reading]) -> Iterator[Raised]:
    """Rows that do not say under which scheme the region was selected; one finding for the whole list."""
    blank = [reading.row for reading in readings if not reading.row.scheme]
    if blank:
        yield Raised(
            "rows_without_scheme",
            "scheme",
            {"count": len(blank), "rows": [row.number for row in blank], "of": len(readings)},
        )


def recorded_but_absent(readings: Sequence[Reading], selected: Sequence[Selected]) -> Iterator[Raised]:
    """Regions the records know as selected by then that the list does not print."""
    printed = {place.key for reading in readings for place in (*reading.exact, *reading.near)}
    for region in selected:
        if region.key not in printed:
            yield Raised(
                "recorded_but_absent",
                region.key,
                {"name": region.name, "what": region.what, "lab": region.slug},
            )


def printed_but_unrecorded(readings: Sequence[Reading], selected: Sequence[Selected]) -> Iterator[Raised]:
    """Rows that settle one place of which the records know no selection by then."""
    known = {region.key for region in selected}
    for reading in readings:
        if reading.place and reading.place.key not in known:
            yield Raised(
                "printed_but_unrecorded",
                reading.place.key,
                {"name": reading.place.name, "row": reading.row.number},
            )


def length_against_total(readings: Sequence[Reading], total: int | None, figure: str) -> Iterator[Raised]:
    """The number of rows, and of different regions, against the total the same document states."""
    if total is None:
        return
    different = {(reading.exact or reading.near or (None,))[0] or reading.row.name for reading in readings}
    if len(different) != total:
        yield Raised(
            "list_shorter_than_total" if len(different) < total else "list_longer_than_total",
            figure,
            {"figure": figure, "total": total, "rows": len(readings), "different": len(different)},
        )
