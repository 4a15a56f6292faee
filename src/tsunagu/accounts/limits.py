"""How often somebody may try: counted in PostgreSQL for all web processes, answered with 429 and in plain words.

The rates stand in the settings (`ACCOUNT_RATE_LIMITS`). A person whose password is locked after wrong guesses by
somebody else still gets in by passkey or by the last link that was mailed: a link lives as long as the hour in which
no further one is sent.
"""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LOGIN_WAIT = 15 * 60
MAIL_WAIT = 60 * 60


def too_many(request: HttpRequest, wait: int = LOGIN_WAIT) -> HttpResponse:
    """The page for too many attempts; `wait` is the longest time until one more is allowed."""
    answer = render(request, "accounts/too_many.html", {"minutes": wait // 60}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def is_over(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Count one more attempt at an action; True when it is one too many."""
    return not ratelimit.consume(request, action=action, key=key)
