"""Files of an answer sheet, for those who may see the sheet."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.downloads import XLSX
from tsunagu.engines.rendering.documents import Document, pdf
from tsunagu.files.serving import serve_file
from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.forms import WorkbookForm
from tsunagu.questionnaires.models import SnapshotKind
from tsunagu.questionnaires.printing import sheet_blocks
from tsunagu.questionnaires.selectors import Open
from tsunagu.questionnaires.services.writing import SheetClosed, write_answers
from tsunagu.questionnaires.values import shown
from tsunagu.questionnaires.views.common import opened, page, writable
from tsunagu.questionnaires.workbook import NotThisSheet, read_back, workbook_of
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.SIGNED_IN)
@require_safe
def answer_file(request: HttpRequest, key: Any, file: Any) -> HttpResponseBase:
    """A file that was attached to an answer, in any version of it."""
    found = opened(request, key)
    one = get_object_or_404(found.sheet.files.select_related("stored_file"), stored_file_id=file)
    return serve_file(one.stored_file)


@audience(Audience.SIGNED_IN)
@require_safe
def sheet_pdf(request: HttpRequest, key: Any) -> HttpResponse:
    """The answers as they are now, in the same words as the check page."""
    found = opened(request, key)
    given = selectors.values(selectors.answers(found.sheet))
    document = Document(
        title=found.matter.title,
        blocks=sheet_blocks(found.sheet.definition, given),
        number=found.matter.number,
        footer=str(found.sheet.form_version),
        made_at=found.sheet.touched_at,
    )
    response = HttpResponse(pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="answers.pdf"'
    return response


@audience(Audience.SIGNED_IN)
@require_safe
def workbook(request: HttpRequest, key: Any) -> HttpResponse:
    """The form as an Excel workbook with the answers so far."""
    found = opened(request, key)
    stored = selectors.answers(found.sheet)
    versions = {name: one.version for name, one in stored.items()}
    data = workbook_of(found.sheet, selectors.values(stored), versions, title=found.matter.title)
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="answers.xlsx"'
    return response


@audience(Audience.SIGNED_IN)
def upload(request: HttpRequest, key: Any) -> HttpResponse:
    """Take a filled-in workbook: what is read is kept, what is wrong is named cell by cell, what clashes is shown."""
    found = opened(request, key)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        writable(request, key)
        try:
            read = read_back(form.cleaned_data["file"].read(), found.sheet)
            values = _open_values(found, read.values)
            written = write_answers(
                sheet=found.sheet,
                by=viewer_of(request),
                values=values,
                seen=read.seen,
                kind=SnapshotKind.UPLOADED,
            )
        except (NotThisSheet, SheetClosed) as refusal:
            form.add_error("file", str(refusal))
        else:
            context |= {
                "read": read,
                "written": written,
                "closed": len(read.values) - len(values),
                "clashes": [
                    (one, shown(one, clash.theirs), shown(one, values[clash.field]), clash.by)
                    for clash in written.clashes
                    if (one := found.sheet.definition.field(clash.field))
                ],
            }
    status = 422 if form.errors else 200
    return render(
        request, "questionnaires/upload.html", page(found, _("Excelで書く"), **context), status=status
    )


def _open_values(found: Open, values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what may be written now: of a sheet returned for correction, the named sections."""
    if found.sheet.open_sections is None:
        return dict(values)
    open_keys = {
        one.key
        for section in found.sheet.definition.sections
        if section.key in found.sheet.open_sections
        for one in section.fields
    }
    return {key: value for key, value in values.items() if key in open_keys}
