"""Staying signed in, and going on with what was typed when the session ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tsunagu.accounts.second_step import before_second_step
from tsunagu.accounts.session_limits import ends_at, stay
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.kept_input import forget_input, kept_for
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.sent_once import runs_every_time


@runs_every_time
@audience(Audience.SIGNED_IN)
@before_second_step
@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """The person is still there; without JavaScript they come back to where they were."""
    stay(request)
    if request.headers.get("X-Stay") != "1":
        messages.success(request, _("サインインを続けています。"))
        return redirect("accounts:landing")
    ends = ends_at(request, is_staff=viewer_of(request).is_staff)
    return HttpResponse(status=204, headers={"X-Session-Ends": str(int(ends.timestamp())) if ends else "0"})


@audience(Audience.SIGNED_IN)
def kept_input(request: HttpRequest) -> HttpResponse:
    """The form as it was typed, to be sent by pressing the button, or thrown away."""
    if request.method == "POST":
        thrown = redirect("accounts:landing")
        forget_input(request, thrown)
        return thrown
    typed = kept_for(request, viewer_of(request))
    answer = render(request, "accounts/kept_input.html", {"typed": typed})
    if typed is None:
        forget_input(request, answer)
    return answer
