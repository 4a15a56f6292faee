"""The map of Japan: shaded prefectures and points, whole or zoomed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"-?\d*\.?\d+")
SUBPATH = re.compile(r"M(-?[\d.]+)[ ,]?(-?[\d.]+)l([^z]*)z")
MARGIN = 8.0


@dataclass(frozen=True)
class Shape:
    """A prefecture's outline; `level` 0 (nothing there) to 4; `label` says its numbers in words."""

    code: str
    path: str
    level: int
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class Point:
    """A place on the map, in map units; `kind` picks its form and colour."""

    x: float
    y: float
    label: str
    href: str
    kind: str


@dataclass(frozen=True)
class JapanMap:
    """What to draw, and the part of the map to show."""

    view_box: str
    shapes: tuple[Shape, ...]
    points: tuple[Point, ...]
    radius: float


def bounds(path: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of an outline as our data writes them (M x y l dx dy … z)."""
    xs: list[float] = []
    ys: list[float] = []
    for start_x, start_y, steps in SUBPATH.findall(path):
        x, y = float(start_x), float(start_y)
        xs.append(x)
        ys.append(y)
        moves = [float(one) for one in NUMBER.findall(steps)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)


def level_of(count: int, most: int) -> int:
    """A count as one of four shades; 0 stays unshaded."""
    return 0 if count <= 0 else 1 + min(3, (count - 1) * 4 // max(most, 1))


def japan_map(
    outlines: Mapping[str, str],
    view_box: Sequence[float],
    shapes: Mapping[str, Shape],
    points: Sequence[Point],
    *,
    zoom_to: Sequence[str] = (),
) -> JapanMap:
    """All outlines with their shades and links; with `zoom_to` (codes), only the part around those."""
    drawn = tuple(shapes.get(code) or Shape(code, path, 0) for code, path in outlines.items())
    left, top, width, height = view_box
    if zoom_to:
        boxes = [bounds(outlines[code]) for code in zoom_to]
        left = min(box[0] for box in boxes) - MARGIN
        top = min(box[1] for box in boxes) - MARGIN
        width = max(box[2] for box in boxes) + MARGIN - left
        height = max(box[3] for box in boxes) + MARGIN - top
    scale = max(width, height) / 516
    return JapanMap(
        f"{left:g} {top:g} {width:g} {height:g}",
        drawn,
        tuple(points),
        radius=round(4.5 * scale, 2),
    )
