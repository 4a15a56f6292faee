"""Lists of cases: chosen, looked at, taken in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.cases import importing, selectors
from tsunagu.cases.forms import ListForm
from tsunagu.cases.models import CaseImport
from tsunagu.cases.rules import NotAllowed
from tsunagu.design.downloads import table_file
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of

SHOWN_ERRORS = 200


@audience(Audience.LAB)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a list; nothing is stored until it has been looked at."""
    viewer = viewer_of(request)
    form = ListForm(request.POST or None, request.FILES or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = importing.check_list(
                lab=form.cleaned_data["lab"], by=viewer, file_name=file.name, content=file.read()
            )
        except SheetRefused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("cases:import", batch.pk)
    context = {
        "form": form,
        "columns": importing.COLUMNS,
        "batches": selectors.imports(viewer)[:20],
        "crumbs": [(_("事例を書く"), reverse("cases:own")), (_("一覧を取り込む"), None)],
    }
    return render(request, "cases/upload.html", context, status=422 if form.errors else 200)


def _batch(request: HttpRequest, pk: int) -> CaseImport:
    return get_object_or_404(selectors.imports(viewer_of(request)), pk=pk)


@audience(Audience.LAB)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list would do, or did; every error with its place and how to mend it."""
    one = _batch(request, pk)
    context = {
        "batch": one,
        "lab": one.lab,
        "errors": one.errors[:SHOWN_ERRORS],
        "notes": [each["note"] for each in one.changes if "note" in each],
        "changes": [each for each in one.changes if "note" not in each],
        "may_apply": one.state == "checked" and (one.new_count or one.changed_count),
        "crumbs": [(_("事例を書く"), reverse("cases:own")), (_("一覧を取り込む"), reverse("cases:upload")), (one.file_name, None)],
    }  # fmt: skip
    return render(request, "cases/import.html", context)


@audience(Audience.LAB)
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a checked list, all or nothing."""
    try:
        done = importing.apply_list(batch=_batch(request, pk), by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("cases:import", pk)
    if done.state == "applied":
        messages.success(request, _("取り込みました。下書きとして入っています。"))
    else:
        messages.error(request, _("誤りがあるため、取り込めませんでした。"))
    return redirect("cases:import", pk)


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
    return table_file("csv", f"cases-{one.pk}-errors", _("誤り"), headers, rows)
