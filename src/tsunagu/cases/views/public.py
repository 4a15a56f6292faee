"""Cases for everybody: the list, a case, feeds."""

from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.cases import rules, selectors
from tsunagu.cases.models import Case, CostBand, Stage
from tsunagu.design.facets import Property, narrow
from tsunagu.design.paging import page_context
from tsunagu.engines.controls import spaced
from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.engines.rendering.codes import qr_code
from tsunagu.registry.models import Bureau
from tsunagu.registry.selectors import date_label
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

PAGE_SIZE = 20
IN_FEED = 50
FEEDS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
MEDIA = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}


def _one(value: object) -> Iterable[str]:
    return [str(value)] if value else []


def _bureau(case: Case) -> Iterable[str]:
    return _one(case.bureau and case.bureau.code)


def properties(cases: list[Case]) -> list[Property[Case]]:
    """What cases may be narrowed by, with the choices that occur."""
    prefectures = {one.prefecture.lg_code: one.prefecture.label for one in cases if one.prefecture}
    technologies = sorted({name for one in cases for name in one.technologies})
    return [
        Property("field", _("分野"), lambda one: _one(one.field and one.field.code), [(one.code, one.label) for one in selectors.fields()]),
        Property("industry", _("業種"), lambda one: _one(one.industry and one.industry.code), [(one.code, one.label) for one in selectors.industries()]),
        Property("stage", _("段階"), lambda one: [one.stage], [(str(value), str(label)) for value, label in Stage.choices]),
        Property("cost", _("費用"), lambda one: _one(one.cost), [(str(value), str(label)) for value, label in CostBand.choices]),
        Property("bureau", _("経済産業局"), _bureau, [(one.code, one.label) for one in Bureau.objects.all()]),
        Property("prefecture", _("都道府県"), lambda one: _one(one.prefecture and one.prefecture.lg_code), sorted(prefectures.items())),
        Property("technology", _("使った技術"), lambda one: one.technologies, [(name, name) for name in technologies]),
    ]  # fmt: skip


def _crumbs(title: str = "") -> list[tuple[str, str | None]]:
    listed = (_("事例"), reverse("case_pages:list") if title else None)
    return [(_("トップ"), reverse("portal:top")), listed, *([(title, None)] if title else [])]


@audience(Audience.PUBLIC)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """All published cases, narrowed by several properties at once; the state stands in the address."""
    every = list(selectors.public_cases())
    wanted = properties(every)
    chosen = {one.name: set(request.GET.getlist(one.name)) for one in wanted}
    found, facets = narrow(every, wanted, {name: values for name, values in chosen.items() if values})
    funnel = selectors.funnel(every)
    bars = [Bar(str(stage.label), (Part("done", reached),)) for stage, _now, reached in funnel]
    context = {
        "facets": [facet for facet in facets if facet.options],
        "found": len(found),
        "every": len(every),
        "funnel": funnel,
        "chart": bar_chart(bars) if every else None,
        "crumbs": _crumbs(),
        **page_context(request, found, PAGE_SIZE),
    }
    return render(request, "cases/list.html", context)


@audience(Audience.PUBLIC)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case; for labs with the part that is theirs only. Of a withdrawn one number, day and reason are left."""
    viewer = viewer_of(request)
    gone = selectors.withdrawn_cases().filter(number=number).first()
    if gone is not None:
        return render(
            request, "cases/withdrawn.html", {"case": gone, "crumbs": _crumbs(gone.number)}, status=410
        )
    one = selectors.readable(viewer, number)
    if one is None:
        raise Http404("no such case")
    address = request.build_absolute_uri(reverse("case_pages:case", args=[one.number]))
    context = {
        "case": one,
        "photos": list(one.photos.all()),
        "code": qr_code(address),
        "inner": selectors.inner_of(viewer, one),
        "began_on": date_label()(one.began_on) if one.began_on else "",
        "labs_to_ask": selectors.labs_to_ask(viewer, one),
        "results": list(one.results.all()),
        "policies": list(one.policies.all()),
        "related": selectors.related_cases(one),
        "descendants": selectors.descendants(one),
        "is_stale": rules.is_stale(one.verified_on, timezone.localdate()),
        "address": address,
        "may_write": viewer.is_secretariat or one.lab_id in viewer.office_lab_ids,
        "may_try": bool(viewer.office_lab_ids - {one.lab_id}),
        "crumbs": _crumbs(one.title),
    }
    return render(request, "cases/case.html", context)


@audience(Audience.PUBLIC)
@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The latest cases as RSS or Atom: the public part of published cases, nothing else."""
    if kind not in FEEDS:
        raise Http404("no such feed")
    made = FEEDS[kind](
        title=_("地域DX推進ラボ 事例"),
        link=request.build_absolute_uri(reverse("case_pages:list")),
        description=_("ラボの事例。新しいものから"),
        feed_url=request.build_absolute_uri(request.path),
        language=get_language() or "ja",
        author_name=_("地域DX推進ラボの事務局"),
    )
    for one in selectors.public_cases()[:IN_FEED]:
        link = request.build_absolute_uri(reverse("case_pages:case", args=[one.number]))
        made.add_item(
            title=spaced(one.title), link=link, unique_id=link,
            description=spaced(one.summary or one.problem),
            pubdate=one.published_at, updateddate=_changed(one),
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type=MEDIA[kind])


def _changed(one: Case) -> datetime:
    return max(one.changed_at, one.published_at or one.changed_at)
