"""Whole addresses for what leaves the site without a request at hand: mails, papers, QR codes."""

from django.conf import settings

# Only one's own machine runs without a configured address (operations.checks refuses elsewhere).
OWN_MACHINE = "http://127.0.0.1:8000"


def whole_address(path: str) -> str:
    """The address of a page on the configured site."""
    return f"{settings.TSUNAGU_BASE_URL or OWN_MACHINE}{path}"
