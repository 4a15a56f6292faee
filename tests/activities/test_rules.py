"""Companies as people name them, and days that can be."""

from datetime import date, timedelta

import pytest
from bench.bulk import corporate_number
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.activities.rules import NotLogged, changed_much, check_days, read_companies, read_company

TODAY = date(2026, 11, 24)
NUMBERS = st.integers(100_000_000_000, 999_999_999_999).map(corporate_number)


@pytest.mark.parametrize(
    ("line", "name", "number"),
    [
        ("株式会社つなぐ", "株式会社つなぐ", ""),
        ("株式会社つなぐ 7000012050002", "株式会社つなぐ", "7000012050002"),
        ("株式会社つなぐ（7000012050002）", "株式会社つなぐ", "7000012050002"),
        ("７００００１２０５０００２", "", "7000012050002"),
        ("T7000012050002", "", "7000012050002"),
        ("7-0000-1205-0002", "", "7000012050002"),
    ],
)
def test_a_company_is_read_however_it_is_written(line: str, name: str, number: str) -> None:
    found = read_company(line)
    assert (found.name, found.corporate_number) == (name, number)


def test_a_wrong_check_digit_is_said() -> None:
    with pytest.raises(NotLogged, match="検査数字"):
        read_company("株式会社つなぐ 7000012050003")


@given(number=NUMBERS, name=st.text(st.characters(categories=["L"]), min_size=1, max_size=40))
def test_the_same_number_is_one_company_whatever_its_name(number: str, name: str) -> None:
    assert read_company(f"{name} {number}").key("410004") == read_company(number).key("130001")


def test_named_companies_are_one_within_a_prefecture_in_any_width() -> None:
    assert read_company("（株）ＡＢＣ").key("410004") == read_company("(株)abc").key("410004")
    assert read_company("ABC商店").key("410004") != read_company("ABC商店").key("130001")


def test_each_company_comes_once() -> None:
    assert len(read_companies("あ商店\nあ商店\n\n7000012050002\n国税庁 7000012050002")) == 2


def test_days() -> None:
    check_days(TODAY, None, today=TODAY)
    for first, last in (
        (TODAY + timedelta(days=1), None), (date(2015, 3, 31), None), (TODAY, TODAY - timedelta(days=1)),
        (TODAY, TODAY + timedelta(days=400)),
    ):  # fmt: skip
        with pytest.raises(NotLogged):
            check_days(first, last, today=TODAY)


@given(now=st.integers(0, 10_000), before=st.integers(0, 10_000))
def test_half_more_or_less_is_much(now: int, before: int) -> None:
    expected = now != before and (before == 0 or abs(now - before) / before >= 0.5)
    assert changed_much(now, before) is expected
    assert not changed_much(None, before)
