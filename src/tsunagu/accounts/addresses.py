"""Where secrets may be sent to."""

from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def is_safe_address(address: str, *, local: bool) -> bool:
    """Whether secrets may be sent to an address: https, or one's own machine while trying things out."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return True
    return local and parts.scheme == "http" and parts.hostname in LOOPBACK
