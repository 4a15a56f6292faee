"""Pages about the programme and the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.registry import selectors
from tsunagu.registry.kinds import Scheme
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(title: str) -> list[tuple[str, str | None]]:
    return [(_("トップ"), reverse("portal:top")), (title, None)]


@audience(Audience.PUBLIC)
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The programme: aim, objects, merits, criteria of both schemes side by side, transition, schedule."""
    viewer = viewer_of(request)
    dx, iot = selectors.criteria(viewer, Scheme.DX), selectors.criteria(viewer, Scheme.IOT)
    of_iot = {one.code: one for one in iot}
    context = {
        "merits": selectors.merits(viewer, Scheme.DX),
        "iot_merit_codes": {one.code for one in selectors.merits(viewer, Scheme.IOT)},
        "criteria": [(one, of_iot.get(one.code)) for one in dx],
        "rounds": selectors.rounds(viewer),
        "crumbs": _crumbs(_("制度について")),
    }
    return render(request, "portal/about.html", context)


@audience(Audience.PUBLIC)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The policies labs may use, with their owner and the days they hold."""
    context = {"policies": selectors.policies(viewer_of(request)), "crumbs": _crumbs(_("使える施策"))}
    return render(request, "portal/policies.html", context)


@audience(Audience.PUBLIC)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Where the records come from and what may be done with them."""
    return render(request, "portal/sources.html", {"crumbs": _crumbs(_("出典とライセンス"))})


@audience(Audience.PUBLIC)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everyone can use the site, and what falls short."""
    return render(request, "portal/accessibility.html", {"crumbs": _crumbs(_("アクセシビリティ"))})
