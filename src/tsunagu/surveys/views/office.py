"""The secretariat's side of surveys: prepare, open, see who is missing, remind, extend, close, read, publish."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.downloads import table_file
from tsunagu.engines.dates import PartialDate
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.surveys import selectors, showing
from tsunagu.surveys.forms import MoreTimeForm, WaveForm
from tsunagu.surveys.models import Wave, WaveState
from tsunagu.surveys.rules import NotAllowed
from tsunagu.surveys.services import waves


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way to a page about surveys."""
    return [home_crumb(), (_("アンケート"), reverse("surveys:list") if more else None), *more]


def _wave(request: HttpRequest, pk: int) -> Wave:
    return get_object_or_404(selectors.waves(viewer_of(request)), pk=pk)


def _at(one: Wave) -> tuple[str, str]:
    return str(one), reverse("surveys:wave", args=[one.pk])


@audience(Audience.SECRETARIAT)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All surveys with their waves."""
    viewer = viewer_of(request)
    found = list(selectors.waves(viewer))
    listed = [
        (one, [each for each in found if each.survey_id == one.pk]) for one in selectors.surveys(viewer)
    ]
    return render(request, "surveys/office/list.html", {"surveys": listed, "crumbs": crumbs()})


def _save(form: WaveForm) -> Any:
    return lambda wave, seen: waves.plan_wave(
        wave=wave, new_survey=form.cleaned_data["new_survey"], seen=seen
    )


@audience(Audience.SECRETARIAT)
def new_wave(request: HttpRequest) -> HttpResponse:
    """Prepare a wave; nobody is asked before it is opened."""
    today = timezone.localdate()
    form = WaveForm(request.POST or None, initial={"held_on": PartialDate(today.year, today.month)})
    title = _("アンケートを準備する")
    if request.method == "POST" and form.is_valid():
        wave = waves.plan_wave(wave=form.save(commit=False), new_survey=form.cleaned_data["new_survey"])
        return redirect("surveys:wave", wave.pk)
    return form_page(request, form, title, crumbs((title, None)), button=_("保存して、聞くラボを確かめる"))


@audience(Audience.SECRETARIAT)
def edit_wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a wave that is being prepared."""
    one = _wave(request, pk)
    if one.state != WaveState.DRAFT:
        messages.error(request, _("開いたあとは直せません。締切を延ばすことはできます。"))
        return redirect("surveys:wave", one.pk)
    title = _("アンケートの準備を直す")
    form = WaveForm(request.POST or None, instance=one)
    return edit_page(
        request, form, title, crumbs(_at(one), (title, None)), save=_save(form),
        done=lambda saved: redirect("surveys:wave", saved.pk),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """One wave: who will be asked; once open who has not answered; once closed what to do with the results."""
    one = _wave(request, pk)
    context: dict[str, Any] = {"wave": one, "crumbs": crumbs((str(one), None))}
    if one.is_historical:
        context["historical"] = [
            showing.show_historical(found, english=False) for _key, found in selectors.historical_results(one)
        ]
    elif one.state == WaveState.DRAFT:
        context |= {"labs": selectors.labs_to_ask(one), "naming": waves.naming_questions(one)}
    else:
        listed = list(one.invitations.select_related("lab__region", "sheet"))
        for each in listed:
            each.wave = one
        context |= {
            "progress": selectors.progress(one),
            "missing": [each for each in listed if each.answered_on is None],
            "done": [each for each in listed if each.answered_on is not None],
        }
    return render(request, "surveys/office/wave.html", context)


def _act(request: HttpRequest, one: Wave, done: str, act: Any) -> HttpResponse:
    """Do it, or say why not, and go back to the wave."""
    try:
        found = act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"count": found})
    return redirect("surveys:wave", one.pk)


@audience(Audience.SECRETARIAT)
@require_POST
def open_wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze who is asked, and begin."""
    one, viewer = _wave(request, pk), viewer_of(request)
    done = _("%(count)dラボへのアンケートを開きました。お願いのメールの下書きができています。")
    return _act(request, one, done, lambda: waves.open_wave(wave=one, by=viewer))


@audience(Audience.SECRETARIAT)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have not answered, and only them."""
    one, viewer = _wave(request, pk), viewer_of(request)
    done = _("まだ答えていない%(count)dラボへの催促を、次のお知らせメールに入れました（1日に1回まで）。")
    return _act(request, one, done, lambda: waves.remind_missing(wave=one, by=viewer))


@audience(Audience.SECRETARIAT)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers."""
    one, viewer = _wave(request, pk), viewer_of(request)
    return _act(request, one, _("締め切りました。"), lambda: waves.close_wave(wave=one, by=viewer))


@audience(Audience.SECRETARIAT)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the results public, or take them back."""
    one, viewer = _wave(request, pk), viewer_of(request)
    public = request.POST.get("public") == "1"
    done = _("結果を公開しました。") if public else _("結果の公開を取り消しました。")
    return _act(request, one, done, lambda: waves.publish_results(wave=one, by=viewer, public=public))


@audience(Audience.SECRETARIAT)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for everybody."""
    one = _wave(request, pk)
    form = MoreTimeForm(request.POST or None, initial={"until": one.closes_at})
    title = _("全員の締切を延ばす")
    if request.method == "POST" and form.is_valid():
        try:
            told = waves.extend_for_all(wave=one, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("until", str(refusal))
        else:
            said = _("締切を延ばし、まだ答えていないラボの%(count)d人にメールの下書きを作りました。")
            messages.success(request, said % {"count": told})
            return redirect("surveys:wave", one.pk)
    return form_page(request, form, title, crumbs(_at(one), (title, None)), button=_("延ばす"), note=str(one))


@audience(Audience.SECRETARIAT)
def extend_one(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for one lab."""
    one = get_object_or_404(selectors.invitations(viewer_of(request)), pk=pk)
    form = MoreTimeForm(request.POST or None, initial={"until": one.closes_at(one.wave)})
    title = _("%(lab)s の締切を延ばす") % {"lab": one.lab}
    if request.method == "POST" and form.is_valid():
        try:
            waves.extend_for_one(invitation=one, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("%(lab)s の締切を延ばしました。") % {"lab": one.lab})
            return redirect("surveys:wave", one.wave_id)
    return form_page(request, form, title, crumbs(_at(one.wave), (title, None)), button=_("延ばす"))


@audience(Audience.SECRETARIAT)
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What was answered, with what texts say, and the waves of the survey beside each other."""
    one = _wave(request, pk)
    same = list(selectors.waves(viewer_of(request)).filter(survey=one.survey, state=WaveState.CLOSED))
    context = {
        "wave": one,
        "questions": showing.show(selectors.results(one, with_texts=True)),
        "historical": [
            showing.show_historical(found, english=False) for _key, found in selectors.historical_results(one)
        ],
        "compared": selectors.compare(same),
        "waiting": one.is_anonymous and one.state != WaveState.CLOSED,
        "crumbs": crumbs(_at(one), (_("結果"), None)),
    }
    return render(request, "surveys/office/results.html", context)


@audience(Audience.SECRETARIAT)
@limited(EXPORT)
@require_safe
def results_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The results as a table; small numbers stay hidden here too."""
    return file_of(_wave(request, pk), kind)


def file_of(one: Wave, kind: str) -> HttpResponseBase:
    """The numbers of a wave as a file."""
    found = (
        showing.historical_rows(selectors.historical_results(one))
        if one.is_historical
        else showing.rows(selectors.results(one))
    )
    return table_file(kind, f"survey-{one.pk}", _("アンケートの結果"), showing.headings(), found)
