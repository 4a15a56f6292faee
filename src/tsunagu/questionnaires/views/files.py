"""Files of an answer sheet, for those who may see the sheet."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tsunagu.files.serving import serve_file
from tsunagu.questionnaires.views.common import opened
from tsunagu.sharing.audience import Audience, audience


@audience(Audience.SIGNED_IN)
@require_safe
def answer_file(request: HttpRequest, key: Any, file: Any) -> HttpResponseBase:
    """A file that was attached to an answer, in any version of it."""
    found = opened(request, key)
    one = get_object_or_404(found.sheet.files.select_related("stored_file"), stored_file_id=file)
    return serve_file(one.stored_file)
