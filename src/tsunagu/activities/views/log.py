"""A lab's own log: writing down what was done, correcting it, taking it away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.activities import selectors
from tsunagu.activities.forms import ActivityForm
from tsunagu.activities.models import Activity, ActivityFile
from tsunagu.activities.services import attach_evidence, remove_activity
from tsunagu.design.downloads import table_file
from tsunagu.design.paging import page_context
from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.registry.models import Lab
from tsunagu.registry.selectors import tended_labs
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer

HEADINGS = (
    "行った日", "終わった日", "種類", "何をしたか", "参加した人数", "支援した企業", "使った施策",
    "内容・成果", "裏づけになるページ", "公開範囲", "自分の一覧での番号",
)  # fmt: skip


def crumbs(lab: Lab | None = None, title: str = "") -> Crumbs:
    found: Crumbs = [(_("活動の記録"), reverse("activities:own") if lab else None)]
    if lab:
        found.append((str(lab), reverse("activities:lab", args=[lab.slug]) if title else None))
    return [*found, (title, None)] if title else found


def tended(request: HttpRequest, slug: str) -> Lab:
    """A lab whose log the viewer writes. Raises `Http404`."""
    return get_object_or_404(tended_labs(viewer_of(request)), slug=slug)


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The labs whose log a person writes; straight on where there is one only."""
    labs = list(tended_labs(viewer_of(request))[:300])
    if len(labs) == 1:
        return redirect("activities:lab", labs[0].slug)
    return render(request, "activities/own.html", {"labs": labs, "crumbs": crumbs()})


def _asked_year(request: HttpRequest) -> int:
    text, now = request.GET.get("year", ""), fiscal_year(timezone.localdate())
    return int(text) if text.isascii() and text.isdigit() and 2015 <= int(text) <= now else now


def _of_year(viewer: Viewer, lab: Lab, year: int) -> Any:
    return selectors.activities(viewer, lab=lab).filter(started_on__range=fiscal_year_range(year))


@audience(Audience.LAB)
@require_safe
def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """A lab's fiscal year: what was done, counted by kind, and the policies that might be of use."""
    one, viewer, year = tended(request, slug), viewer_of(request), _asked_year(request)
    today = timezone.localdate()
    rows = (
        _of_year(viewer, one, year)
        .select_related("kind")
        .prefetch_related("companies", "policies", "partners__lab__region", "partners__organisation", "files")
    )
    context = {
        "lab": one,
        "year": year,
        "years": range(fiscal_year(today), 2021, -1),
        "summary": selectors.year_of_lab(one, year),
        "companies": selectors.companies_of_lab(one, year),
        "unused": selectors.unused_policies(one, year, on=today)[:5],
        "uses": selectors.policy_uses(viewer).filter(lab=one, fiscal_year=year),
        "crumbs": crumbs(one),
        **page_context(request, rows),
    }
    return render(request, "activities/lab.html", context)


@audience(Audience.LAB)
@limited(EXPORT)
@require_safe
def lab_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A lab's fiscal year as a table that can be taken in again."""
    own_lab, year = tended(request, slug), _asked_year(request)
    found = _of_year(viewer_of(request), own_lab, year).prefetch_related("companies", "policies")
    rows = (
        (
            str(each.started_on), str(each.ended_on or ""), str(each.kind), each.title, each.people,
            "\n".join(f"{one.name} {one.corporate_number}".strip() for one in each.companies.all()),
            "\n".join(policy.name for policy in each.policies.all()), each.summary, each.evidence_link,
            str(each.get_audience_display()), each.origin_key.removeprefix("id:") if each.origin_key.startswith("id:") else "",
        )
        for each in found
    )  # fmt: skip
    return table_file(kind, f"activities-{own_lab.slug}-{year}", _("活動"), HEADINGS, rows)


def _page(request: HttpRequest, form: ActivityForm, lab: Lab, title: str) -> HttpResponse:
    context = {"form": form, "lab": lab, "title": title, "crumbs": crumbs(lab, title), "one": form.instance}
    return render(request, "activities/form.html", context, status=422 if form.errors else 200)


def _stored(request: HttpRequest, form: ActivityForm, lab: Lab, title: str) -> HttpResponse | None:
    """The page to show where it could not be stored, or None when it was."""
    viewer = viewer_of(request)
    try:
        saved = form.store(form.save(commit=False), by=viewer, seen=form.cleaned_data["version"])
        if upload := form.cleaned_data.get("evidence"):
            attach_evidence(activity=saved, upload=upload, by=viewer)
    except EditConflict as conflict:
        return conflict_page(request, form, conflict, title, crumbs(lab, title))
    except FileNotTaken as refused:
        # The activity itself is stored; only its file is to be chosen again.
        messages.error(
            request, _("活動は記録しましたが、ファイルは受け取れませんでした。%(why)s") % {"why": refused}
        )
        return redirect("activities:edit", saved.pk)
    return None


@audience(Audience.LAB)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what was done: five fields, under a minute on a phone."""
    one, viewer = tended(request, slug), viewer_of(request)
    title = _("活動を記録する")
    form = ActivityForm(
        request.POST or None, request.FILES or None, viewer=viewer, instance=Activity(lab=one)
    )
    if request.method == "POST" and form.is_valid():
        if (refused := _stored(request, form, one, title)) is not None:
            return refused
        messages.success(request, _("「%(title)s」を記録しました。") % {"title": form.instance.title})
        again = request.POST.get("action") == "again"
        return redirect("activities:new" if again else "activities:lab", one.slug)
    return _page(request, form, one, title)


@audience(Audience.LAB)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an activity."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.tended_activities(viewer), pk=pk)
    title = _("活動を直す")
    form = ActivityForm(request.POST or None, request.FILES or None, viewer=viewer, instance=one)
    if request.method == "POST" and form.is_valid():
        if (refused := _stored(request, form, one.lab, title)) is not None:
            return refused
        messages.success(request, _("直しました。"))
        return redirect("activities:lab", one.lab.slug)
    return _page(request, form, one.lab, title)


@audience(Audience.LAB)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an activity out of the log."""
    one = get_object_or_404(selectors.tended_activities(viewer_of(request)), pk=pk)
    remove_activity(one)
    messages.success(request, _("「%(title)s」を消しました。") % {"title": one.title})
    return redirect("activities:lab", one.lab.slug)


@audience(Audience.LAB)
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that shows an activity took place: for the lab itself and those in charge of it."""
    viewer = viewer_of(request)
    one = get_object_or_404(
        ActivityFile.objects.select_related("stored_file").filter(
            activity__in=selectors.tended_activities(viewer)
        ),
        pk=pk,
    )
    return serve_file(one.stored_file)
