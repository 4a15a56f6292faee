"""Era years (和暦) and dates in words."""

from datetime import date
from functools import lru_cache

from tsunagu.engines.dates.partial import PartialDate

# First day of each era (皇室典範特例法, 元号法 and the earlier 詔書; dates in the Gregorian calendar).
ERAS = (
    ("令和", date(2019, 5, 1)),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)),
    ("明治", date(1868, 1, 25)),
)
FIRST_DAY = ERAS[-1][1]


def era_of(day: date) -> tuple[str, int]:
    """The era and its year; raises ValueError before Meiji."""
    for name, start in ERAS:
        if day >= start:
            return name, day.year - start.year + 1
    raise ValueError(f"{day} lies before the eras known here")


def _era_year(day: date) -> str:
    name, year = era_of(day)
    return f"{name}{'元' if year == 1 else year}年"


def _era_years(when: PartialDate) -> str:
    """'平成31年・令和元年' for a year of two eras; '' before Meiji."""
    if when.latest < FIRST_DAY:
        return ""
    last = _era_year(when.latest)
    if when.precision != "year" or when.earliest < FIRST_DAY:
        return last
    first = _era_year(when.earliest)
    return last if first == last else f"{first}・{last}"


def _partial(when: date | PartialDate) -> PartialDate:
    return when if isinstance(when, PartialDate) else PartialDate(when.year, when.month, when.day)


def _month_and_day(when: PartialDate) -> str:
    month = f"{when.month}月" if when.month else ""
    return month + (f"{when.day}日" if when.day else "")


def wareki(when: date | PartialDate) -> str:
    """'令和5年4月1日'; a month or year is named by the era of its last day, a year of two eras by both.

    Before Meiji, where no era is known here, the western year stands instead.
    """
    partial = _partial(when)
    return (_era_years(partial) or f"{partial.year}年") + _month_and_day(partial)


@lru_cache(maxsize=4096)
def both_calendars(when: date | PartialDate) -> str:
    """'2023年4月1日（令和5年）'; before Meiji without the parentheses."""
    partial = _partial(when)
    western, eras = f"{partial.year}年{_month_and_day(partial)}", _era_years(partial)
    return f"{western}（{eras}）" if eras else western


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@lru_cache(maxsize=4096)
def english(when: date | PartialDate) -> str:
    """'1 April 2023', 'April 2023' or '2023'."""
    partial = _partial(when)
    words = [str(partial.day)] if partial.day else []
    words += [MONTHS[partial.month - 1]] if partial.month else []
    return " ".join([*words, str(partial.year)])
