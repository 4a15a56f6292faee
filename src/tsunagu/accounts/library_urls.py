"""The sign-in library's routes that are in use, under the names it knows them by. Each declares its audience here."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as outside_pages
from django.urls import path

from tsunagu.accounts.confirming import fresh
from tsunagu.accounts.second_step import before_second_step
from tsunagu.accounts.views import entering, outside, own
from tsunagu.sharing.audience import Audience, audience

View = Callable[..., Any]
anyone = audience(Audience.PUBLIC)


def signed_in(view: View) -> View:
    """For signed-in people, also while they set up their second step."""
    return audience(Audience.SIGNED_IN)(before_second_step(view))


def confirmed(view: View) -> View:
    """For signed-in people who have just confirmed that it is them."""
    return signed_in(fresh(view))


urlpatterns = [
    path("sign-in/", entering.sign_in, name="account_login"),
    path("sign-in/inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("sign-in/second-step/", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", anyone(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/cancelled/", anyone(outside_pages.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/with/<str:provider_id>/", outside.leave, name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/callback/", outside.come_back, name="openid_connect_callback"),
    path("account/", own.account, name="mfa_index"),
    path("account/confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        signed_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", confirmed(app.activate_totp), name="mfa_activate_totp"),
    path("account/app/remove/", confirmed(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", confirmed(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        confirmed(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/recovery-codes/file/",
        confirmed(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/passkeys/new/", confirmed(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/name/", confirmed(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove/", confirmed(passkeys.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path(
        "account/outside/",
        audience(Audience.SIGNED_IN)(fresh(outside.connected)),
        name="socialaccount_connections",
    ),
]
