"""Outside sign-in services (OpenID Connect) as the environment names them; none unless it does."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from tsunagu.accounts.addresses import is_safe_address

GENERIC: dict[str, Any] = {"name": "", "issuer": "", "scopes": "openid profile", "kept_claims": ["name"]}

# GビズID「接続システム向けガイドライン」2.9版: the issuer ends in a slash, scopes left out are granted of themselves
# (so they are always said), attributes come from userinfo only.
PROFILES: dict[str, dict[str, Any]] = {
    "gbizid": {
        "name": "GビズID",
        "issuer": "https://gbiz-id.go.jp/oauth/",
        "staging_issuer": "https://stg.gbiz-id.go.jp/oauth/",
        "scopes": "openid profile user email",
        "kept_claims": ["account_type", "corp_type", "corporate_number", "name"],
    }
}


def oidc_apps(environment: Mapping[str, str], *, local: bool) -> list[dict[str, Any]]:
    """One entry for each name in `TSUNAGU_OIDC_PROVIDERS`, in the form the sign-in library reads.

    Raises `ImproperlyConfigured` for a name, issuer, identifier or secret that is missing or unfit.
    """
    wanted = [name.strip() for name in environment.get("TSUNAGU_OIDC_PROVIDERS", "").split(",")]
    return [_app(name, environment, local) for name in wanted if name]


def _app(name: str, environment: Mapping[str, str], local: bool) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z][a-z0-9]{0,29}", name):
        raise ImproperlyConfigured(f"TSUNAGU_OIDC_PROVIDERS の「{name}」は英小文字と数字で書いてください。")
    prefix = f"TSUNAGU_OIDC_{name.upper()}_"
    profile = {**GENERIC, **PROFILES.get(name, {})}
    if environment.get(f"{prefix}STAGING") == "1" and "staging_issuer" in profile:
        profile["issuer"] = profile["staging_issuer"]
    issuer = environment.get(f"{prefix}ISSUER", profile["issuer"])
    client_id = environment.get(f"{prefix}CLIENT_ID", "")
    secret = environment.get(f"{prefix}CLIENT_SECRET", "")
    if not (issuer and client_id and secret):
        raise ImproperlyConfigured(f"{prefix}ISSUER、{prefix}CLIENT_ID、{prefix}CLIENT_SECRET が要ります。")
    if not is_safe_address(issuer, local=local):
        raise ImproperlyConfigured(f"{prefix}ISSUER は https:// で始めてください。")
    return {
        "provider_id": name,
        "name": environment.get(f"{prefix}NAME", profile["name"]) or name,
        "client_id": client_id,
        "secret": secret,
        "settings": {
            "issuer": issuer,
            "server_url": f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            "token_auth_method": "client_secret_basic",
            "oauth_pkce_enabled": True,
            "scope": environment.get(f"{prefix}SCOPES", profile["scopes"]).split(),
            "kept_claims": profile["kept_claims"],
            "algorithms": environment.get(f"{prefix}ALGORITHMS", "RS256").split(),
            "allow_loopback": local,
        },
    }
