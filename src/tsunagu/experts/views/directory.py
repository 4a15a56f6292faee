"""The directory for everybody, and an expert's own entry."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.facets import Property, narrow
from tsunagu.design.paging import page_context
from tsunagu.experts import selectors
from tsunagu.experts.forms import ExpertForm
from tsunagu.experts.models import Expert, Mode
from tsunagu.experts.services import keeping
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Role

PAGE_SIZE = 20


def _modes(one: Expert) -> Iterable[str]:
    return [Mode.ONLINE, Mode.ONSITE] if one.mode == Mode.EITHER else [one.mode]


def _properties(experts: list[Expert]) -> list[Property[Expert]]:
    themes = {each.code: each.name for one in experts for each in one.themes.all()}
    homes = {one.home_id: one.home.label for one in experts}
    return [
        Property(
            "theme",
            _("テーマ"),
            lambda one: [each.code for each in one.themes.all()],
            sorted(themes.items(), key=lambda two: two[1]),
        ),
        Property("home", _("都道府県"), lambda one: [one.home_id], sorted(homes.items())),
        Property(
            "mode",
            _("会い方"),
            _modes,
            [(Mode.ONLINE, str(Mode.ONLINE.label)), (Mode.ONSITE, str(Mode.ONSITE.label))],
        ),
    ]


@audience(Audience.PUBLIC)
@require_safe
def experts(request: HttpRequest) -> HttpResponse:
    """Everybody in the directory, narrowed by theme, place and how they meet."""
    every = list(selectors.listed())
    wanted = _properties(every)
    chosen = {one.name: set(request.GET.getlist(one.name)) for one in wanted}
    found, facets = narrow(every, wanted, {name: values for name, values in chosen.items() if values})
    context = {
        "facets": [facet for facet in facets if facet.options],
        "found": len(found),
        "nobody_yet": not every,
        "has_lab": bool(viewer_of(request).office_lab_ids),
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("専門家"), None)],
        **page_context(request, found, PAGE_SIZE),
    }
    return render(request, "experts/list.html", context)


@audience(Audience.PUBLIC)
@require_safe
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert, as they describe themselves."""
    one = get_object_or_404(selectors.listed(), pk=pk)
    context = {
        "expert": one,
        "has_lab": bool(viewer_of(request).office_lab_ids),
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("専門家"), reverse("experts:list")),
            (str(one), None),
        ],
    }
    return render(request, "experts/expert.html", context)


@audience(Audience.SIGNED_IN)
def own(request: HttpRequest) -> HttpResponse:
    """One's own entry: keeping it confirms it for a year; and the offers made."""
    viewer = viewer_of(request)
    if Role.EXPERT not in viewer.roles:
        return render(
            request, "experts/own.html", {"title": _("専門家の登録"), "crumbs": [(_("専門家の登録"), None)]}
        )
    known = selectors.own(viewer)
    form = ExpertForm(request.POST or None, instance=known or Expert(person_id=viewer.signed_in_id))
    title = _("専門家の登録")
    crumbs: Crumbs = [(title, None)]
    if request.method == "POST" and form.is_valid():
        many = {name: form.cleaned_data[name] for name in ExpertForm.MANY}
        try:
            keeping.keep_expert(
                form.save(commit=False), many=many, seen=form.cleaned_data.get("version") if known else None
            )
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, crumbs)
        messages.success(request, _("保存しました。内容を確かめた日を、今日にしました。"))
        return redirect("experts_desk:own")
    context = {
        "form": form,
        "expert": known,
        "offers": selectors.offers(viewer).filter(expert=known) if known else [],
        "title": title,
        "crumbs": crumbs,
    }
    return render(request, "experts/own.html", context, status=422 if form.errors else 200)
