"""Taking in lists: upload and dry run, look, apply, errors as a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.downloads import table_file
from tsunagu.design.paging import page_context
from tsunagu.registry import selectors
from tsunagu.registry.forms import UploadForm
from tsunagu.registry.importing.batches import COLUMNS, apply_batch, check_upload
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.registry.models.imports import ImportKind, ImportState
from tsunagu.registry.views.editing import home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

SHOWN_ERRORS = 100


@audience(Audience.SECRETARIAT)
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is checked at once, and nothing is changed before a person says so."""
    viewer = viewer_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = check_upload(
                by=viewer, kind=form.cleaned_data["kind"], file_name=file.name, content=file.read()
            )
        except SheetRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("office:import", batch.pk)
    context = {
        "form": form,
        "columns": [(kind.label, COLUMNS[kind]) for kind in (ImportKind.LABS, ImportKind.ORGANISATIONS)],
        "crumbs": [home_crumb(), (_("取込"), None)],
        **page_context(request, selectors.import_batches(viewer), 20),
    }
    return render(request, "registry/imports.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_safe
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or did; every error with its place and how to mend it."""
    batch = get_object_or_404(selectors.import_batches(viewer_of(request)), pk=pk)
    context = {
        "batch": batch,
        "notes": [one["note"] for one in batch.changes if "note" in one],
        "changes": [one for one in batch.changes if "note" not in one],
        "errors": batch.errors[:SHOWN_ERRORS],
        "may_apply": batch.state == ImportState.CHECKED and (batch.new_count or batch.changed_count),
        "crumbs": [home_crumb(), (_("取込"), reverse("office:imports")), (batch.file_name, None)],
    }
    return render(request, "registry/import.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def apply_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a checked file, all or nothing."""
    viewer = viewer_of(request)
    batch = get_object_or_404(selectors.import_batches(viewer), pk=pk)
    done = apply_batch(by=viewer, batch=batch)
    if done.state == ImportState.APPLIED:
        messages.success(request, _("取り込みました。"))
    else:
        messages.error(
            request, _("確認したあとに記録が変わったため、取り込めませんでした。誤りを確かめてください。")
        )
    return redirect("office:import", pk)


@audience(Audience.SECRETARIAT)
@require_safe
def import_errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The errors as a CSV to mend the list by."""
    batch = get_object_or_404(selectors.import_batches(viewer_of(request)), pk=pk)
    rows = [(one["row"], one["column"], one["value"], one["message"], one["mend"]) for one in batch.errors]
    headers = [_("行"), _("列"), _("値"), _("誤り"), _("直し方")]
    return table_file("csv", f"import-{batch.pk}-errors", _("誤り"), headers, rows)
