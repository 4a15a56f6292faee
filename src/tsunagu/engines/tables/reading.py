"""Reading an uploaded CSV or XLSX file into text cells, exactly as typed."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tsunagu.engines.tables.workbook import read_workbook
from tsunagu.engines.tables.refusal import Limits, TableUnreadable

__all__ = ["Limits", "RowProblem", "Table", "TableUnreadable", "read_table"]

SPACES = " \t\u3000"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class RowProblem:
    """A row whose shape does not fit the headings; `row` counts as a spreadsheet does, headings being row 1."""

    row: int
    code: str


@dataclass
class Table:
    """Headings and rows of text. `row_numbers[i]` is where row i stands in the file; blank rows are left out."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]
    row_numbers: list[int]
    encoding: str
    problems: list[RowProblem] = field(default_factory=list)


def read_table(data: bytes, file_name: str, *, limits: Limits | None = None) -> Table:
    """Read the file by what it is, not by what its name ends in. Cell texts are never Unicode-normalised.

    Raises `TableUnreadable`.
    """
    limits = limits or Limits()
    if not data.strip():
        raise TableUnreadable("empty")
    if len(data) > limits.max_bytes:
        raise TableUnreadable("too_large", limit=limits.max_bytes)
    if data.startswith(OLE_MAGIC):
        raise TableUnreadable("old_xls")
    if data.startswith(b"PK\x03\x04"):
        return _table(read_workbook(data, limits), "xlsx", limits)
    text, encoding = _decode(data)
    return _table(_csv_records(text), encoding, limits)


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ("utf-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig",)
    else:
        if b"\0" in data:
            raise TableUnreadable("broken_file")
        candidates = ("utf-8", "cp932")
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TableUnreadable("encoding_unknown")


def _csv_records(text: str) -> Iterator[list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = "\t" if first_line.count("\t") > first_line.count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise TableUnreadable("broken_file") from error


def _table(records: Iterable[list[str]], encoding: str, limits: Limits) -> Table:
    rows = iter(records)
    headers = tuple(cell.strip(SPACES) for cell in next(rows, ()))
    while headers and not headers[-1]:
        headers = headers[:-1]
    if not headers:
        raise TableUnreadable("empty")
    named = [header for header in headers if header]
    if len(set(named)) != len(named):
        raise TableUnreadable("duplicate_header")
    width = len(headers)
    if width > limits.max_columns:
        raise TableUnreadable("too_many_columns", limit=limits.max_columns)
    table = Table(headers, [], [], encoding)
    for number, record in enumerate(rows, start=2):
        cells = tuple([cell.strip(SPACES) for cell in record])
        if not any(cells):
            continue
        if len(cells) != width:
            cells = _fitted(cells, width, number, table.problems)
        table.rows.append(cells)
        table.row_numbers.append(number)
        if len(table.rows) > limits.max_rows:
            raise TableUnreadable("too_many_rows", limit=limits.max_rows)
    return table


def _fitted(cells: tuple[str, ...], width: int, number: int, problems: list[RowProblem]) -> tuple[str, ...]:
    if any(cells[width:]):
        problems.append(RowProblem(number, "too_many_cells"))
    return (cells + ("",) * width)[:width]
