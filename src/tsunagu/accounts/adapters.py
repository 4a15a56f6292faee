"""How the sign-in library behaves here: nobody signs up, mails leave through `mails.send`, secrets lie encrypted.

Every page loads this: what encrypts and what asks other servers is loaded when it is used.
"""

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.accounts import mails
from tsunagu.accounts.session_limits import start_clock
from tsunagu.sharing.client import client_of

if TYPE_CHECKING:
    from tsunagu.accounts.direct_session import DirectSession

logger = logging.getLogger(__name__)
NOTICES = {
    "account/email/password_changed": gettext_lazy("パスワードが変わりました"),
    "account/email/password_set": gettext_lazy("パスワードが決まりました"),
    "mfa/email/totp_activated": gettext_lazy("認証アプリが加わりました"),
    "mfa/email/totp_deactivated": gettext_lazy("認証アプリが外されました"),
    "mfa/email/recovery_codes_generated": gettext_lazy("回復コードが作り直されました"),
    "mfa/email/webauthn_added": gettext_lazy("パスキーが加わりました"),
    "mfa/email/webauthn_removed": gettext_lazy("パスキーが外されました"),
    "socialaccount/email/account_connected": gettext_lazy("外部のアカウントがつながりました"),
    "socialaccount/email/account_disconnected": gettext_lazy("外部のアカウントとのつながりが切れました"),
}
TOO_MANY = gettext_lazy("何度も間違えたため、しばらく試せません。15分ほど待ってください。")


class AccountAdapter(DefaultAccountAdapter):
    """Signing in with password or link."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("この利用者は停止されています。事務局に問い合わせてください。"),
        "email_password_mismatch": gettext_lazy(
            "メールアドレスかパスワードが違います。確かめて、もう一度入力してください。"
        ),
        "incorrect_password": gettext_lazy("パスワードが違います。確かめて、もう一度入力してください。"),
        "incorrect_code": gettext_lazy("番号が違います。アプリに今出ている番号を入力してください。"),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """By invitation only."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in once every step is done. What was just shown counts as a fresh confirmation."""
        super().login(request, user)
        start_clock(request)
        record_authentication(request, user, method="sign_in", reauthenticated=True)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_of(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Password, code or passkey; who has none of them confirms by a link sent to their address."""
        words = {
            "reauthenticate": _("パスワードで確認する"),
            "mfa_reauthenticate": _("認証アプリか回復コードで確認する"),
            "mfa_reauthenticate:webauthn": _("パスキーで確認する"),
        }
        methods = super().get_reauthentication_methods(user)
        if methods:
            return [{**method, "description": words[method["id"]]} for method in methods]
        by_mail = {"id": "mail", "description": _("メールのリンクで確認する")}
        return [{**by_mail, "url": reverse("accounts:confirm_by_mail")}] if user.is_authenticated else []

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        body = render_to_string(f"{template_prefix}_message.txt", context)
        mails.send(to=email, to_name="", subject=subject, body=body.strip())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        what = NOTICES.get(template_prefix, gettext_lazy("サインインの設定が変わりました"))
        address = self.get_client_ip(self.request)
        mails.send_notice(to=email or user.email, to_name=user.name, what=str(what), client_address=address)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Counted by address alone: another host name of this site opens no further tries."""
        return str(credentials.get("email", "")).strip().lower()


class SecondStepAdapter(DefaultMFAAdapter):
    """Authenticator app, passkeys and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "確認できませんでした。今出ている番号か、使っていない回復コードを入力してください。"
        ),
        "cannot_generate_recovery_codes": gettext_lazy("先に認証アプリかパスキーを加えてください。"),
    }

    def encrypt(self, text: str) -> str:
        from tsunagu.accounts.second_step_secrets import encrypted

        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        from tsunagu.accounts.second_step_secrets import decrypted

        text = decrypted(encrypted_text)
        if text is None:
            # Made with a key we no longer have: a secret nobody knows lets nobody in, where an empty one would.
            logger.error(
                "a second step cannot be read; was the secret key changed without keeping the old one?"
            )
            return str(generate_totp_secret())
        return text

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("パスキー %(n)d") % {"n": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}


class OutsideAdapter(DefaultSocialAccountAdapter):
    """Sign-in services outside: they let in whom a person here has connected, and make nobody known."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuses an unknown account with a page that says what to do."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        logout(request)
        page = render(
            request, "accounts/outside_unknown.html", {"provider": sociallogin.provider.name}, status=403
        )
        raise ImmediateHttpResponse(page)

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """An address claimed elsewhere never opens an account here."""
        return

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("socialaccount_connections")

    def get_requests_session(self) -> "DirectSession":
        from tsunagu.accounts.direct_session import DirectSession

        return DirectSession()
