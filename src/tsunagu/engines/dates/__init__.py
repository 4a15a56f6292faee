"""Dates as Japanese offices write them: both calendars, era names, months without a day, fiscal years."""

from tsunagu.engines.dates.business import (
    business_days_after,
    business_days_before,
    business_days_until,
    is_business_day,
)
from tsunagu.engines.dates.eras import both_calendars, english, wareki
from tsunagu.engines.dates.fiscal import fiscal_year, fiscal_year_range
from tsunagu.engines.dates.parsing import DateNotUnderstood, parse_date
from tsunagu.engines.dates.partial import PartialDate

__all__ = [
    "DateNotUnderstood",
    "PartialDate",
    "both_calendars",
    "business_days_after",
    "business_days_before",
    "business_days_until",
    "english",
    "fiscal_year",
    "fiscal_year_range",
    "is_business_day",
    "parse_date",
    "wareki",
]
