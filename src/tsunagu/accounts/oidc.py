"""Strict checks of what an OpenID provider says (OpenID Connect Core 1.0 §3.1.3.7, RFC 8725, ASVS 5.0 V9 and V10).

The sign-in library trusts an id_token that came straight from the token endpoint: it verifies neither signature nor
nonce, azp or iat. Here everything is verified, whatever way a token came. No Django and no network.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from tsunagu.accounts.addresses import is_safe_address

LEEWAY = 60
# A token is made when it is fetched; an older one was made for something else.
OLDEST = 10 * 60
LONGEST_TOKEN = 20_000
KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
SMALLEST_RSA = 2048


class Refused(Exception):
    """What the provider said is not believed; the message names the check that failed."""


@dataclass(frozen=True)
class Expected:
    """What an answer must fit: who may have said it, to whom, in which conversation, when."""

    issuer: str
    client_id: str
    nonce: str
    now: float
    algorithms: Sequence[str] = ("RS256",)
    access_token: str = ""


def strict_json(text: str | bytes) -> dict[str, Any]:
    """A JSON object without repeated names or numbers that JSON does not know."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Refused("repeated name in JSON")
        return found

    def no_constant(name: str) -> None:
        raise Refused(f"{name} is not JSON")

    try:
        found = json.loads(text, object_pairs_hook=once, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error
    if not isinstance(found, dict):
        raise Refused("not a JSON object")
    return found


def check_discovery(document: Mapping[str, Any], *, issuer: str, local: bool = False) -> dict[str, str]:
    """The provider's addresses. The issuer must be the configured one, to the last slash."""
    if document.get("issuer") != issuer:
        raise Refused("discovery names another issuer")
    wanted = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    found = {name: document.get(name) for name in wanted}
    if not all(isinstance(value, str) and value for value in found.values()):
        raise Refused("discovery lacks an address")
    if not all(is_safe_address(str(value), local=local) for value in found.values()):
        raise Refused("discovery names an address without TLS")
    return {"issuer": issuer, **{name: str(value) for name, value in found.items()}}


def check_id_token(token: object, *, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """The claims of an id_token in which everything fits. Raises `Refused`."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise Refused("not a signed token")
    header = strict_json(_part(token.split(".")[0]))
    algorithm = header.get("alg")
    if algorithm not in expected.algorithms or str(algorithm)[:2] not in KEY_TYPES:
        raise Refused("algorithm not allowed")
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise Refused("header asks for what is not understood")
    key = _key(keys, header.get("kid"), str(algorithm))
    try:
        payload = jwt.PyJWS().decode(token, key=key, algorithms=[str(algorithm)])
    except (PyJWTError, ValueError) as error:
        raise Refused("signature does not fit") from error
    claims = strict_json(payload)
    _check_parties(claims, expected)
    _check_times(claims, expected.now)
    _check_conversation(claims, expected, str(algorithm))
    return claims


def check_userinfo(body: str | bytes, *, subject: str) -> dict[str, Any]:
    """The attributes of the same person as the id_token's. Raises `Refused`."""
    found = strict_json(body)
    if found.get("sub") != subject:
        raise Refused("userinfo is about somebody else")
    return found


def _part(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("not base64url") from error


def _key(keys: Mapping[str, Any], kid: object, algorithm: str) -> jwt.PyJWK:
    """The provider's one key that fits; a token without a key's name is believed only when there is just one."""
    listed = keys.get("keys")
    fitting = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and one.get("kty") == KEY_TYPES[algorithm[:2]]
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and (kid is None or one.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise Refused("key not known")
    try:
        key = jwt.PyJWK.from_dict(fitting[0], algorithm=algorithm)
    except PyJWTError as error:
        raise Refused("key not readable") from error
    if algorithm[:2] != "ES" and key.key.key_size < SMALLEST_RSA:
        raise Refused("key too short")
    return key


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    """Said by this issuer, about somebody, to us alone."""
    if claims.get("iss") != expected.issuer:
        raise Refused("another issuer")
    audience = claims.get("aud")
    if audience not in (expected.client_id, [expected.client_id]):
        raise Refused("another audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise Refused("made for another party")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or len(subject) > 255 or not subject.isascii():
        raise Refused("no subject")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    moments: dict[str, Any] = {name: claims[name] for name in ("exp", "iat", "nbf") if name in claims}
    if not {"exp", "iat"} <= moments.keys():
        raise Refused("no time")
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in moments.values()):
        raise Refused("time is no number")
    if moments["exp"] <= now - LEEWAY:
        raise Refused("expired")
    if not now - OLDEST <= moments["iat"] <= now + LEEWAY:
        raise Refused("not made just now")
    if moments.get("nbf", now) > now + LEEWAY:
        raise Refused("not yet valid")


def _check_conversation(claims: Mapping[str, Any], expected: Expected, algorithm: str) -> None:
    """An answer to the very question this browser asked, and to the access token that came along."""
    nonce = claims.get("nonce")
    if not expected.nonce or not isinstance(nonce, str) or not _same(nonce, expected.nonce):
        raise Refused("another conversation")
    if "at_hash" in claims:
        digest = hashlib.new(f"sha{algorithm[2:]}", expected.access_token.encode()).digest()
        half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
        if not isinstance(claims["at_hash"], str) or not _same(claims["at_hash"], half):
            raise Refused("another access token")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
