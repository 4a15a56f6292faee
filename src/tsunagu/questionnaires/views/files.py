"""Files of an answer sheet, for those who may see the sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tsunagu.engines.rendering.documents import Document, pdf
from tsunagu.files.serving import serve_file
from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.printing import sheet_blocks
from tsunagu.questionnaires.views.common import opened
from tsunagu.sharing.audience import Audience, audience


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
    )
    response = HttpResponse(pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="answers.pdf"'
    return response
