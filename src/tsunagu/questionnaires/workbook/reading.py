"""Reading a workbook back: only this sheet's own, every problem with its cell, what is right is read all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from tsunagu.engines.tables.reading import Limits
from tsunagu.engines.tables.refusal import TableUnreadable
from tsunagu.questionnaires.definition import Field, Kind
from tsunagu.questionnaires.lookups import tied
from tsunagu.questionnaires.models import Sheet
from tsunagu.questionnaires.values import Value, check_value, is_empty, read_typed
from tsunagu.questionnaires.workbook import layout
from tsunagu.questionnaires.workbook.layout import Page


class NotThisSheet(ValueError):
    """The file is not this sheet's workbook; the message says why and what to do."""


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be taken as it is."""

    page: str
    cell: str
    label: str
    message: str


@dataclass
class ReadBack:
    """What a workbook says: answers by field, the version of each that its writer had, and what is wrong."""

    values: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_back(data: bytes, sheet: Sheet) -> ReadBack:
    """The answers of an uploaded workbook. Raises `NotThisSheet`.

    A workbook of an older version of the same form is read by its keys; what has no place any more is named.
    """
    _check_signature(data, sheet)
    found = ReadBack()
    for page in layout.pages(sheet.definition):
        try:
            rows = _rows(data, page.name)
        except TableUnreadable:
            found.problems.append(
                CellProblem(
                    page.name,
                    "",
                    page.section.title,
                    _("この名前のシートがありません。もとの名前に戻してください。"),
                )
            )
            continue
        if page.table is None:
            _read_questions(page, rows, found)
        else:
            _read_table(page, page.table, rows, found)
    return found


def _rows(data: bytes, name: str) -> list[list[str]]:
    from tsunagu.engines.tables.workbook import read_workbook

    return list(read_workbook(data, Limits(), name)[1])


def _check_signature(data: bytes, sheet: Sheet) -> None:
    try:
        rows = _rows(data, layout.FIRST_PAGE)
        text = rows[layout.SIGNATURE_ROW][1]
    except TableUnreadable as error:
        if error.code in {"no_such_sheet", "empty"}:
            raise NotThisSheet(
                _("つなぐで受け取ったExcelではありません。この画面で受け取ったファイルを使ってください。")
            ) from error
        raise NotThisSheet(str(error)) from error
    except IndexError as error:
        raise NotThisSheet(
            _("「はじめに」のシートの署名が見つかりません。もう一度受け取ってください。")
        ) from error
    try:
        key, form, _version = layout.signed(text)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotThisSheet(
            _("「はじめに」のシートの署名が変わっています。もとに戻すか、もう一度受け取ってください。")
        ) from error
    if form != sheet.form_version.form_id:
        raise NotThisSheet(_("別の様式のExcelです。"))
    if key != str(sheet.key):
        raise NotThisSheet(
            _("ほかのラボ・ほかの申請のExcelです。この申請の画面で受け取ったファイルを使ってください。")
        )


def _cell(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}" if column < 26 else f"A{chr(ord('A') + column - 26)}{row + 1}"


def _version(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _read_questions(page: Page, rows: list[list[str]], found: ReadBack) -> None:
    fields = {one.key: one for one in page.section.fields if one.kind not in {Kind.ROWS, Kind.FILE}}
    typed: dict[str, dict[str, str]] = {}
    places: dict[str, str] = {}
    for number, row in enumerate(rows[layout.FIRST_ANSWER_ROW :], start=layout.FIRST_ANSWER_ROW):
        cells = [*row, *[""] * len(layout.HEADINGS)]
        key, _dot, part = cells[layout.KEY].strip().partition(".")
        if not key:
            if cells[layout.ANSWER].strip():
                found.problems.append(
                    CellProblem(
                        page.name,
                        _cell(number, layout.KEY),
                        cells[layout.QUESTION],
                        _("A列の記号が消えています。もとに戻してください。"),
                    )
                )
            continue
        if key not in fields:
            if cells[layout.ANSWER].strip():
                found.unknown.append(f"{cells[layout.QUESTION]}: {cells[layout.ANSWER]}")
            continue
        given = typed.setdefault(key, {})
        given[part] = given.get(part, "") + cells[layout.ANSWER]
        places.setdefault(key, _cell(number, layout.ANSWER))
        found.seen.setdefault(key, _version(cells[layout.VERSION]))
    for key, given in typed.items():
        one = fields[key]
        raw = _raw(one, given)
        _take(found, page, one, raw, places[key])


def _raw(one: Field, given: Mapping[str, str]) -> Any:
    """What a person typed, as `values.read_typed` takes it."""
    text = given.get("", "")
    if one.kind == Kind.CHOICES:
        return _chosen(one, text)
    if one.kind == Kind.ORGANISATION:
        return {key: value.strip() for key, value in given.items() if key and value.strip()} or ""
    return text


def _chosen(one: Field, text: str) -> list[str]:
    """One option a line; several on a line are told apart only where the line itself is no option."""
    known = {name for option in one.options for name in (option.code, option.label)}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        part.strip()
        for line in lines
        for part in ([line] if line in known else line.split("、"))
        if part.strip()
    ]


def _take(found: ReadBack, page: Page, one: Field, raw: Any, cell: str) -> None:
    value = tied(one, read_typed(one, raw))
    found.values[one.key] = "" if is_empty(value) else value
    for problem in check_value(one, value):
        found.problems.append(CellProblem(page.name, cell, one.label, problem.message))


def _read_table(page: Page, table: Field, rows: list[list[str]], found: ReadBack) -> None:
    if len(rows) < layout.FIRST_ANSWER_ROW or rows[0][0].strip() != table.key:
        found.problems.append(
            CellProblem(page.name, "A1", table.label, _("A1の記号が変わっています。もとに戻してください。"))
        )
        return
    keys = [one.strip() for one in rows[1][1:]]
    columns = {one.key: one for one in table.columns}
    values, places = [], []
    for number, row in enumerate(rows[layout.FIRST_ANSWER_ROW :], start=layout.FIRST_ANSWER_ROW):
        given: dict[str, dict[str, str]] = {}
        for key, text in zip(keys, row[1:], strict=False):
            name, _dot, part = key.partition(".")
            if name in columns:
                given.setdefault(name, {})[part] = text
            elif text.strip():
                found.unknown.append(f"{table.label} {number + 1}行目: {text}")
        raw = {name: _raw(columns[name], parts) for name, parts in given.items()}
        if any(not is_empty(one) for one in raw.values()):
            values.append({name: raw.get(name, "") for name in columns})
            places.append(number)
    value = tied(table, read_typed(table, values))
    found.values[table.key] = value
    found.seen[table.key] = _version(rows[0][1].strip() if len(rows[0]) > 1 else "")
    for problem in check_value(table, value):
        column = next(
            (place for place, key in enumerate(keys, start=1) if key.partition(".")[0] == problem.column), 0
        )
        place = places[problem.row - 1] if problem.row else 0
        label = columns[problem.column].label if problem.column in columns else table.label
        found.problems.append(CellProblem(page.name, _cell(place, column), label, problem.message))
