"""The back office of organisations: find, edit, merge, take out as a file."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tsunagu.design.downloads import table_file
from tsunagu.design.paging import page_context
from tsunagu.registry import merging, selectors, services
from tsunagu.registry.forms import OrganisationForm, ReasonForm
from tsunagu.registry.importing.organisations import COLUMNS
from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models import Organisation
from tsunagu.registry.views.editing import edit_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of

REFUSALS = {
    "same": gettext_lazy("同じ組織どうしは統合できません。"),
    "already_merged": gettext_lazy("すでに統合された組織です。"),
    "two_corporate_numbers": gettext_lazy(
        "法人番号が違う組織どうしは統合できません。どちらかの番号を確かめてください。"
    ),
}


def _crumbs(title: str = "") -> list[tuple[str, str | None]]:
    trail = [home_crumb(), (_("組織"), reverse("office:organisations") if title else None)]
    return [*trail, (title, None)] if title else trail


@audience(Audience.STAFF)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations, found by name in any spelling or by 法人番号."""
    q = request.GET.get("q", "")
    found = selectors.organisations(viewer_of(request), text=q)
    context = {"q": q, "crumbs": _crumbs(), **page_context(request, found)}
    return render(request, "registry/organisations.html", context)


@audience(Audience.STAFF)
@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: its facts, the labs it belongs to, and others it may be the same as."""
    viewer = viewer_of(request)
    one = get_object_or_404(Organisation.objects.select_related("prefecture", "merged_into"), pk=pk)
    similar = selectors.organisations(viewer).filter(name_folded=one.name_folded).exclude(pk=pk)
    q = request.GET.get("q", "")
    others = selectors.organisations(viewer, text=q).exclude(pk=pk)[:20] if q else similar[:20]
    context = {
        "organisation": one,
        "memberships": one.memberships.select_related("lab__region"),
        "others": others,
        "q": q,
        "crumbs": _crumbs(one.name),
    }
    return render(request, "registry/organisation.html", context)


@audience(Audience.SECRETARIAT)
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    return _edit(request, Organisation(), _("新しい組織を登録する"))


@audience(Audience.SECRETARIAT)
def edit_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation's facts."""
    one = get_object_or_404(Organisation, pk=pk, merged_into=None)
    return _edit(request, one, _("%(name)s の情報を直す") % {"name": one.name})


def _edit(request: HttpRequest, one: Organisation, title: str) -> HttpResponse:
    form = OrganisationForm(request.POST or None, instance=one)

    def done(saved: Organisation) -> HttpResponse:
        messages.success(request, _("保存しました。"))
        return redirect("office:organisation", saved.pk)

    return edit_page(request, form, title, _crumbs(title), save=services.save_organisation, done=done)


@audience(Audience.SECRETARIAT)
def merge(request: HttpRequest, keep: int, drop: int) -> HttpResponse:
    """Preview what merging two organisations changes, then do it with a reason."""
    pair = Organisation.objects.select_related("prefecture")
    kept, dropped = get_object_or_404(pair, pk=keep), get_object_or_404(pair, pk=drop)
    form = ReasonForm(request.POST or None)
    try:
        merging.check_merge(kept, dropped)
    except merging.MergeRefused as refused:
        messages.error(request, REFUSALS[refused.code])
        return redirect("office:organisation", keep)
    if request.method == "POST" and form.is_valid():
        merging.merge_organisations(keep=kept, drop=dropped, reason=form.cleaned_data["reason"])
        messages.success(request, _("統合しました。"))
        return redirect("office:organisation", keep)
    context = {
        "keep": kept,
        "drop": dropped,
        "moving": dropped.memberships.select_related("lab__region"),
        "form": form,
        "crumbs": _crumbs(_("統合の確認")),
    }
    return render(request, "registry/merge.html", context, status=422 if form.errors else 200)


def _rows(found: QuerySet[Organisation]) -> Iterator[tuple[str, ...]]:
    labels = {one.value: str(one.label) for one in OrganisationKind}
    columns = found.values_list("name", "corporate_number", "kind", "prefecture__name", "website", "source")
    for name, number, kind, prefecture, website, source in columns.iterator(chunk_size=5000):
        yield (name, number, labels[kind], prefecture or "", website, source)


@audience(Audience.STAFF)
@require_safe
@limited(EXPORT)
def organisations_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The organisations found, as a file that can be taken in again."""
    found = selectors.organisations(viewer_of(request), text=request.GET.get("q", "")).order_by("pk")
    order = ("name", "corporate_number", "kind", "prefecture", "website", "source")
    labels = {column.key: column.label for column in COLUMNS}
    headers = [labels[key] for key in order]
    return table_file(kind, "organisations", _("組織"), headers, _rows(found), (40, 16, 14, 10, 30, 30))
