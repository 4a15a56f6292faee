"""Tokens a provider, or somebody in its place, might send. Each is wrong in one way only; all must be refused."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.accounts.provider import CLIENT_ID, Provider

Maker = Callable[[Provider, dict[str, Any]], str]


def _with(**changes: Any) -> Maker:
    return lambda provider, claims: provider.sign({**claims, **changes})


def _without(name: str) -> Maker:
    return lambda provider, claims: provider.sign(
        {key: value for key, value in claims.items() if key != name}
    )


def _later(name: str, seconds: int) -> Maker:
    return lambda provider, claims: provider.sign({**claims, name: int(time.time()) + seconds})


def _none(provider: Provider, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": provider.kid})


def _none_with_signature(provider: Provider, claims: dict[str, Any]) -> str:
    return _raw({"alg": "none", "kid": provider.kid}, json.dumps(claims)) + "AAAA"


def _public_key_as_secret(provider: Provider, claims: dict[str, Any]) -> str:
    """The old confusion: the public key, known to everybody, as the secret of an HMAC."""
    import hashlib
    import hmac

    secret = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = _raw({"alg": "HS256", "typ": "JWT", "kid": provider.kid}, json.dumps(claims))[:-1]
    return f"{signed}.{_b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _wrong_key(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims, key=provider.other_key)


def _unknown_kid(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims, headers={"kid": "key-2"})


def _own_key_inside(provider: Provider, claims: dict[str, Any]) -> str:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(provider.other_key.public_key()))
    return provider.sign(claims, key=provider.other_key, headers={"jwk": public})


def _issuer_without_slash(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign({**claims, "iss": provider.issuer.rstrip("/")})


def _truncated(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims)[:-20]


def _no_signature(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims).rpartition(".")[0] + "."


def _altered(provider: Provider, claims: dict[str, Any]) -> str:
    header, _payload, signature = provider.sign(claims).split(".")
    return f"{header}.{_b64(json.dumps({**claims, 'sub': 'subject-2'}).encode())}.{signature}"


def _repeated_name(provider: Provider, claims: dict[str, Any]) -> str:
    text = json.dumps(claims)[:-1] + ', "sub": "subject-2"}'
    return jwt.api_jws.encode(text.encode(), provider.key, algorithm="RS256", headers={"kid": provider.kid})


def _a_list(provider: Provider, claims: dict[str, Any]) -> str:
    text = json.dumps([claims]).encode()
    return jwt.api_jws.encode(text, provider.key, algorithm="RS256", headers={"kid": provider.kid})


def _nested_token(provider: Provider, claims: dict[str, Any]) -> str:
    inner = provider.sign(claims).encode()
    return jwt.api_jws.encode(
        inner, provider.key, algorithm="RS256", headers={"kid": provider.kid, "cty": "JWT"}
    )


def _critical_header(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims, headers={"crit": ["exp"]})


def _access_token(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims, headers={"typ": "at+jwt"})


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _raw(header: dict[str, Any], payload: str) -> str:
    return f"{_b64(json.dumps(header).encode())}.{_b64(payload.encode())}."


def _sound(provider: Provider, claims: dict[str, Any]) -> str:
    return provider.sign(claims)


MALFORMED: dict[str, Maker] = {
    "alg none": _none,
    "alg none with a signature": _none_with_signature,
    "HS256 with the public key": _public_key_as_secret,
    "wrong key": _wrong_key,
    "unknown kid": _unknown_kid,
    "key inside the header": _own_key_inside,
    "wrong iss": _with(iss="https://evil.example/"),
    "iss without slash": _issuer_without_slash,
    "missing iss": _without("iss"),
    "wrong aud": _with(aud="another-client"),
    "aud list with another client": _with(aud=[CLIENT_ID, "another-client"], azp=CLIENT_ID),
    "aud list with foreign azp": _with(aud=[CLIENT_ID], azp="another-client"),
    "missing aud": _without("aud"),
    "expired": _later("exp", -3600),
    "exp is text": _with(exp="2999-01-01"),
    "missing exp": _without("exp"),
    "iat far in future": _later("iat", 3600),
    "iat long ago": _later("iat", -3600),
    "missing iat": _without("iat"),
    "nbf in future": _later("nbf", 3600),
    "missing nonce": _without("nonce"),
    "wrong nonce": _with(nonce="another-nonce"),
    "missing sub": _without("sub"),
    "empty sub": _with(sub=""),
    "truncated signature": _truncated,
    "no signature": _no_signature,
    "altered payload": _altered,
    "sub given twice": _repeated_name,
    "payload is a list": _a_list,
    "token within a token": _nested_token,
    "critical header": _critical_header,
    "access token in its place": _access_token,
    "wrong at_hash": _with(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    # The token is sound, userinfo is about somebody else: see `present`.
    "sub differs from userinfo": _sound,
}


def present(client: Any, provider: Provider, name: str) -> Any:
    """Sign in through the whole code flow while the provider misbehaves in one way; the last answer."""
    provider.malform = MALFORMED[name]
    provider.userinfo_subject = "subject-2" if name == "sub differs from userinfo" else None
    try:
        return sign_in(client, provider)
    finally:
        provider.malform = provider.userinfo_subject = None


def sign_in(client: Any, provider: Provider, name: str = "gbizid", **form: str) -> Any:
    """The whole code flow: our page, the provider's, and back. The answer to coming back."""
    return client.get(callback(client, provider, name, **form))


def callback(client: Any, provider: Provider, name: str = "gbizid", **form: str) -> str:
    """The address, at this site, to which the provider sends the browser."""
    import re
    import urllib.request
    from html import unescape

    left = client.post(f"/sign-in/with/{name}/", form)
    address = unescape(re.search(r'href="(http://127[^"]+)"', left.content.decode())[1])  # type: ignore[index]

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **kwargs: Any) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        found = str(answer.headers["Location"])
        answer.close()
        return found.removeprefix("http://testserver")
    raise AssertionError("the provider did not send the browser back")
