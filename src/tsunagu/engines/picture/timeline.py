"""A lab's history on one line per designation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tsunagu.engines.picture.text import width_of

WIDTH = 760
LABEL_WIDTH = 150
EDGE = 14
HEAD = 28
ROW = 52
BAR = 24
MARK_SIZE = 12
SHORTEST = 2.0

Anchor = Literal["start", "middle", "end"]


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
    """A drawn period, its label at the left; `doubt_x` and `doubt_width` are the uncertain lead-in."""

    label: str
    kind: str
    x: float
    width: float
    y: int
    doubt_x: float
    doubt_width: float
    label_y: int


@dataclass(frozen=True)
class DrawnMark:
    """A drawn event; its label stands below it unless another event's label is already there."""

    label: str
    kind: str
    x: float
    y: int
    label_y: int
    anchor: Anchor
    label_shown: bool


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
    bar_height: int = BAR


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day lies; days outside lie on the edge."""
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max((self.last - self.first).days, 1)
        return round(LABEL_WIDTH + share * (WIDTH - LABEL_WIDTH - EDGE), 1)


def timeline(periods: Sequence[Period], marks: Sequence[Mark], first: date, last: date) -> Timeline:
    """Lay out periods and events between two days; what lies outside is cut at the edge."""
    scale = _Scale(first, last)
    drawn = tuple(_period(one, row, scale) for row, one in enumerate(periods))
    return Timeline(WIDTH, HEAD + ROW * max(len(drawn), 1), drawn, _marks(marks, scale), _ticks(scale))


def _period(one: Period, row: int, scale: _Scale) -> DrawnPeriod:
    start, end = scale.x(one.start), scale.x(one.end)
    doubt = scale.x(one.earliest) if one.earliest else start
    top = HEAD + row * ROW
    return DrawnPeriod(
        label=one.label,
        kind=one.kind,
        x=start,
        width=round(max(end - start, SHORTEST), 1),
        y=top,
        doubt_x=doubt,
        doubt_width=round(max(start - doubt, 0), 1),
        label_y=top + 17,
    )


def _marks(marks: Sequence[Mark], scale: _Scale) -> tuple[DrawnMark, ...]:
    drawn = []
    taken: dict[int, list[tuple[float, float]]] = {}
    for one in marks:
        x = scale.x(one.day)
        anchor, left, right = _room(one.label, x)
        others = taken.setdefault(one.row, [])
        shown = all(right < other_left or other_right < left for other_left, other_right in others)
        if shown:
            others.append((left, right))
        top = HEAD + one.row * ROW
        drawn.append(DrawnMark(one.label, one.kind, x, top + BAR // 2, top + BAR + 15, anchor, shown))
    return tuple(drawn)


def _room(label: str, x: float) -> tuple[Anchor, float, float]:
    """How a label hangs on its event so that it stays inside the picture, and what it covers."""
    width = width_of(label, MARK_SIZE)
    if x - width / 2 < LABEL_WIDTH:
        return "start", x, x + width
    if x + width / 2 > WIDTH:
        return "end", x - width, x
    return "middle", x - width / 2, x + width / 2


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    step = 1 if scale.last.year - scale.first.year <= 12 else 2
    years = range(scale.first.year + 1, scale.last.year + 1, step)
    return tuple(Tick(year, scale.x(date(year, 1, 1))) for year in years)
