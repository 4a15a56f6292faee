"""Handing a file out. The caller has asked the sharing policy first: nothing here decides who may see it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from tsunagu.files.models import StoredFile

# A file is never a page of this site: it runs nothing and reaches nothing, even when a browser opens it.
ALONE = "sandbox; default-src 'none'; frame-ancestors 'none'"


def serve_file(stored: StoredFile) -> FileResponse:
    """The file as a download under its own name (RFC 6266). Raises `Http404` when it is missing from the storage."""
    try:
        content = default_storage.open(stored.place)
    except FileNotFoundError as error:
        raise Http404("stored file is missing") from error
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
