"""Sealing what the database keeps but must not be able to read: the key lies elsewhere, never in the database.

Every page loads this, few seal anything: cryptography (10 MB in each process) is loaded when it is used.
"""

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class SealBroken(ValueError):
    """The sealed content was changed, or this is not its secret."""


def _cipher(secret: str, purpose: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hashlib.sha256(f"{purpose}\0{secret}".encode()).digest())


def sealed(content: Any, *, secret: str, purpose: str, bound_to: str) -> bytes:
    """The JSON content, readable only with `secret` (256 random bits) and only beside the same `bound_to`."""
    nonce = os.urandom(NONCE)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + _cipher(secret, purpose).encrypt(nonce, text, bound_to.encode())


def unsealed(data: bytes, *, secret: str, purpose: str, bound_to: str) -> Any:
    """What was sealed. Raises `SealBroken`."""
    from cryptography.exceptions import InvalidTag

    try:
        text = _cipher(secret, purpose).decrypt(data[:NONCE], data[NONCE:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
    return json.loads(text)
