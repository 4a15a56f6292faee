"""Secrets of the second step as they lie in the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def encrypted(text: str) -> str:
    """As it is kept."""
    return _cipher().encrypt(text.encode()).decode()


def decrypted(text: str) -> str | None:
    """What was encrypted; None where it was made with a key we no longer have."""
    try:
        return _cipher().decrypt(text.encode()).decode()
    except InvalidToken:
        return None


def _cipher() -> MultiFernet:
    """Made from the secret key, so that a copy of the database alone opens no second step."""
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str | bytes) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tsunagu second step").derive(
        force_bytes(secret)
    )
    return Fernet(base64.urlsafe_b64encode(key))
