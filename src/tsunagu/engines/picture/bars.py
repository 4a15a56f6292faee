"""Horizontal bars, plain or stacked, with their numbers written beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tsunagu.engines.picture.text import width_of, wrapped

ROW = 34
BAR = 22
LINE = 17
TEXT_SIZE = 14
GAP = 10
LABEL_WIDTH = 120
MOST_LABEL_WIDTH = 300
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
class LabelLine:
    """A line of a bar's label."""

    text: str
    y: int


@dataclass(frozen=True)
class DrawnBar:
    """A drawn row; `lines` are its label as it is written, `text_y` is where its number stands."""

    label: str
    href: str
    total: int
    y: int
    text_y: int
    end: float
    segments: tuple[Segment, ...]
    lines: tuple[LabelLine, ...]


@dataclass(frozen=True)
class BarChart:
    """A picture `width` × `height` with its rows from the top; labels end at `label_x`."""

    width: int
    height: int
    bars: tuple[DrawnBar, ...]
    series: tuple[str, ...]
    label_x: int
    bar_height: int = BAR


def bar_chart(bars: Sequence[Bar]) -> BarChart:
    """Bars in the order given, the longest filling the room beside the labels.

    The column of labels is as wide as the longest label, within limits; longer labels take several lines.
    """
    widest = max((width_of(bar.label, TEXT_SIZE) for bar in bars), default=0.0)
    label_x = min(max(int(widest) + 1, LABEL_WIDTH), MOST_LABEL_WIDTH)
    left = label_x + GAP
    most = max((bar.total for bar in bars), default=0) or 1
    scale = (WIDTH - left - NUMBER_WIDTH) / most
    drawn: list[DrawnBar] = []
    top = 0
    for bar in bars:
        lines = wrapped(bar.label, label_x, TEXT_SIZE)
        height = max(ROW, LINE * len(lines) + ROW - BAR)
        drawn.append(_drawn(bar, lines, top + height // 2, left, scale))
        top += height
    series = tuple(dict.fromkeys(part.series for bar in bars for part in bar.parts))
    return BarChart(WIDTH, top, tuple(drawn), series, label_x)


def _drawn(bar: Bar, lines: Sequence[str], middle: int, left: int, scale: float) -> DrawnBar:
    """A row around its middle line. Edges are rounded, not widths, so that rounding never adds up."""
    segments = []
    before = 0
    for part in bar.parts:
        x, end = (round(left + value * scale, 1) for value in (before, before + part.value))
        if part.value:
            segments.append(Segment(part.series, part.value, x, round(end - x, 1)))
        before += part.value
    first_line = middle + 5 - LINE * (len(lines) - 1) // 2
    return DrawnBar(
        label=bar.label,
        href=bar.href,
        total=bar.total,
        y=middle - BAR // 2,
        text_y=middle + 5,
        end=round(left + before * scale + 8, 1),
        segments=tuple(segments),
        lines=tuple(LabelLine(text, first_line + LINE * number) for number, text in enumerate(lines)),
    )
