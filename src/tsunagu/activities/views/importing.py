"""Taking in a lab's own list: upload, choose columns where needed, look, apply, errors as a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.activities import selectors
from tsunagu.activities.forms import ColumnsForm, UploadForm
from tsunagu.activities.importing import batches
from tsunagu.activities.importing.columns import COLUMNS
from tsunagu.activities.models import ActivityImport
from tsunagu.activities.views.log import crumbs, tended
from tsunagu.design.downloads import table_file
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of

SHOWN_ERRORS = 100


@audience(Audience.LAB)
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; nothing is stored in the log before a person says so."""
    lab = tended(request, slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.upload(lab=lab, by=viewer_of(request), file_name=file.name, content=file.read())
        except SheetRefused as refused:
            form.add_error("file", str(refused))
        else:
            to = "activities:columns" if batch.state == "mapping" else "activities:import"
            return redirect(to, batch.pk)
    context = {
        "form": form,
        "lab": lab,
        "columns": COLUMNS,
        "batches": selectors.imports(viewer_of(request)).filter(lab=lab)[:20],
        "kept": selectors.mappings(lab),
        "crumbs": crumbs(lab, _("一覧を取り込む")),
    }
    return render(request, "activities/upload.html", context, status=422 if form.errors else 200)


def _batch(request: HttpRequest, pk: int, *, with_content: bool = False) -> ActivityImport:
    found = selectors.imports(viewer_of(request))
    return get_object_or_404(found.defer(None) if with_content else found, pk=pk)


@audience(Audience.LAB)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column means what, and how words for kinds are read; kept under a name for next time."""
    batch = _batch(request, pk, with_content=True)
    if batch.state == "applied":
        return redirect("activities:import", pk)
    table = batches.open_table(bytes(batch.content), batch.file_name)
    chosen, words = batch.columns.get("columns", {}), batch.columns.get("words", {})
    form = ColumnsForm(
        request.POST or None, table=table, columns=chosen, unknown=batch.columns.get("unknown_kinds", [])
    )
    if request.method == "POST" and form.is_valid():
        words = {**words, "kind": {**words.get("kind", {}), **form.kinds}}
        checked = batches.check(batch=batch, columns=form.columns, words=words, by=viewer_of(request))
        if name := form.cleaned_data["name"]:
            batches.keep_mapping(lab=batch.lab, name=name, columns=form.columns, words=words)
        left = checked.columns["unknown_kinds"]
        return redirect("activities:columns" if left and not form.words else "activities:import", pk)
    context = {
        "form": form,
        "batch": batch,
        "headers": table.headers,
        "sample": table.rows[:3],
        "crumbs": crumbs(batch.lab, batch.file_name),
    }
    return render(request, "activities/columns.html", context, status=422 if form.errors else 200)


@audience(Audience.LAB)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or did; every error with its place and how to mend it."""
    one = _batch(request, pk)
    context = {
        "batch": one,
        "lab": one.lab,
        "errors": one.errors[:SHOWN_ERRORS],
        "unknown": one.columns.get("unknown_kinds", []),
        "may_apply": one.state == "checked" and (one.new_count or one.changed_count),
        "crumbs": crumbs(one.lab, one.file_name),
    }
    return render(request, "activities/import.html", context)


@audience(Audience.LAB)
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a checked file, all or nothing."""
    done = batches.apply(batch=_batch(request, pk), by=viewer_of(request))
    if done.state == "applied":
        messages.success(request, _("取り込みました。"))
    else:
        messages.error(request, _("誤りがあるため、取り込めませんでした。"))
    return redirect("activities:import", pk)


@audience(Audience.LAB)
@limited(EXPORT)
@require_safe
def errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The errors as a CSV to mend the list by."""
    one = _batch(request, pk)
    rows = [
        (each["row"], each["column"], each["value"], each["message"], each["mend"]) for each in one.errors
    ]
    headers = [_("行"), _("列"), _("値"), _("誤り"), _("直し方")]
    return table_file("csv", f"activities-{one.pk}-errors", _("誤り"), headers, rows)
