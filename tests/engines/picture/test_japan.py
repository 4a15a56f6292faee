"""The map: shades, frames and marks."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.picture.japan import Point, Shape, bounds, japan_map, level_of

OUTLINES = {"010006": "M10 10l20 0 0 20-20 0z", "470007": "M100 200l10 0 0 10z"}
FRAME = (0, 0, 438, 516)


def test_bounds_of_an_outline() -> None:
    assert bounds(OUTLINES["010006"]) == (10, 10, 30, 30)


def test_prefectures_without_labs_are_drawn_unshaded() -> None:
    shaded = Shape("010006", OUTLINES["010006"], 3, "北海道: 11件", "/labs/")
    shapes = japan_map(OUTLINES, FRAME, {"010006": shaded}, []).shapes
    assert [(shape.code, shape.level, shape.href) for shape in shapes] == [
        ("010006", 3, "/labs/"),
        ("470007", 0, ""),
    ]


def test_the_frame_of_the_whole_map_and_of_a_part() -> None:
    assert japan_map(OUTLINES, FRAME, {}, []).view_box == "0 0 438 516"
    assert japan_map(OUTLINES, FRAME, {}, [], zoom_to=["010006"]).view_box == "2 2 36 36"


def test_points_keep_their_size_on_paper_when_zoomed() -> None:
    whole = japan_map(OUTLINES, FRAME, {}, [Point(5, 5, "札幌市", "", "dx")])
    part = japan_map(OUTLINES, FRAME, {}, [Point(5, 5, "札幌市", "", "dx")], zoom_to=["010006"])
    assert part.points == whole.points
    assert round(part.radius / 36, 2) == round(whole.radius / 516, 2)


@given(st.integers(1, 500), st.integers(1, 500))
def test_levels_rise_with_the_count(one: int, other: int) -> None:
    most = max(one, other)
    assert 1 <= level_of(one, most) <= 4
    assert level_of(0, most) == 0
    assert (level_of(one, most) <= level_of(other, most)) or one > other
