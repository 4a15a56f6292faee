"""XLSX workbooks: looked at as an archive first, then read by calamine."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tsunagu.engines.tables.refusal import Limits, TableUnreadable

FORBIDDEN_PARTS = (
    ("vbaproject.bin", "macro"),
    ("xl/externallinks/", "external_link"),
    ("xl/embeddings/", "embedded_object"),
)
SMALL = 1024 * 1024


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuse macros, links out, embedded files and archive bombs before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise TableUnreadable("broken_file") from error
    for entry in entries:
        name = entry.filename.lower()
        for part, code in FORBIDDEN_PARTS:
            if part in name:
                raise TableUnreadable(code)
    unpacked = sum(entry.file_size for entry in entries)
    explodes = unpacked > SMALL and unpacked > limits.max_ratio * len(data)
    if len(entries) > limits.max_entries or unpacked > limits.max_unpacked or explodes:
        raise TableUnreadable("suspicious_compression", unpacked=unpacked)


def read_workbook(data: bytes, limits: Limits) -> Iterator[list[str]]:
    """The first sheet's rows as text. Raises `TableUnreadable`."""
    check_archive(data, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as error:
        raise TableUnreadable("broken_file") from error
    for row in rows:
        yield [cell if type(cell) is str else cell_text(cell) for cell in row]


def cell_text(value: Any) -> str:
    """A typed cell as a person reads it: whole numbers without '.0', dates in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
