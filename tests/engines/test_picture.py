"""Pictures as geometry: places on the map, bars, timelines."""

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.picture.bars import LABEL_WIDTH, WIDTH, Bar, Part, bar_chart
from tsunagu.engines.picture.japan import NUMBER, SUBPATH, Point, Shape, bounds, japan_map, level_of
from tsunagu.engines.picture.projection import on_map
from tsunagu.engines.picture.timeline import LABEL_WIDTH as TIMELINE_LABEL
from tsunagu.engines.picture.timeline import WIDTH as TIMELINE_WIDTH
from tsunagu.engines.picture.timeline import Mark, Period, timeline

DATA = Path(__file__).resolve().parents[2] / "data"
MAP = json.loads((DATA / "map" / "japan.json").read_text())
Ring = list[tuple[float, float]]


def rings(path: str) -> list[Ring]:
    found = []
    for start_x, start_y, steps in SUBPATH.findall(path):
        x, y = float(start_x), float(start_y)
        ring = [(x, y)]
        moves = [float(one) for one in NUMBER.findall(steps)]
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def is_inside(ring: Ring, x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_town_halls_lie_within_their_prefecture() -> None:
    """At least 19 of 20 fall inside their prefecture's outline or within 3 units (of 516) of its points."""
    with (DATA / "municipalities.csv").open() as file:
        rows = list(csv.DictReader(file))
    codes = {row["name"]: row["lg_code"] for row in rows if row["kind"] == "prefecture"}
    outlines = {code: rings(path) for code, path in MAP["prefectures"].items()}
    places = [row for row in rows if row["kind"] in {"city", "town", "village"}]
    good = 0
    for row in places:
        code = codes[row["prefecture"]]
        x, y = on_map(code, float(row["lat"]), float(row["lon"]))
        good += any(is_inside(ring, x, y) for ring in outlines[code]) or any(
            (px - x) ** 2 + (py - y) ** 2 <= 9 for ring in outlines[code] for px, py in ring
        )
    assert len(places) > 1700
    assert good / len(places) >= 0.95


def test_the_map_has_every_prefecture_once() -> None:
    assert len(MAP["prefectures"]) == 47
    for path in MAP["prefectures"].values():
        assert re.fullmatch(r"(M[^z]+z)+", path)


def test_zooming_keeps_all_outlines_and_shows_the_part_asked_for() -> None:
    code = "470007"
    shape = Shape(code, MAP["prefectures"][code], 1, "沖縄県: 3件", "/x/")
    whole = japan_map(MAP["prefectures"], MAP["view_box"], {code: shape}, [])
    part = japan_map(
        MAP["prefectures"], MAP["view_box"], {code: shape}, [Point(1, 2, "x", "/y/", "dx")], zoom_to=[code]
    )
    assert len(whole.shapes) == len(part.shapes) == 47
    assert whole.view_box == "0 0 438 516"
    left, top, width, height = (float(one) for one in part.view_box.split())
    x1, y1, x2, y2 = bounds(MAP["prefectures"][code])
    assert left <= x1
    assert top <= y1
    assert left + width >= x2
    assert top + height >= y2
    assert part.radius < whole.radius


@given(st.integers(0, 200), st.integers(1, 200))
def test_shades_stay_in_range_and_follow_the_count(count: int, most: int) -> None:
    level = level_of(min(count, most), most)
    assert 0 <= level <= 4
    assert (level == 0) == (count == 0)
    assert level_of(most, most) >= level


BARS = st.lists(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 500)), max_size=3), min_size=1, max_size=8
).map(lambda rows: [Bar(f"行{n}", tuple(Part(*part) for part in row)) for n, row in enumerate(rows)])


@given(BARS)
def test_bars_keep_order_totals_and_their_place(bars: list[Bar]) -> None:
    chart = bar_chart(bars)
    assert [one.label for one in chart.bars] == [one.label for one in bars]
    for bar, drawn in zip(bars, chart.bars, strict=True):
        assert drawn.total == sum(segment.value for segment in drawn.segments) == bar.total
        for segment in drawn.segments:
            assert LABEL_WIDTH <= segment.x <= segment.x + segment.width <= WIDTH + 1


DAYS = st.dates(date(2016, 6, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_period_stays_on_the_paper(start: date, end: date, day: date) -> None:
    first, last = date(2017, 1, 1), date(2025, 1, 1)
    start, end = min(start, end), max(start, end)
    drawn = timeline(
        [Period("x", "dx", start, end, start - timedelta(days=40))], [Mark(0, day, "y", "ended")], first, last
    )
    (period,), (mark,) = drawn.periods, drawn.marks
    assert TIMELINE_LABEL <= period.doubt_x <= period.x <= period.x + period.width <= TIMELINE_WIDTH
    assert TIMELINE_LABEL <= mark.x <= TIMELINE_WIDTH
    assert [tick.year for tick in drawn.ticks] == list(range(2018, 2026))


@pytest.mark.parametrize(("years", "ticks"), [(5, 5), (20, 10)])
def test_long_timelines_skip_years(years: int, ticks: int) -> None:
    drawn = timeline([], [], date(2016, 6, 1), date(2016 + years, 6, 1))
    assert len(drawn.ticks) == ticks
