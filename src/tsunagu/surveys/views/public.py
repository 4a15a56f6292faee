"""Published results, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.surveys import selectors, showing
from tsunagu.surveys.views.office import file_of


@audience(Audience.PUBLIC)
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """The surveys whose results are public, the newest wave first."""
    context = {
        "waves": list(selectors.public_waves()),
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("アンケートの結果"), None)],
    }
    return render(request, "surveys/public/list.html", context)


@audience(Audience.PUBLIC)
@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """One wave: how many were asked and answered, every question, and the waves beside each other."""
    one = get_object_or_404(selectors.public_waves(), pk=pk)
    english = get_language() == "en"
    same = list(selectors.public_waves().filter(survey=one.survey))
    context = {
        "wave": one,
        "asked": one.asked_count if one.is_historical else one.invitations.count(),
        "answered": None if one.is_historical else one.invitations.exclude(answered_on=None).count(),
        "questions": showing.show(selectors.results(one)),
        "historical": [
            showing.show_historical(found, english=english)
            for _key, found in selectors.historical_results(one)
        ],
        "compared": selectors.compare(same, english=english),
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("アンケートの結果"), reverse("survey_results:list")),
            (str(one), None),
        ],
    }
    return render(request, "surveys/public/wave.html", context)


@audience(Audience.PUBLIC)
@limited(EXPORT)
@require_safe
def results_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The numbers of a public wave as a file."""
    return file_of(get_object_or_404(selectors.public_waves(), pk=pk), kind)
