"""Writing tables for people's spreadsheets: no cell ever becomes a live formula (CWE-1236)."""

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

DANGEROUS_START = frozenset("=+-@\t\r\n\0＝＋－＠")
LOOKED_AT = DANGEROUS_START | frozenset(" \u3000\u00a0\ufeff")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
CHUNK = 64 * 1024
NUMBERS = (int, float, Decimal)


class TableUnwritable(ValueError):
    """Rows a workbook cannot hold; `code` is 'cell_too_long' (over 32,767 characters) or 'too_many_rows'."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def neutralised(value: str) -> str:
    """The text with a leading apostrophe where a spreadsheet opening a CSV would take it for a formula.

    That is text starting, after white space, with = + - @, a tab or a line break, full-width forms included.
    Plain numbers such as -12.5 stay. Telephone numbers do not: a spreadsheet takes '+81-3-1234' for a sum.
    One-way: reading the file back gives the text with its apostrophe.
    """
    if not value or value[0] not in LOOKED_AT:
        return value
    start = value.lstrip(" \u3000\u00a0\ufeff")[:1]
    if start in DANGEROUS_START and start and not PLAIN_NUMBER.fullmatch(value):
        return "'" + value
    return value


def _cell(value: Any) -> Any:
    if value.__class__ is str:
        return neutralised(value) if value and value[0] in LOOKED_AT else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    # Lazy translations and subclasses of str become text only when written, so they are text here already.
    return value if isinstance(value, NUMBERS) else neutralised(str(value))


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A neutralised CSV file in chunks of about 64 kB: UTF-8 with BOM as Excel wants it, CRLF (RFC 4180)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_cell(header) for header in headers])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


@dataclass(frozen=True)
class SheetOut:
    """One sheet to write: its name (at most 31 characters), headings, rows, column widths in characters."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[float] = field(default_factory=tuple)


def write_xlsx(target: IO[bytes] | str | os.PathLike[str], sheets: Iterable[SheetOut]) -> None:
    """Write a workbook row by row in constant memory; texts stay texts, leading zeros and all.

    int, float and Decimal become numbers, None an empty cell, everything else text. Raises `TableUnwritable`.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    # Only here: it takes 11 MB that no page needs.
    import xlsxwriter

    with xlsxwriter.Workbook(target, options) as workbook:
        bold = workbook.add_format({"bold": True})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            for column, width in enumerate(sheet.widths):
                page.set_column(column, column, width)
            page.freeze_panes(1, 0)
            for column, header in enumerate(sheet.headers):
                page.write_string(0, column, str(header), bold)
            last = _write_rows(page, sheet.rows)
            page.autofilter(0, 0, last, max(len(sheet.headers) - 1, 0))


def _write_rows(page: Any, rows: Iterable[Sequence[Any]]) -> int:
    """Write the rows below the headings; the number of the last one."""
    write_string, write_number = page.write_string, page.write_number
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value.__class__ is str:
                failed = write_string(number, column, value) if value else 0
            elif value is None:
                continue
            elif isinstance(value, bool):
                failed = page.write_boolean(number, column, value)
            elif isinstance(value, NUMBERS):
                failed = write_number(number, column, value)
            else:
                failed = write_string(number, column, str(value))
            if failed:
                raise TableUnwritable("cell_too_long" if failed == -2 else "too_many_rows", row=number + 1)
    return number
