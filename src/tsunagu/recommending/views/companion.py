"""The way to DX認定: a company's five parts with live checks, for its lab's office alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.recommending import defects, printing, selectors
from tsunagu.recommending.defects import Pillar
from tsunagu.recommending.forms import PartForm
from tsunagu.recommending.models import Company, Part
from tsunagu.recommending.services import companion as services
from tsunagu.registry.views.editing import Crumbs, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    here = reverse("companion:own") if more else None
    return [(_("自分のラボ"), reverse("office:own_lab")), (_("DX認定の準備"), here), *more]


def _own(request: HttpRequest, pk: int) -> Company:
    return get_object_or_404(selectors.own_companies(viewer_of(request)), pk=pk)


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The office's companies and how far each is."""
    found = [(one, selectors.overview(one)) for one in selectors.own_companies(viewer_of(request))]
    labs = selectors.office_labs(viewer_of(request))
    return render(
        request, "recommending/companion_own.html", {"companies": found, "labs": labs, "crumbs": _crumbs()}
    )


@audience(Audience.LAB)
@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """The five parts, what would be sent back and how to mend it, and whether the pages open."""
    one = _own(request, pk)
    context = {
        "company": one,
        "overview": selectors.overview(one),
        "guide": defects.IPA_GUIDE,
        "crumbs": _crumbs((str(one), None)),
    }
    return render(request, "recommending/companion.html", context)


@audience(Audience.LAB)
def part(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write one part; the checks follow at once on the page after saving."""
    one = _own(request, pk)
    if number not in Pillar.values:
        raise Http404("there are five")
    pillar = Pillar(number)
    known = Part.objects.filter(company=one, number=number).first() or Part(company=one, number=number)
    title = f"{number}. {pillar.label}"
    here = reverse("companion:company", args=[pk])
    return edit_page(
        request, PartForm(request.POST or None, instance=known), title, _crumbs((str(one), here), (title, None)),
        save=services.save_part, note=str(defects.GUIDANCE[pillar]),
        done=lambda _saved: redirect(f"{here}#part-{number}"),
    )  # fmt: skip


@audience(Audience.LAB)
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the pages opened from outside."""
    count = services.queue_looks(company=_own(request, pk))
    if count:
        messages.success(
            request,
            _("%(count)dつのページを確かめています。少し待って、開き直してください。") % {"count": count},
        )
    else:
        messages.error(request, _("確かめるURLがまだありません。"))
    return redirect("companion:company", pk)


@audience(Audience.LAB)
@limited(EXPORT)
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The five parts as a paper for the company."""
    one = _own(request, pk)
    document = printing.companion_document(one, selectors.overview(one))
    return printing.pdf_response(document, f"dx-nintei-{one.pk}.pdf")
