"""A lab's history on one line per designation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH = 760
LABEL_WIDTH = 150
ROW = 46
HEAD = 28


@dataclass(frozen=True)
class Period:
    """From when to when something held. Between `earliest` and `start` it may already have held."""

    label: str
    kind: str
    start: date
    end: date
    earliest: date | None = None


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day, on the row of a period."""

    row: int
    day: date
    label: str
    kind: str


@dataclass(frozen=True)
class DrawnPeriod:
    """A drawn period; `doubt_x` and `doubt_width` are the lead-in in which the start is uncertain."""

    label: str
    kind: str
    x: float
    width: float
    y: int
    doubt_x: float
    doubt_width: float


@dataclass(frozen=True)
class DrawnMark:
    """A drawn event."""

    label: str
    kind: str
    x: float
    y: int


@dataclass(frozen=True)
class Tick:
    """A year's beginning on the axis."""

    year: int
    x: float


@dataclass(frozen=True)
class Timeline:
    """A picture `width` × `height`."""

    width: int
    height: int
    periods: tuple[DrawnPeriod, ...]
    marks: tuple[DrawnMark, ...]
    ticks: tuple[Tick, ...]


def timeline(periods: Sequence[Period], marks: Sequence[Mark], first: date, last: date) -> Timeline:
    """Lay out periods and events between two days; what lies outside is cut at the edge."""
    span = max((last - first).days, 1)

    def x_of(day: date) -> float:
        inside = min(max(day, first), last)
        return round(LABEL_WIDTH + (inside - first).days / span * (WIDTH - LABEL_WIDTH - 12), 1)

    drawn = []
    for row, one in enumerate(periods):
        doubt = x_of(one.earliest) if one.earliest else x_of(one.start)
        start, end = x_of(one.start), x_of(one.end)
        drawn.append(
            DrawnPeriod(
                one.label,
                one.kind,
                start,
                round(max(end - start, 2), 1),
                HEAD + row * ROW,
                doubt,
                round(start - doubt, 1),
            )
        )
    events = tuple(DrawnMark(one.label, one.kind, x_of(one.day), HEAD + one.row * ROW + 12) for one in marks)
    step = 1 if last.year - first.year <= 12 else 2
    ticks = tuple(
        Tick(year, x_of(date(year, 1, 1)))
        for year in range(first.year + 1, last.year + 1)
        if (year - first.year) % step == 0
    )
    return Timeline(WIDTH, HEAD + ROW * max(len(drawn), 1), tuple(drawn), events, ticks)
