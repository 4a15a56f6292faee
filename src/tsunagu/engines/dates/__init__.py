"""Dates as Japanese offices write them: both calendars, era names, months without a day, fiscal years."""

from tsunagu.engines.dates.eras import both_calendars, english, wareki
from tsunagu.engines.dates.fiscal import fiscal_year, fiscal_year_range
from tsunagu.engines.dates.parsing import DateNotUnderstood, parse_date
from tsunagu.engines.dates.partial import PartialDate

__all__ = [
    "DateNotUnderstood",
    "PartialDate",
    "both_calendars",
    "english",
    "fiscal_year",
    "fiscal_year_range",
    "parse_date",
    "wareki",
]
