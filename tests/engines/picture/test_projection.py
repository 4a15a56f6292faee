"""Where places land on the map: measured against the outlines, with every city, town and village of Japan."""

import csv
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tsunagu.engines.picture.projection import on_map

DATA = Path(__file__).resolve().parents[3] / "data"
NUMBER = re.compile(r"-?\d*\.?\d+")
SUBPATH = re.compile(r"M(-?[\d.]+)[ ,]?(-?[\d.]+)l([^z]*)z")

Place = tuple[float, float]


def rings(path: str) -> list[list[Place]]:
    """The closed lines of an outline, as corner points."""
    found = []
    for x, y, steps in SUBPATH.findall(path):
        corners = [(float(x), float(y))]
        moves = [float(one) for one in NUMBER.findall(steps)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            corners.append((corners[-1][0] + dx, corners[-1][1] + dy))
        found.append(corners)
    return found


def sides(ring: list[Place]) -> Iterator[tuple[Place, Place]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def inside(ring: list[Place], x: float, y: float) -> bool:
    crossings = (
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in sides(ring)
    )
    return sum(crossings) % 2 == 1


def to_side(side: tuple[Place, Place], x: float, y: float) -> float:
    (x1, y1), (x2, y2) = side
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
    return math.hypot(x1 + share * dx - x, y1 + share * dy - y)


def off_outline(path: str, x: float, y: float) -> float:
    """How far a point lies outside an outline; 0 inside."""
    lines = rings(path)
    if any(inside(ring, x, y) for ring in lines):
        return 0.0
    return min(to_side(side, x, y) for ring in lines for side in sides(ring))


@pytest.fixture(scope="module")
def misses() -> dict[str, float]:
    """Per city, town and village: how far outside its prefecture's outline it lands."""
    outlines = json.loads((DATA / "map" / "japan.json").read_text())["prefectures"]
    with (DATA / "municipalities.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    codes = {row["name"]: row["lg_code"] for row in rows if row["kind"] == "prefecture"}
    return {
        row["lg_code"]: off_outline(
            outlines[codes[row["prefecture"]]],
            *on_map(codes[row["prefecture"]], float(row["lat"]), float(row["lon"])),
        )
        for row in rows
        if row["kind"] in {"city", "town", "village", "special_ward"}
    }


def test_there_is_an_outline_for_every_prefecture() -> None:
    outlines = json.loads((DATA / "map" / "japan.json").read_text())
    assert len(outlines["prefectures"]) == 47
    assert all(rings(path) for path in outlines["prefectures"].values())
    assert "CC-BY-4.0" in outlines["licence"]


def test_places_land_in_their_prefecture(misses: dict[str, float]) -> None:
    assert len(misses) == 1741
    assert sum(miss == 0 for miss in misses.values()) / len(misses) >= 0.95
    assert sum(miss <= 3 for miss in misses.values()) / len(misses) >= 0.98


def test_only_islands_land_far_from_their_prefecture(misses: dict[str, float]) -> None:
    far = {code[:2] for code, miss in misses.items() if miss > 3}
    assert far <= {"13", "15", "37", "38", "42", "46", "47"}


def test_north_is_up_and_east_is_right() -> None:
    sapporo, naha = on_map("010006", 43.06, 141.35), on_map("470007", 26.21, 127.68)
    assert sapporo[0] > naha[0]
    assert sapporo[1] < naha[1]
