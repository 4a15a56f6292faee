"""Reading an uploaded CSV or XLSX file into text cells, exactly as typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tsunagu.engines.tables.delimited import decoded, records
from tsunagu.engines.tables.refusal import Limits, TableUnreadable

__all__ = ["Limits", "RowProblem", "Table", "TableUnreadable", "read_table"]

SPACES = " \t\r\n\v\f\u3000"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class RowProblem:
    """A row whose shape does not fit the headings.

    `row` counts as a spreadsheet does; `code` is 'too_many_cells', with `cells` and `columns` in `params`.
    """

    row: int
    code: str
    params: dict[str, int] = field(default_factory=dict)


@dataclass
class Table:
    """Headings and rows of text.

    `row_numbers[i]` is where row i stands in the file: the first record is 1, a record with quoted line
    breaks counts once, blank rows count but are left out. `sheet` is None unless the file is a workbook.
    """

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]
    row_numbers: list[int]
    encoding: str
    problems: list[RowProblem] = field(default_factory=list)
    sheet: str | None = None


def read_table(
    data: bytes, file_name: str, *, limits: Limits | None = None, sheet: str | None = None
) -> Table:
    """Read the file by what it is, not by what its name ends in (`file_name` is not looked at).

    Only white space around a cell is taken off; texts are never Unicode-normalised. `sheet` names a sheet
    of a workbook; without it the first one shown is read. Raises `TableUnreadable`.
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        raise TableUnreadable("too_large", limit=limits.max_bytes)
    if not data:
        raise TableUnreadable("empty")
    if data.startswith(OLE_MAGIC):
        raise TableUnreadable("old_xls")
    if data.startswith(ZIP_MAGIC):
        from tsunagu.engines.tables.workbook import read_workbook

        name, rows = read_workbook(data, limits, sheet)
        return _table(rows, "xlsx", limits, name)
    text, encoding = decoded(data)
    return _table(records(text), encoding, limits, None)


def _table(found: Iterable[list[str]], encoding: str, limits: Limits, sheet: str | None) -> Table:
    numbered = enumerate(found, start=1)
    headers = _headers(numbered, limits)
    width = len(headers)
    table = Table(headers, [], [], encoding, sheet=sheet)
    for number, record in numbered:
        cells = tuple([cell.strip(SPACES) for cell in record])
        if not any(cells):
            continue
        if len(cells) != width:
            cells = _fitted(cells, width, number, table.problems)
        table.rows.append(cells)
        table.row_numbers.append(number)
        if len(table.rows) > limits.max_rows:
            raise TableUnreadable("too_many_rows", limit=limits.max_rows)
    _drop_blank_columns(table)
    return table


def _headers(numbered: Iterator[tuple[int, list[str]]], limits: Limits) -> tuple[str, ...]:
    """The first record with anything in it, blank headings at its end included."""
    for _, record in numbered:
        headers = tuple(cell.strip(SPACES) for cell in record)
        named = [header for header in headers if header]
        if not named:
            continue
        last = max(place for place, header in enumerate(headers, start=1) if header)
        if last > limits.max_columns:
            raise TableUnreadable("too_many_columns", limit=limits.max_columns)
        twice = next((header for header in named if named.count(header) > 1), None)
        if twice is not None:
            raise TableUnreadable("duplicate_header", header=twice)
        return headers[: limits.max_columns]
    raise TableUnreadable("empty")


def _fitted(cells: tuple[str, ...], width: int, number: int, problems: list[RowProblem]) -> tuple[str, ...]:
    filled = max(place for place, cell in enumerate(cells, start=1) if cell)
    if filled > width:
        problems.append(RowProblem(number, "too_many_cells", {"cells": filled, "columns": width}))
    return (cells + ("",) * width)[:width]


def _drop_blank_columns(table: Table) -> None:
    """Leave out columns at the end with neither heading nor data, as spreadsheets add by themselves."""
    width = len(table.headers)
    while not table.headers[width - 1] and not any(row[width - 1] for row in table.rows):
        width -= 1
    if width < len(table.headers):
        table.headers = table.headers[:width]
        table.rows = [row[:width] for row in table.rows]
