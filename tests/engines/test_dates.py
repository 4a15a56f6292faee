"""Dates as offices write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.dates import (
    DateNotUnderstood,
    PartialDate,
    both_calendars,
    english,
    fiscal_year,
    fiscal_year_range,
    parse_date,
    wareki,
)

days = st.dates(min_value=date(1868, 1, 25), max_value=date(9998, 12, 31))
precise = st.builds(lambda day: PartialDate(day.year, day.month, day.day), days)
monthly = st.builds(lambda day: PartialDate(day.year, day.month), days)
yearly = st.builds(PartialDate, st.integers(1869, 9998))
partials = st.one_of(precise, monthly, yearly)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-04-01", "2023-04-01"),
        ("2023/4/1", "2023-04-01"),
        ("2023.4.1", "2023-04-01"),
        ("2023-04", "2023-04"),
        ("2023/4", "2023-04"),
        ("2023", "2023"),
        ("2023年4月1日", "2023-04-01"),
        ("2023年4月", "2023-04"),
        ("2023年", "2023"),
        ("令和5年4月1日", "2023-04-01"),
        ("令和5年4月", "2023-04"),
        ("令和元年5月", "2019-05"),
        ("R5.4.1", "2023-04-01"),
        ("r5.4.1", "2023-04-01"),
        ("R5/4", "2023-04"),
        ("H28.7.31", "2016-07-31"),
        ("平成28年7月", "2016-07"),
        ("昭和64年1月7日", "1989-01-07"),
        ("大正15年12月24日", "1926-12-24"),
        ("明治元年", "1868"),
        ("平成31年4月30日", "2019-04-30"),
        ("㋿5年4月1日", "2023-04-01"),
        ("㍻28年7月", "2016-07"),
        ("㍼63年", "1988"),
        ("２０２３年４月１日", "2023-04-01"),
        ("Ｒ５．４．１", "2023-04-01"),
        ("２０２３－０４－０１", "2023-04-01"),
        ("2023−4−1", "2023-04-01"),
        ("\u3000令和 5 年 4 月 1 日 ", "2023-04-01"),
        ("2023-04-01 00:00:00", "2023-04-01"),
        ("2023-04-01T00:00:00", "2023-04-01"),
        ("2023/4/1 0:00", "2023-04-01"),
    ],
)
def test_every_usual_spelling_is_understood(text: str, iso: str) -> None:
    assert parse_date(text).iso == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_date"),
        ("未定", "not_a_date"),
        ("45017", "not_a_date"),
        ("2023-04-01 12:30:00", "not_a_date"),
        ("2023/1 1", "not_a_date"),
        ("令和5年度", "not_a_date"),
        ("2023-02-29", "no_such_day"),
        ("2023-13", "no_such_day"),
        ("2023-00-01", "no_such_day"),
        ("2023-04-00", "no_such_day"),
        ("9999", "no_such_day"),
        ("平成31年5月1日", "era_out_of_range"),
        ("平成32年", "era_out_of_range"),
        ("令和元年4月30日", "era_out_of_range"),
        ("令和元年4月", "era_out_of_range"),
        ("令和0年", "era_out_of_range"),
        ("昭和64年1月8日", "era_out_of_range"),
        ("明治元年1月1日", "era_out_of_range"),
    ],
)
def test_a_text_that_is_no_date_says_why(text: str, code: str) -> None:
    with pytest.raises(DateNotUnderstood) as caught:
        parse_date(text)
    assert caught.value.code == code
    assert caught.value.params == {"text": text}


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_coded_refusal(text: str) -> None:
    try:
        found = parse_date(text).precision
    except DateNotUnderstood as error:
        found = error.code
    assert found in {"year", "month", "day", "not_a_date", "era_out_of_range", "no_such_day"}


@given(partials)
def test_iso_comes_back_as_the_same_date(when: PartialDate) -> None:
    assert PartialDate.from_iso(when.iso) == when == parse_date(when.iso)


@given(partials)
def test_the_half_open_range_comes_back_as_the_same_date(when: PartialDate) -> None:
    assert PartialDate.from_range(when.earliest, when.latest + timedelta(days=1)) == when


@given(
    st.one_of(
        precise, st.builds(lambda day: PartialDate(day.year, day.month), days.filter(lambda d: d.day > 25))
    )
)
def test_the_era_spelling_is_read_back_as_the_same_date(when: PartialDate) -> None:
    if wareki(when).startswith("令和") and when.year > 2117:
        return
    assert parse_date(wareki(when)) == when


@given(partials, partials)
def test_order_follows_first_and_last_possible_day(one: PartialDate, other: PartialDate) -> None:
    assert (one < other) == ((one.earliest, one.latest) < (other.earliest, other.latest))
    assert (one <= other) or (other < one)


def test_a_range_that_is_no_day_month_or_year_is_refused() -> None:
    with pytest.raises(ValueError, match="no day, month or year"):
        PartialDate.from_range(date(2023, 4, 1), date(2023, 4, 3))


@pytest.mark.parametrize("parts", [(2023, 0), (2023, 4, 0), (2023, None, 1), (2023, 2, 29), (0,), (9999,)])
def test_a_date_no_calendar_has_cannot_be_made(parts: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate(*parts)  # type: ignore[arg-type]


def test_precision_tells_what_is_known() -> None:
    assert [parse_date(text).precision for text in ("2023", "2023-04", "2023-04-01")] == [
        "year",
        "month",
        "day",
    ]


@pytest.mark.parametrize(
    ("iso", "era", "both", "in_english"),
    [
        ("2023-04-01", "令和5年4月1日", "2023年4月1日（令和5年）", "1 April 2023"),
        ("2023-04", "令和5年4月", "2023年4月（令和5年）", "April 2023"),
        ("2023", "令和5年", "2023年（令和5年）", "2023"),
        ("2019-05-01", "令和元年5月1日", "2019年5月1日（令和元年）", "1 May 2019"),
        ("2019-04-30", "平成31年4月30日", "2019年4月30日（平成31年）", "30 April 2019"),
        ("2019", "平成31年・令和元年", "2019年（平成31年・令和元年）", "2019"),
        ("1989-01", "平成元年1月", "1989年1月（平成元年）", "January 1989"),
        ("1868", "明治元年", "1868年（明治元年）", "1868"),
        ("1603-03-24", "1603年3月24日", "1603年3月24日", "24 March 1603"),
    ],
)
def test_dates_in_words(iso: str, era: str, both: str, in_english: str) -> None:
    when = PartialDate.from_iso(iso)
    assert (wareki(when), both_calendars(when), english(when)) == (era, both, in_english)


def test_a_plain_date_is_worded_too() -> None:
    assert wareki(date(2023, 4, 1)) == "令和5年4月1日"


@given(days)
def test_every_day_lies_in_its_fiscal_year(day: date) -> None:
    first, last = fiscal_year_range(fiscal_year(day))
    assert first <= day <= last


def test_the_fiscal_year_turns_on_the_first_of_april() -> None:
    assert (fiscal_year(date(2023, 3, 31)), fiscal_year(date(2023, 4, 1))) == (2022, 2023)
