"""OpenID Connect as the library does it, with every answer checked by `accounts.oidc`."""

import hashlib
import secrets
import time
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from tsunagu.accounts import mails, oidc


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to one provider. `state` is what was remembered when the person was sent there."""

    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, str]:
        """The provider's addresses, asked once per request. Raises `OAuth2Error`."""
        if not hasattr(self, "_addresses"):
            options = self.get_provider().app.settings
            document = oidc.strict_json(self._read(options["server_url"]))
            self._addresses = oidc.check_discovery(
                document, issuer=options["issuer"], local=options["allow_loopback"]
            )
        return self._addresses

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address whatever the language: providers compare it letter by letter."""
        with translation.override("ja"):
            path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return mails.absolute(request, path)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who signed in there, once all that was said fits together. Raises `OAuth2Error`."""
        response = kwargs["response"]
        expected = oidc.Expected(
            issuer=app.settings["issuer"],
            client_id=app.client_id,
            nonce=str(self.state.get("nonce") or ""),
            now=time.time(),
            algorithms=app.settings["algorithms"],
            access_token=token.token,
        )
        try:
            keys = oidc.strict_json(self._read(self.openid_config["jwks_uri"]))
            claims = oidc.check_id_token(response.get("id_token"), keys=keys, expected=expected)
            body = self._read(self.openid_config["userinfo_endpoint"], bearer=token.token)
            attributes = oidc.check_userinfo(body, subject=claims["sub"])
        except oidc.Refused as error:
            raise OAuth2Error(str(error)) from error
        kept = {name: attributes[name] for name in app.settings["kept_claims"] if name in attributes}
        said = {"iss": claims["iss"], "sub": claims["sub"], **kept}
        return self.get_provider().sociallogin_from_response(request, said)

    def _read(self, address: str, bearer: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers)
        answer.raise_for_status()
        if answer.status_code != 200:
            raise oidc.Refused("the provider sent us elsewhere")
        return answer.content


class StrictProvider(OpenIDConnectProvider):
    """Code flow with PKCE (S256), state and nonce; scopes as configured; keyed on issuer and subject."""

    oauth2_adapter_class = StrictAdapter
    # Tokens that a browser hands in are never taken; only the code flow is.
    supports_token_authentication = False

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return self.get_auth_params()

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> Any:
        nonce = secrets.token_urlsafe(32)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Issuer and subject together: the same subject at another issuer is somebody else. Never the e-mail."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


class StrictCallbackView(OAuth2CallbackView):
    """Hands what was remembered on to the adapter, and refuses an answer that names another issuer (RFC 9207)."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        if state is not None and request.GET.get("iss", "") not in ("", provider.app.settings["issuer"]):
            raise OAuth2Error("the answer names another issuer")
        return state, answer
