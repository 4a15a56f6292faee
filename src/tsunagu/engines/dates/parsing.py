"""Reading dates in the many ways people write them."""

import re
import unicodedata

from tsunagu.engines.dates.eras import ERAS, FIRST_DAY, era_of
from tsunagu.engines.dates.partial import PartialDate

ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
ERA_STARTS = dict(ERAS)
MIDNIGHT = re.compile(r"(?:T|\s+)0?0:00(:00(\.0+)?)?$", re.IGNORECASE)
# Between two digits a space may stand for anything, so only the others are closed up.
LOOSE_SPACE = re.compile(r"\s+(?=\D)|(?<=\D)\s+")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー"), "-")
REST = r"(?:(?:[-/.]|年)(\d{1,2})(?:(?:[-/.]|月)(\d{1,2})日?|月)?|年)?"
WESTERN = re.compile(r"(\d{4})" + REST, re.ASCII)
ERA_DATE = re.compile(r"(令和|平成|昭和|大正|明治|[RHSTM])(元|\d{1,2})" + REST, re.ASCII)


class DateNotUnderstood(ValueError):
    """A text that is no date; `code` is 'not_a_date', 'era_out_of_range' or 'no_such_day'."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.params = {"text": text}


def _plain(text: str) -> str:
    """Half-width, era ligatures spelt out, no spaces, no midnight a spreadsheet added."""
    folded = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    return LOOSE_SPACE.sub("", MIDNIGHT.sub("", folded)).upper()


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _build(year: int, month: int | None, day: int | None, text: str) -> PartialDate:
    try:
        return PartialDate(year, month, day)
    except ValueError as error:
        raise DateNotUnderstood("no_such_day", text) from error


def parse_date(text: str) -> PartialDate:
    """Understand 2023-04-01, 2023/4, 2023年4月, 令和5年4月1日, 令和元年5月, R5.4.1, ㋿5年, full-width digits.

    A missing day or month stays missing; a time of midnight, as spreadsheets add, is let go.
    Raises `DateNotUnderstood`.
    """
    plain = _plain(text)
    if match := WESTERN.fullmatch(plain):
        year, month, day = match.groups()
        return _build(int(year), _number(month), _number(day), text)
    if match := ERA_DATE.fullmatch(plain):
        era, era_year, month, day = match.groups()
        years = 1 if era_year == "元" else int(era_year)
        return _in_era(ERA_LETTERS.get(era, era), years, _number(month), _number(day), text)
    raise DateNotUnderstood("not_a_date", text)


def _in_era(era: str, era_year: int, month: int | None, day: int | None, text: str) -> PartialDate:
    when = _build(ERA_STARTS[era].year + era_year - 1, month, day, text)
    touched = {era_of(end)[0] for end in (when.earliest, when.latest) if end >= FIRST_DAY}
    if era_year < 1 or era not in touched:
        raise DateNotUnderstood("era_out_of_range", text)
    return when
