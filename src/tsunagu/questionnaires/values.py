"""Answers as they are kept: one plain JSON value per field, whatever way it came in (page, Excel sheet, another record).

What cannot be read is kept as it was typed and named as a problem: a draft never loses what somebody wrote.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.dates import PartialDate, both_calendars, parse_date
from tsunagu.questionnaires.counting import count_characters, plain_lines
from tsunagu.questionnaires.definition import Field, Kind
from tsunagu.questionnaires.naming import policy_name
from tsunagu.registry.codes import is_corporate_number

Value = Any
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer, and where: the field, and in a table the row (from 1) and the column."""

    field: str
    message: str
    row: int = 0
    column: str = ""
    section: str = ""


def is_empty(value: Value) -> bool:
    """Whether nothing is answered: also a table whose every row is blank."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return all(is_empty_row(one) for one in value)
    return value in EMPTY or (isinstance(value, str) and not value.strip())


def is_empty_row(row: Mapping[str, Value]) -> bool:
    return all(is_empty(one) for one in row.values())


def read_typed(field: Field, typed: Any) -> Value:
    """What a person typed, in the form it is kept in; what cannot be read stays as typed."""
    if field.kind == Kind.ROWS:
        rows = [
            {column.key: read_typed(column, row.get(column.key)) for column in field.columns}
            for row in typed or []
        ]
        while rows and is_empty_row(rows[-1]):
            rows.pop()
        return rows
    if field.kind == Kind.CHOICES:
        chosen = [_option(field, one) for one in typed or []]
        return [one for number, one in enumerate(chosen) if one and one not in chosen[:number]]
    if field.kind in {Kind.FILE, Kind.ORGANISATION, Kind.REGION} and isinstance(typed, dict):
        return typed
    text = plain_lines(str(typed if typed is not None else ""))
    if field.kind == Kind.LONG:
        return text.strip("\n") if text.strip() else ""
    text = text.replace("\n", " ").strip()
    reader = {
        Kind.NUMBER: _number,
        Kind.DATE: _day,
        Kind.YES_NO: _yes_no,
        Kind.CHOICE: lambda one: _option(field, one),
    }.get(Kind(field.kind))
    return reader(text) if reader and text else text


def _number(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("、", "").replace("−", "-").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text
    # `f` writes no exponent; a number with one is somebody's slip, or far outside any range.
    return format(number.normalize(), "f") if number.is_finite() and abs(number.adjusted()) < 20 else text


def _day(text: str) -> str:
    try:
        found = parse_date(text)
    except ValueError:
        return text
    return found.iso if isinstance(found, PartialDate) and len(found.iso) == 10 else text


def _yes_no(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    known = {"yes": "yes", "はい": "yes", "○": "yes", "1": "yes", "true": "yes", "no": "no", "いいえ": "no",
             "×": "no", "0": "no", "false": "no"}  # fmt: skip
    return known.get(plain, text)


def _option(field: Field, text: str) -> str:
    """The code of an option given by its code or its words."""
    text = str(text)
    return next((one.code for one in field.options if text in {one.code, one.label}), text)


def shown(field: Field, value: Value) -> str:
    """An answer in words, for people: the same on the page, in the PDF and in comparisons."""
    if is_empty(value):
        return ""
    if field.kind == Kind.ROWS:
        lines = [
            "、".join(
                f"{column.label}: {said}"
                for column in field.columns
                if (said := shown(column, row.get(column.key)))
            )
            for row in value
        ]
        return "\n".join(lines)
    if field.kind == Kind.CHOICES and isinstance(value, list):
        return "、".join(field.option_label(one) for one in value)
    if isinstance(value, dict):
        return _shown_thing(field, value)
    text = str(value)
    if field.kind == Kind.CHOICE:
        return field.option_label(text)
    if field.kind == Kind.POLICY:
        return policy_name(text)
    if field.kind == Kind.YES_NO:
        return {"yes": _("はい"), "no": _("いいえ")}.get(text, text)
    if field.kind == Kind.NUMBER and (number := as_number(text)) is not None:
        return f"{number:,f}{field.unit}"
    if field.kind == Kind.DATE and (day := as_day(text)) is not None:
        return both_calendars(day)
    return text


def _shown_thing(field: Field, value: Mapping[str, Any]) -> str:
    name = str(value.get("name", ""))
    number = value.get("corporate_number") or (value.get("code") if field.kind == Kind.REGION else "")
    return f"{name}（{number}）" if number else name


def as_number(value: Value) -> Decimal | None:
    """The number of an answer, or None."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_day(value: Value) -> PartialDate | None:
    """The day of an answer, or None."""
    try:
        return PartialDate.from_iso(str(value)) if len(str(value)) == 10 else None
    except ValueError:
        return None


def check_value(field: Field, value: Value) -> list[Problem]:
    """What is wrong with an answer that is there; an empty one is the caller's matter."""
    if is_empty(value):
        return []
    if field.kind == Kind.ROWS:
        return _check_rows(field, value)
    message = _complaint(field, value)
    return [Problem(field.key, message)] if message else []


def _check_rows(field: Field, rows: list[dict[str, Value]]) -> list[Problem]:
    if not isinstance(rows, list):
        return [Problem(field.key, _("表として読めません。"))]
    problems = []
    if len(rows) > field.most_rows:
        problems.append(Problem(field.key, _("%(most)d行までです。") % {"most": field.most_rows}))
    for number, row in enumerate(rows, start=1):
        if is_empty_row(row):
            continue
        for column in field.columns:
            value = row.get(column.key)
            message = _complaint(column, value)
            if column.required and is_empty(value):
                message = _("書いてください。")
            if message:
                problems.append(Problem(field.key, message, row=number, column=column.key))
    return problems


def _complaint(field: Field, value: Value) -> str:
    """One sentence about an answer that cannot stand, or ''."""
    if is_empty(value):
        return ""
    checks = {
        Kind.TEXT: _text_complaint,
        Kind.LONG: _text_complaint,
        Kind.NUMBER: _number_complaint,
        Kind.DATE: _day_complaint,
        Kind.CHOICE: _choice_complaint,
        Kind.CHOICES: _choice_complaint,
        Kind.YES_NO: _yes_no_complaint,
        Kind.FILE: _thing_complaint,
        Kind.ORGANISATION: _thing_complaint,
        Kind.REGION: _thing_complaint,
    }
    check = checks.get(Kind(field.kind))
    return check(field, value) if check else ""


def _text_complaint(field: Field, value: Value) -> str:
    length = count_characters(str(value))
    if length <= field.limit:
        return ""
    return _("%(limit)d文字までです。いま%(length)d文字です。%(over)d文字減らしてください。") % {
        "limit": field.limit,
        "length": length,
        "over": length - field.limit,
    }


def _number_complaint(field: Field, value: Value) -> str:
    number = as_number(value)
    if number is None:
        return _("数で書いてください（例: 1200）。「%(value)s」は読めません。") % {"value": value}
    if number != round(number, field.decimals):
        if not field.decimals:
            return _("小数のない数で書いてください。")
        return _("小数は%(places)d桁までです。") % {"places": field.decimals}
    if field.minimum and number < Decimal(field.minimum):
        return _("%(least)s以上の数にしてください。") % {"least": field.minimum}
    if field.maximum and number > Decimal(field.maximum):
        return _("%(most)s以下の数にしてください。") % {"most": field.maximum}
    return ""


def _day_complaint(field: Field, value: Value) -> str:
    day = as_day(value)
    if day is None:
        return _("年月日で書いてください（例: 2026-04-01、令和8年4月1日）。「%(value)s」は読めません。") % {
            "value": value
        }
    if field.minimum and day.iso < field.minimum:
        return _("%(least)s以後の日付にしてください。") % {"least": field.minimum}
    if field.maximum and day.iso > field.maximum:
        return _("%(most)s以前の日付にしてください。") % {"most": field.maximum}
    return ""


def _choice_complaint(field: Field, value: Value) -> str:
    codes = {one.code for one in field.options}
    chosen = value if isinstance(value, list) else [value]
    odd = [str(one) for one in chosen if one not in codes]
    return _("選択肢にありません: %(odd)s。") % {"odd": "、".join(odd)} if odd else ""


def _yes_no_complaint(field: Field, value: Value) -> str:
    return "" if value in {"yes", "no"} else _("「はい」か「いいえ」を選んでください。")


def _thing_complaint(field: Field, value: Value) -> str:
    if field.kind == Kind.FILE:
        return "" if isinstance(value, dict) and value.get("key") else _("ファイルを選んでください。")
    if field.kind == Kind.REGION:
        if isinstance(value, dict) and value.get("code"):
            return ""
        return _(
            "「%(value)s」がどの地域か決まりません。市区町村か都道府県の名前、同じ名前があるときは6桁の団体コードで書いてください。"
        ) % {"value": value}
    if not isinstance(value, dict) or not value.get("name"):
        return _("組織の名前を書いてください。")
    number = str(value.get("corporate_number", ""))
    if number and not is_corporate_number(number):
        return _("法人番号は13桁の数字です。「%(number)s」は桁数か検査数字が合いません。") % {
            "number": number
        }
    return ""
