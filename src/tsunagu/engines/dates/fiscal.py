"""The Japanese fiscal year, which starts on 1 April (財政法 第11条)."""

from datetime import date


def fiscal_year(day: date) -> int:
    """The year in which the day's fiscal year started: 2022 for 2023-03-31."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_range(year: int) -> tuple[date, date]:
    """First and last day of a fiscal year."""
    return date(year, 4, 1), date(year + 1, 3, 31)
