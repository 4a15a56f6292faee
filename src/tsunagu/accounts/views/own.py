"""One's own settings: name, address, password, second step, sessions."""

from typing import Any

from allauth.account.internal.flows.password_change import (
    change_password,
    finalize_password_change,
    finalize_password_set,
)
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts import mails
from tsunagu.accounts.adapters import AccountAdapter
from tsunagu.accounts.confirming import confirm, fresh
from tsunagu.accounts.forms import AddressForm, NameForm, PasswordForm
from tsunagu.accounts.limits import MAIL_WAIT, is_over, too_many
from tsunagu.accounts.models import Person
from tsunagu.accounts.rules import device_parts
from tsunagu.accounts.second_step import before_second_step
from tsunagu.accounts.selectors import open_sessions, ways_in
from tsunagu.accounts.services import (
    AddressRefused,
    address_is_free,
    change_address,
    propose_address,
    rename_person,
)
from tsunagu.accounts.views.entering import outside_providers
from tsunagu.sharing.audience import Audience, audience


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _crumbs(label: str) -> list[tuple[str, str]]:
    return [(_("自分の設定"), reverse("accounts:account")), (label, "")]


@audience(Audience.SIGNED_IN)
@before_second_step
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own way in, on one page."""
    person = _person(request)
    return render(
        request,
        "accounts/account.html",
        {
            "person": person,
            "ways": ways_in(person),
            "sessions": len(open_sessions(person)),
            "has_providers": bool(outside_providers(request)),
        },
    )


@audience(Audience.SIGNED_IN)
def name(request: HttpRequest) -> HttpResponse:
    """Change the name others see."""
    person = _person(request)
    form = NameForm(request.POST or None, instance=Person.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        rename_person(person=person, name=form.cleaned_data["name"])
        messages.success(request, _("保存しました。"))
        return redirect("accounts:account")
    return _form_page(request, form, _("名前を変える"), _("保存する"))


@audience(Audience.SIGNED_IN)
@fresh
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; nothing changes until the link in the mail to it is opened."""
    person = _person(request)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_over(request, "change_email"):
            return too_many(request, MAIL_WAIT)
        wanted = form.cleaned_data["email"].strip().lower()
        # The answer is the same when somebody else has the address.
        if address_is_free(email=wanted):
            token = propose_address(person=person, email=wanted)
            address = mails.absolute(request, reverse("accounts:confirm_email", args=[token]))
            mails.send_address_check(to=wanted, to_name=person.name, address=address)
        messages.success(request, _("確認のメールを送りました。届いたメールのリンクを開くと変わります。"))
        return redirect("accounts:account")
    return _form_page(request, form, _("メールアドレスを変える"), _("確認のメールを送る"))


@audience(Audience.SIGNED_IN)
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail to the new address. Opening asks, the button changes."""
    person = _person(request)
    if request.method != "POST":
        return render(request, "accounts/confirm_email.html")
    try:
        old = change_address(person=person, token=token)
    except AddressRefused:
        return render(request, "accounts/link_refused.html", status=410)
    new = Person.objects.get(pk=person.pk).email
    where = AccountAdapter(request).get_client_ip(request)
    for address in (old, new):
        mails.send_notice(
            to=address, to_name=person.name, what=_("メールアドレスが変わりました"), client_address=where
        )
    messages.success(request, _("メールアドレスが変わりました。"))
    return redirect("accounts:account")


@audience(Audience.SIGNED_IN)
@before_second_step
@sensitive_post_parameters("password", "again")
@fresh
def password(request: HttpRequest) -> HttpResponse:
    """Set the first password or a new one; all other sessions end."""
    person = _person(request)
    form = PasswordForm(request.POST or None, person=person)
    is_first = not person.has_usable_password()
    if request.method == "POST" and form.is_valid():
        change_password(person, form.cleaned_data["password"])
        finish = finalize_password_set if is_first else finalize_password_change
        finish(request, person)
        confirm(request, "password")
        return redirect("accounts:landing" if "first" in request.GET else "accounts:account")
    title = _("パスワードを決める") if is_first else _("パスワードを変える")
    skip = reverse("accounts:landing") if "first" in request.GET else reverse("accounts:account")
    note = _("新しいパスワードになると、ほかの端末のサインインは終わります。")
    return _form_page(
        request, form, title, _("このパスワードにする"), skip=skip, note="" if is_first else note
    )


@audience(Audience.SIGNED_IN)
@before_second_step
@require_safe
def second_step(request: HttpRequest) -> HttpResponse:
    """What a second step is and how to add one; where people who must have one are led."""
    missing = getattr(request, "second_step_missing", False)
    return render(
        request,
        "accounts/second_step.html",
        {"missing": missing, "ways": ways_in(_person(request)), "crumbs": _crumbs(_("2段階の確認"))},
    )


@audience(Audience.SIGNED_IN)
@before_second_step
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    rows = []
    for session in open_sessions(_person(request)):
        system, browser = device_parts(session.user_agent)
        rows.append({"session": session, "system": system, "browser": browser, "here": session.is_current()})
    context: dict[str, Any] = {"rows": rows, "crumbs": _crumbs(_("サインインしている端末"))}
    return render(request, "accounts/sessions.html", context)


@audience(Audience.SIGNED_IN)
@before_second_step
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session on the server, at once."""
    end_sessions(request, [get_object_or_404(UserSession, pk=pk, user_id=_person(request).pk)])
    messages.success(request, _("その端末のサインインを終わらせました。"))
    return redirect("accounts:sessions")


@audience(Audience.SIGNED_IN)
@before_second_step
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    end_other_sessions(request, _person(request))
    messages.success(request, _("この端末のほかは、すべて終わらせました。"))
    return redirect("accounts:sessions")


def _form_page(
    request: HttpRequest, form: Any, title: str, button: str, *, skip: str = "", note: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "note": note, "crumbs": _crumbs(title)}
    return render(request, "accounts/form.html", {**context, "skip": skip or reverse("accounts:account")})
