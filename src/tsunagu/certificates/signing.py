"""What a certificate is worth today, as JSON and signed (JWS, RFC 7515, EdDSA), so that machines can check it too.

The key follows from the site's secret key; the public halves stand at a stable address as a JWK set (RFC 7517).
"""

import base64
import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PURPOSE = b"tsunagu certificates 1"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@lru_cache(maxsize=4)
def _key(secret: str) -> "Ed25519PrivateKey":
    """A key for this purpose alone: nothing about the site's secret follows from it."""
    # Loaded when used: every process that shows pages has this module.
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public_key(secret: str) -> dict[str, str]:
    raw = _key(secret).public_key().public_bytes_raw()
    known = {"crv": "Ed25519", "kty": "OKP", "x": _b64(raw)}
    # RFC 7638: the thumbprint of the key is its name.
    thumb = hashlib.sha256(json.dumps(known, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**known, "use": "sig", "alg": "EdDSA", "kid": _b64(thumb)}


def public_keys() -> dict[str, list[dict[str, str]]]:
    """The key signatures are made with now, and those before the last change of the secret."""
    return {"keys": [_public_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]}


def payload_bytes(payload: dict[str, Any]) -> bytes:
    """The JSON as it is signed and shown: keys in order, UTF-8."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, indent=1).encode()


def signed(payload: dict[str, Any]) -> str:
    """The payload as a compact JWS."""
    secret = settings.SECRET_KEY
    header = {"alg": "EdDSA", "kid": _public_key(secret)["kid"], "typ": "JOSE"}
    body = f"{_b64(json.dumps(header, separators=(',', ':')).encode())}.{_b64(payload_bytes(payload))}"
    return f"{body}.{_b64(_key(secret).sign(body.encode()))}"
