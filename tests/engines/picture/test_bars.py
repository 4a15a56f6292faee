"""Bars: nothing leaves the picture, nothing is lost, nothing changes places."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.picture.bars import NUMBER_WIDTH, WIDTH, Bar, Part, bar_chart

PARTS = st.lists(
    st.builds(Part, st.sampled_from(["dx", "iot", "unresolved"]), st.integers(0, 5000)), max_size=4
)
BARS = st.lists(
    st.builds(Bar, st.text(alphabet="北海道経済産業局 Bureau①", max_size=80), PARTS.map(tuple)), max_size=12
)


def test_the_longest_bar_fills_the_room() -> None:
    chart = bar_chart([Bar("北海道", (Part("dx", 5),)), Bar("東北", (Part("dx", 10),))])
    short, long = chart.bars
    assert long.segments[0].width == round(2 * short.segments[0].width, 1)
    assert long.segments[0].x + long.segments[0].width == WIDTH - NUMBER_WIDTH
    assert long.total == 10


def test_long_labels_take_more_lines_and_a_higher_row() -> None:
    plain = bar_chart([Bar("未確認", (Part("plain", 1),))])
    long = bar_chart([Bar("課題の解決と" * 10, (Part("plain", 1),))])
    assert len(long.bars[0].lines) == 3
    assert long.height > plain.height


def test_no_bars_and_no_values_are_drawable() -> None:
    assert bar_chart([]).bars == ()
    assert bar_chart([Bar("なし", (Part("dx", 0),))]).bars[0].segments == ()


@given(BARS)
def test_bars_stay_inside_the_picture(bars: list[Bar]) -> None:
    chart = bar_chart(bars)
    for bar in chart.bars:
        assert bar.y >= 0
        assert bar.y + chart.bar_height <= chart.height
        assert bar.end <= WIDTH - NUMBER_WIDTH + 9
        assert all(segment.x > chart.label_x and segment.width >= 0 for segment in bar.segments)
        assert all(line.y - 10 >= 0 and line.y <= chart.height for line in bar.lines)


@given(BARS)
def test_rows_keep_order_labels_and_sums(bars: list[Bar]) -> None:
    drawn = bar_chart(bars).bars
    assert [bar.label for bar in drawn] == [bar.label for bar in bars]
    assert [sum(segment.value for segment in bar.segments) for bar in drawn] == [bar.total for bar in bars]
    written = ["".join(line.text for line in bar.lines) for bar in drawn]
    assert ["".join(text.split()) for text in written] == ["".join(bar.label.split()) for bar in bars]
    assert all(one.y < two.y for one, two in itertools.pairwise(drawn))


@given(BARS)
def test_segments_follow_each_other_without_gap(bars: list[Bar]) -> None:
    for bar in bar_chart(bars).bars:
        for one, two in itertools.pairwise(bar.segments):
            assert abs(one.x + one.width - two.x) < 0.06
