"""Tables as files to keep: CSV streamed row by row, XLSX written in constant memory."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tsunagu.engines.tables import SheetOut, csv_lines, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(
    kind: str,
    name: str,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int] = (),
) -> HttpResponseBase:
    """The rows as `name`.csv or `name`.xlsx; `title` names the sheet, `widths` its columns. 404 for other kinds."""
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(headers, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    if kind != "xlsx":
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when sent
    write_xlsx(file, [SheetOut(title, headers, rows, widths)])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
