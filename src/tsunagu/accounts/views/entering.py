"""Signing in by password, link or passkey, and out."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.socialaccount.adapter import get_adapter as outside_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts import mails
from tsunagu.accounts.confirming import NEXT, confirm
from tsunagu.accounts.forms import LinkForm
from tsunagu.accounts.limits import MAIL_WAIT, is_over, too_many
from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import ways_in
from tsunagu.accounts.services import LinkRefused, link_for_address, use_sign_in_link
from tsunagu.accounts.session_limits import ENDED
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.viewer import Viewer


class SignInView(LoginView):
    """All doors on one page: password, link by mail, passkey, services outside."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "link_form": LinkForm(auto_id="link_%s"),
            "providers": outside_providers(self.request),
            "ended": self.request.session.pop(ENDED, False) if ENDED in self.request.session else False,
            "local_mode": settings.LOCAL_MODE,
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """Too many wrong tries are answered as such, whether or not the address is known."""
        return too_many(self.request) if form.is_locked else super().form_invalid(form)


sign_in = audience(Audience.PUBLIC)(SignInView.as_view())


def outside_providers(request: HttpRequest) -> list[Any]:
    """The sign-in services outside that are switched on."""
    return outside_adapter().list_apps(request, provider="openid_connect")


@audience(Audience.PUBLIC)
def request_link(request: HttpRequest) -> HttpResponse:
    """Sends a link to whoever has the address; says the same for an address nobody here has."""
    form = LinkForm(request.POST or None, auto_id="link_%s")
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        if is_over(request, "mail_link", key=email):
            return too_many(request, MAIL_WAIT)
        _mail_link(request, email)
        return redirect("accounts:link_sent")
    return render(request, "accounts/request_link.html", {"form": form})


def _mail_link(request: HttpRequest, email: str) -> None:
    found = link_for_address(email=email)
    if found:
        person, token = found
        address = mails.absolute(request, reverse("accounts:use_link", args=[token]))
        mails.send_link(to=person.email, to_name=person.name, address=address)


@audience(Audience.PUBLIC)
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """The same page for every address."""
    return render(request, "accounts/link_sent.html")


@audience(Audience.PUBLIC)
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link only asks; pressing the button signs in, so that a mail scanner cannot use it up."""
    if request.method != "POST":
        return render(request, "accounts/use_link.html", {"token": token})
    if is_over(request, "open_link"):
        return too_many(request)
    try:
        person = use_sign_in_link(token=token)
    except LinkRefused:
        return render(request, "accounts/link_refused.html", status=410)
    if request.user == person and _confirms_by_mail(person):
        confirm(request, "link")
        return redirect(request.session.pop(NEXT, None) or "accounts:account")
    logout(request)
    record_authentication(request, person, method="link")
    return perform_login(request, Login(user=person, redirect_url=_first_stop(person)))


def _confirms_by_mail(person: Person) -> bool:
    ways = ways_in(person)
    return not ways.has_password and not ways.has_second_step


def _first_stop(person: Person) -> str | None:
    """Whoever comes for the first time chooses a password first; demo people need none."""
    is_first = person.last_login is None and not person.has_usable_password() and not person.is_demo
    return f"{reverse('accounts:password')}?{urlencode({'first': 1})}" if is_first else None


@audience(Audience.SIGNED_IN)
@require_safe
def landing(request: HttpRequest) -> HttpResponseRedirect:
    """After signing in everyone lands where their work is."""
    return redirect(_first_room(request.viewer))  # type: ignore[attr-defined]


def _first_room(viewer: Viewer) -> str:
    """The page a person's role brings them to; who has several roles is most often needed at the first of these."""
    if viewer.is_staff:
        return "office:home"
    if viewer.has_lab:
        return "office:own_lab"
    if viewer.is_reviewer:
        return "review:queue"
    if viewer.is_expert:
        return "experts_desk:own"
    return "co_lead_desk:own" if viewer.is_in_co_lead else "portal:top"


@audience(Audience.PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    """Ends the session on the server."""
    logout(request)
    messages.success(request, _("サインアウトしました。"))
    return redirect("portal:top")


@audience(Audience.SIGNED_IN)
def confirm_by_mail(request: HttpRequest) -> HttpResponse:
    """For whoever has neither password nor second step: confirm by a fresh link."""
    person = request.user
    if not isinstance(person, Person) or not _confirms_by_mail(person):
        return redirect("account_reauthenticate")
    if request.method != "POST":
        request.session[NEXT] = get_next_redirect_url(request)
        return render(request, "accounts/confirm_by_mail.html", {"email": person.email})
    if is_over(request, "mail_link", key=person.email):
        return too_many(request, MAIL_WAIT)
    _mail_link(request, person.email)
    return redirect("accounts:link_sent")
