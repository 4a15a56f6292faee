"""XLSX workbooks: checked as an archive first, then read by calamine."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from tsunagu.engines.tables.archive import check_archive
from tsunagu.engines.tables.refusal import Limits, TableUnreadable


def read_workbook(data: bytes, limits: Limits, sheet: str | None = None) -> tuple[str, Iterator[list[str]]]:
    """The name and the rows, as text, of the sheet asked for or the first one shown.

    Raises `TableUnreadable`.
    """
    check_archive(data, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = sheet or _first_sheet(workbook)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except WorksheetNotFound as error:
        raise TableUnreadable("no_such_sheet" if sheet else "broken_file", sheet=sheet) from error
    except (CalamineError, ValueError, OSError) as error:
        raise TableUnreadable("broken_file") from error
    return name, ([cell if type(cell) is str else cell_text(cell) for cell in row] for row in rows)


def _first_sheet(workbook: CalamineWorkbook) -> str:
    sheets = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    shown = [one for one in sheets if one.visible == SheetVisibleEnum.Visible]
    if not sheets:
        raise TableUnreadable("empty")
    return (shown or sheets)[0].name


def cell_text(value: Any) -> str:
    """A typed cell as a person reads it: whole numbers without '.0', dates in ISO form, TRUE and FALSE."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel itself shows no more than 15 digits: 0.1 + 0.2 reads 0.3.
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
