"""Writing tables for people's spreadsheets: no cell ever becomes a live formula (CWE-1236)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import xlsxwriter

DANGEROUS_START = frozenset("=+-@\t\r\0＝＋－＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
CHUNK = 64 * 1024


def neutralised(value: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would take it for a formula; plain numbers stay."""
    if value and value[0] in DANGEROUS_START and not PLAIN_NUMBER.fullmatch(value):
        return "'" + value
    return value


def _cell(value: Any) -> Any:
    if value.__class__ is str:
        return neutralised(value) if value and value[0] in DANGEROUS_START else value
    return "" if value is None else value


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file in chunks: UTF-8 with BOM so that Excel reads it, CRLF (RFC 4180)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if buffer.tell() > CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


@dataclass(frozen=True)
class SheetOut:
    """One sheet to write: its name, headings, rows, and column widths in characters."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int] = field(default_factory=tuple)


def write_xlsx(target: IO[bytes], sheets: Iterable[SheetOut]) -> None:
    """Write a workbook row by row in constant memory; texts stay texts, leading zeros and all."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        bold = workbook.add_format({"bold": True})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            for column, width in enumerate(sheet.widths):
                page.set_column(column, column, width)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, sheet.headers, bold)
            write_string, write_number = page.write_string, page.write_number
            for number, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    if value.__class__ is str:
                        if value:
                            write_string(number, column, value)
                    elif value is not None:
                        write_number(number, column, value)
