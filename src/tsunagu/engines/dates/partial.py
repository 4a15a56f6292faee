"""A date known to the day, the month or the year only."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, total_ordering
from typing import Literal

ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
# A date is stored as a range that ends before the next day, and the last day of 9999 has none.
LAST_YEAR = 9998


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A date (Gregorian, years 1 to 9998) whose day, or month and day, may be unknown.

    Raises ValueError for a date no calendar has. Ordered by first, then by last possible day: a month comes
    after its first day and before its second.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if self.year > LAST_YEAR:
            raise ValueError(f"year {self.year} is out of range")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def from_iso(cls, text: str) -> "PartialDate":
        """From '2023', '2023-04' or '2023-04-01'; raises ValueError otherwise."""
        match = ISO.fullmatch(text)
        if match is None:
            raise ValueError(text)
        year, month, day = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    @cache
    def from_range(cls, lower: date, upper_exclusive: date) -> "PartialDate":
        """From the half-open range of days it may be: exactly a day, a month or a year, else ValueError."""
        for candidate in (
            cls(lower.year, lower.month, lower.day),
            cls(lower.year, lower.month),
            cls(lower.year),
        ):
            if candidate.earliest == lower and candidate.latest + timedelta(days=1) == upper_exclusive:
                return candidate
        raise ValueError(f"{lower}..{upper_exclusive} is no day, month or year")

    @cached_property
    def earliest(self) -> date:
        """The first day it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @cached_property
    def latest(self) -> date:
        """The last day it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def iso(self) -> str:
        """'2023', '2023-04' or '2023-04-01'."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    def __str__(self) -> str:
        return self.iso

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.earliest, self.latest) < (other.earliest, other.latest)
