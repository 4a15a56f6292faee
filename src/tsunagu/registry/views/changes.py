"""Who changed a lab or an organisation, when, from what to what."""

from collections.abc import Sequence

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.paging import page_context
from tsunagu.history.selectors import acts_of, moments
from tsunagu.registry import selectors
from tsunagu.registry.views.editing import Crumbs, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

ACTS_ON_A_PAGE = 30


def _page(request: HttpRequest, title: str, records: Sequence[Model], crumbs: Crumbs) -> HttpResponse:
    shown = page_context(request, acts_of(viewer_of(request), records), ACTS_ON_A_PAGE)
    context = {
        **shown,
        "title": title,
        "moments": moments(list(shown["page"]), records),
        "crumbs": [*crumbs, (_("変更の履歴"), None)],
    }
    return render(request, "registry/changes.html", context)


@audience(Audience.STAFF)
@require_safe
def lab_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """The history of a lab with its selections, events and members."""
    viewer = viewer_of(request)
    lab = get_object_or_404(selectors.staff_labs(viewer), slug=slug)
    records: list[Model] = [lab, *selectors.lab_history(viewer, lab), *selectors.lab_members(viewer, lab)]
    records += selectors.lab_events(viewer, lab)
    crumbs: Crumbs = [
        home_crumb(),
        (_("ラボの編集"), reverse("office:labs")),
        (str(lab), reverse("office:lab", args=[slug])),
    ]
    return _page(request, str(lab), records, crumbs)


@audience(Audience.STAFF)
@require_safe
def organisation_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The history of an organisation."""
    one = get_object_or_404(selectors.organisations(viewer_of(request)), pk=pk)
    crumbs: Crumbs = [
        home_crumb(),
        (_("組織"), reverse("office:organisations")),
        (str(one), reverse("office:organisation", args=[pk])),
    ]
    return _page(request, str(one), [one], crumbs)
