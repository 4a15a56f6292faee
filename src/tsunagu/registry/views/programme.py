"""The back office's first page, rounds and regions of several municipalities."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.registry import selectors
from tsunagu.registry.forms import GroupRegionForm, RoundForm
from tsunagu.registry.kinds import RegionKind, Scheme
from tsunagu.registry.models import Region, Round
from tsunagu.registry.services import register_group_region, save_record
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.STAFF)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do."""
    viewer = viewer_of(request)
    register = selectors.register(viewer, as_of=timezone.localdate())
    mine = [lab for lab in register.labs if viewer.is_secretariat or lab.bureau_code in viewer.bureau_codes]
    context = {
        "labs": len(mine),
        "unresolved": sum(1 for lab in mine if lab.current.scheme == Scheme.UNRESOLVED),
        "batches": selectors.import_batches(viewer)[:5],
    }
    return render(request, "registry/home.html", context)


def _crumbs(title: str = "") -> Crumbs:
    trail: Crumbs = [home_crumb(), (_("弾と地域"), reverse("office:rounds") if title else None)]
    return [*trail, (title, None)] if title else trail


@audience(Audience.SECRETARIAT)
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Rounds and regions of several municipalities."""
    viewer = viewer_of(request)
    context = {
        "rounds": selectors.rounds(viewer),
        "groups": selectors.regions(viewer).filter(kind=RegionKind.GROUP).prefetch_related("members"),
        "crumbs": _crumbs(),
    }
    return render(request, "registry/rounds.html", context)


@audience(Audience.SECRETARIAT)
def new_round(request: HttpRequest) -> HttpResponse:
    """Register a round."""
    return _round(request, Round(), _("新しい弾を登録する"))


@audience(Audience.SECRETARIAT)
def edit_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a round."""
    one = get_object_or_404(Round, pk=pk)
    return _round(request, one, _("%(round)s を直す") % {"round": one})


def _round(request: HttpRequest, one: Round, title: str) -> HttpResponse:
    form = RoundForm(request.POST or None, instance=one)

    def done(saved: Round) -> HttpResponse:
        messages.success(request, _("保存しました。"))
        return redirect("office:rounds")

    return edit_page(request, form, title, _crumbs(title), save=save_record, done=done)


@audience(Audience.SECRETARIAT)
def group_region(request: HttpRequest) -> HttpResponse:
    """Register a region of several municipalities, or bring one up to date by its code."""
    form = GroupRegionForm(request.POST or None, initial=_known(request.GET.get("code", "")))
    if request.method == "POST" and form.is_valid():
        register_group_region(**form.cleaned_data)
        messages.success(request, _("保存しました。"))
        return redirect("office:rounds")
    title = _("複数市町村の連携を登録する")
    return form_page(request, form, title, _crumbs(title))


def _known(code: str) -> dict[str, object]:
    region = Region.objects.filter(code=code, kind=RegionKind.GROUP).first()
    if region is None:
        return {}
    return {
        "code": region.code,
        "name": region.name,
        "name_en": region.name_en,
        "prefecture": region.prefecture_id,
        "members": ",".join(region.members.values_list("lg_code", flat=True)),
        "source": region.source,
    }
