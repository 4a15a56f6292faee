"""The sign-in library's routes that are in use, under the names it knows them by. Each declares its audience here."""

from allauth.account import views as account
from django.urls import path

from tsunagu.accounts.confirming import fresh
from tsunagu.accounts.later import View, later
from tsunagu.accounts.second_step import before_second_step
from tsunagu.accounts.views import entering, own
from tsunagu.sharing.audience import Audience, audience

MFA = "allauth.mfa.base.views"
CODES = "allauth.mfa.recovery_codes.views"
APP = "allauth.mfa.totp.views"
PASSKEYS = "allauth.mfa.webauthn.views"
OUTSIDE = "tsunagu.accounts.views.outside"
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
    path("sign-in/second-step/", anyone(later(f"{MFA}.authenticate")), name="mfa_authenticate"),
    path("sign-in/passkey/", anyone(later(f"{PASSKEYS}.login_webauthn")), name="mfa_login_webauthn"),
    path(
        "sign-in/cancelled/",
        anyone(later("allauth.socialaccount.views.login_cancelled")),
        name="socialaccount_login_cancelled",
    ),
    path("sign-in/with/<str:provider_id>/", anyone(later(f"{OUTSIDE}.leave")), name="openid_connect_login"),
    path(
        "sign-in/with/<str:provider_id>/callback/",
        anyone(later(f"{OUTSIDE}.come_back")),
        name="openid_connect_callback",
    ),
    path("account/", own.account, name="mfa_index"),
    path("account/confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", signed_in(later(f"{MFA}.reauthenticate")), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        signed_in(later(f"{PASSKEYS}.reauthenticate_webauthn")),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", confirmed(later(f"{APP}.activate_totp")), name="mfa_activate_totp"),
    path("account/app/remove/", confirmed(later(f"{APP}.deactivate_totp")), name="mfa_deactivate_totp"),
    path(
        "account/recovery-codes/",
        confirmed(later(f"{CODES}.view_recovery_codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/recovery-codes/new/",
        confirmed(later(f"{CODES}.generate_recovery_codes")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/recovery-codes/file/",
        confirmed(later(f"{CODES}.download_recovery_codes")),
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys/", signed_in(later(f"{PASSKEYS}.list_webauthn")), name="mfa_list_webauthn"),
    path("account/passkeys/new/", confirmed(later(f"{PASSKEYS}.add_webauthn")), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/name/",
        confirmed(later(f"{PASSKEYS}.edit_webauthn")),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        confirmed(later(f"{PASSKEYS}.remove_webauthn")),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/outside/",
        audience(Audience.SIGNED_IN)(fresh(later(f"{OUTSIDE}.connected"))),
        name="socialaccount_connections",
    ),
]
