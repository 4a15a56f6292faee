"""The timeline: periods and events lie where their days are, inside the picture."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.picture.timeline import EDGE, LABEL_WIDTH, WIDTH, Mark, Period, timeline

FIRST, LAST = date(2016, 6, 1), date(2026, 11, 24)
DAYS = st.dates(date(2010, 1, 1), date(2030, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    earliest, start, end = sorted(draw(st.tuples(DAYS, DAYS, DAYS)))
    label = draw(st.text(alphabet="地方版IoT推進ラボ", max_size=60))
    return Period(label, "iot", start, end, draw(st.sampled_from([None, earliest])))


def test_a_period_from_the_first_to_the_last_day() -> None:
    (period,) = timeline([Period("ラボ", "dx", FIRST, LAST)], [], FIRST, LAST).periods
    assert (period.x, period.width) == (LABEL_WIDTH, WIDTH - LABEL_WIDTH - EDGE)
    assert period.doubt_width == 0


def test_an_uncertain_start_is_a_lead_in() -> None:
    april = Period("ラボ", "dx", date(2023, 4, 30), LAST, earliest=date(2023, 4, 1))
    (period,) = timeline([april], [], FIRST, LAST).periods
    assert period.doubt_width > 0
    assert round(period.doubt_x + period.doubt_width, 1) == period.x


def test_years_on_the_axis() -> None:
    assert [tick.year for tick in timeline([], [], FIRST, LAST).ticks] == list(range(2017, 2027))
    assert [tick.year for tick in timeline([], [], FIRST, date(2030, 1, 1)).ticks] == list(
        range(2017, 2031, 2)
    )


def test_labels_of_events_never_cover_each_other() -> None:
    marks = [Mark(0, date(2024, 9, day), "地域DX推進ラボへ移行", "moved") for day in (1, 27)]
    drawn = timeline([Period("ラボ", "dx", FIRST, LAST)], marks, FIRST, LAST).marks
    assert [mark.label_shown for mark in drawn] == [True, False]
    assert [mark.label for mark in drawn] == [mark.label for mark in marks]


def test_labels_at_the_edges_turn_inwards() -> None:
    marks = [Mark(0, FIRST, "始まり", "selected"), Mark(0, LAST, "終わりました", "ended")]
    assert [mark.anchor for mark in timeline([], marks, FIRST, LAST).marks] == ["start", "end"]


@given(st.lists(periods(), max_size=4), DAYS)
def test_everything_lies_inside(some: list[Period], day: date) -> None:
    marks = [Mark(row, day, "休止", "dormant") for row in range(len(some))]
    picture = timeline(some, marks, FIRST, LAST)
    assert [period.label for period in picture.periods] == [period.label for period in some]
    for period in picture.periods:
        assert period.x >= LABEL_WIDTH
        assert period.x + period.width <= WIDTH
        assert 0 <= period.doubt_x <= WIDTH
        assert period.y + picture.bar_height <= picture.height
    assert all(
        LABEL_WIDTH <= mark.x <= WIDTH - EDGE and mark.label_y <= picture.height for mark in picture.marks
    )
