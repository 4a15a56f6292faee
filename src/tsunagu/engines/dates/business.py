"""Business days of Japanese offices."""

from datetime import date, timedelta

import jpholiday


def is_business_day(day: date) -> bool:
    """Not a weekend, national holiday, or the offices' year-end closing 12/29–1/3 (行政機関の休日に関する法律)."""
    closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not closed and not jpholiday.is_holiday(day)


def business_days_before(day: date, count: int) -> date:
    """The day that lies `count` business days before a day."""
    while count > 0:
        day -= timedelta(days=1)
        if is_business_day(day):
            count -= 1
    return day


def business_days_until(day: date, *, today: date) -> int:
    """How many business days are left: from tomorrow to that day, both counted."""
    left = 0
    while today < day:
        today += timedelta(days=1)
        left += is_business_day(today)
    return left


def business_days_after(day: date, count: int) -> date:
    """The day that lies `count` business days after a day."""
    while count > 0:
        day += timedelta(days=1)
        if is_business_day(day):
            count -= 1
    return day
