"""Signing in by a one-time link, and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts.services import LinkRefused, use_sign_in_link
from tsunagu.sharing.audience import Audience, audience


@audience(Audience.PUBLIC)
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Says how to get in: by a link the secretariat sends."""
    return render(request, "accounts/sign_in.html", {"local_mode": settings.LOCAL_MODE})


@audience(Audience.PUBLIC)
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link only asks; pressing the button signs in, so that a mail scanner cannot use it up."""
    if request.method != "POST":
        return render(request, "accounts/use_link.html", {"token": token})
    try:
        person = use_sign_in_link(token=token)
    except LinkRefused:
        return render(request, "accounts/link_refused.html", status=410)
    login(request, person)
    messages.success(request, _("%(name)s さんとしてサインインしました。") % {"name": person.name})
    return redirect("accounts:landing")


@audience(Audience.SIGNED_IN)
@require_safe
def landing(request: HttpRequest) -> HttpResponseRedirect:
    """After signing in everyone lands where their work is."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return redirect("office:home" if viewer.is_staff else "office:own_lab")


@audience(Audience.PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    """Ends the session on the server."""
    logout(request)
    messages.success(request, _("サインアウトしました。"))
    return redirect("portal:top")
