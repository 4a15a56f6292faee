"""Whose address a request comes from: what a client writes about itself is never believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NO_ADDRESS = "0.0.0.0"  # noqa: S104


def client_of(request: HttpRequest) -> str:
    """The client's address, as far as the proxies named by `TSUNAGU_TRUSTED_PROXY_COUNT` vouch for it."""
    return client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        trusted_proxies=settings.TSUNAGU_TRUSTED_PROXY_COUNT,
    )


def client_address(*, remote: str, forwarded: str, trusted_proxies: int) -> str:
    """The address a request comes from.

    Each trusted proxy appends the address it was called from to X-Forwarded-For, so the client stands as many
    places from the right as there are trusted proxies; what stands further left was written by the client itself.
    Anything that is no address gives way to the address of the connection.
    """
    hops = [hop.strip() for hop in forwarded.split(",")] if forwarded else []
    if trusted_proxies > 0 and len(hops) >= trusted_proxies:
        found = _address(hops[-trusted_proxies])
        if found:
            return found
    return _address(remote) or NO_ADDRESS


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
