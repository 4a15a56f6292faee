"""The side of those who are asked: what is waiting, answering, the receipt, their own answers beside all labs'."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.surveys import selectors, showing
from tsunagu.surveys.models import Invitation
from tsunagu.surveys.rules import NotAllowed
from tsunagu.surveys.services import answering


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [
        (_("トップ"), reverse("portal:top")),
        (_("アンケート"), reverse("survey:mine") if more else None),
        *more,
    ]


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    return get_object_or_404(selectors.own_invitations(viewer_of(request)), pk=pk)


@audience(Audience.LAB)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What one's labs were asked: first what waits for an answer."""
    found = [(one, one.is_open(one.wave)) for one in selectors.own_invitations(viewer_of(request))]
    found.sort(key=lambda pair: not (pair[1] and pair[0].answered_on is None))
    return render(request, "surveys/mine.html", {"found": found, "crumbs": _crumbs()})


@audience(Audience.LAB)
@require_safe
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey: what happens to the answers, begin or go on, and after sending the receipt."""
    one = _invitation(request, pk)
    context = {
        "one": one,
        "wave": one.wave,
        "closes_at": one.closes_at(one.wave),
        "is_open": one.is_open(one.wave),
        "minutes": one.wave.form_version.definition.minutes if one.wave.form_version else 0,
        "crumbs": _crumbs((str(one.wave), None)),
    }
    return render(request, "surveys/invitation.html", context)


@audience(Audience.LAB)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to answer, or go on."""
    one = _invitation(request, pk)
    try:
        sheet = answering.start_answering(invitation=one, by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("survey:invitation", one.pk)
    return redirect("answers:tasks", sheet.key)


@audience(Audience.LAB)
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what was sent."""
    one = _invitation(request, pk)
    try:
        sheet = answering.correct_answers(invitation=one, by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("survey:invitation", one.pk)
    return redirect("answers:tasks", sheet.key)


@audience(Audience.LAB)
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own answers beside those of all labs, when it is time."""
    one = _invitation(request, pk)
    found = selectors.results_for_respondent(one)
    context = {
        "one": one,
        "wave": one.wave,
        "is_time": found is not None,
        "questions": showing.show(found or [], own=one),
        "has_own": one.snapshot_id is not None,
        "crumbs": _crumbs((str(one.wave), reverse("survey:invitation", args=[one.pk])), (_("結果"), None)),
    }
    return render(request, "surveys/own_results.html", context)
