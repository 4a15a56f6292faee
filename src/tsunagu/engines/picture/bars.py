"""Horizontal bars, plain or stacked, with their numbers written beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 34
BAR = 22
LABEL_WIDTH = 190
NUMBER_WIDTH = 56
WIDTH = 640


@dataclass(frozen=True)
class Part:
    """A share of a bar: which series it belongs to, and how much."""

    series: str
    value: int


@dataclass(frozen=True)
class Bar:
    """One row of data: its label, its parts, and where a click leads."""

    label: str
    parts: tuple[Part, ...]
    href: str = ""

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True)
class Segment:
    """A drawn part, in units of the picture."""

    series: str
    value: int
    x: float
    width: float


@dataclass(frozen=True)
class DrawnBar:
    """A drawn row."""

    label: str
    href: str
    total: int
    y: int
    text_y: int
    end: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class BarChart:
    """A picture `width` × `height` with its rows from the top."""

    width: int
    height: int
    bars: tuple[DrawnBar, ...]
    series: tuple[str, ...]
    bar_height: int = BAR
    label_x: int = LABEL_WIDTH - 10


def bar_chart(bars: Sequence[Bar]) -> BarChart:
    """Bars in the order given, the longest filling the width."""
    most = max((bar.total for bar in bars), default=0) or 1
    scale = (WIDTH - LABEL_WIDTH - NUMBER_WIDTH) / most
    series = tuple(dict.fromkeys(part.series for bar in bars for part in bar.parts))
    drawn = tuple(_drawn(bar, row, scale) for row, bar in enumerate(bars))
    return BarChart(WIDTH, ROW * len(bars), drawn, series)


def _drawn(bar: Bar, row: int, scale: float) -> DrawnBar:
    segments = []
    x = float(LABEL_WIDTH)
    for part in bar.parts:
        width = round(part.value * scale, 1)
        if width:
            segments.append(Segment(part.series, part.value, round(x, 1), width))
        x += width
    y = row * ROW + (ROW - BAR) // 2
    return DrawnBar(bar.label, bar.href, bar.total, y, y + 16, round(x + 8, 1), tuple(segments))
