"""How often one client may ask for something that costs: counted in PostgreSQL for all web processes together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tsunagu.sharing.client import client_of
from tsunagu.sharing.middleware import viewer_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# One statement counts and answers; a window that is over begins anew.
COUNT = """
INSERT INTO sharing_limit AS known (name, client, ends_at, used)
VALUES (%(name)s, %(client)s, now() + make_interval(secs => %(seconds)s), 1)
ON CONFLICT (name, client) DO UPDATE SET
  used = CASE WHEN known.ends_at <= now() THEN 1 ELSE known.used + 1 END,
  ends_at = CASE WHEN known.ends_at <= now() THEN excluded.ends_at ELSE known.ends_at END
RETURNING used, ceil(extract(epoch FROM ends_at - now()))::int
"""


@dataclass(frozen=True)
class Limit:
    """So many requests within so many seconds, for each person or, when not signed in, each address."""

    name: str
    requests: int
    seconds: int


SEARCH = Limit("search", 60, 60)
EXPORT = Limit("export", 60, 60 * 60)


def limited(limit: Limit, *, only_with: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Refuse a view beyond the limit with 429; `only_with`: count only requests that carry one of these parameters."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            counts = not only_with or any(request.GET.get(name) for name in only_with)
            if counts and settings.TSUNAGU_LIMITS:
                used, wait = _count(limit, request)
                if used > limit.requests:
                    return _refusal(request, wait)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]

    return guard


def _count(limit: Limit, request: HttpRequest) -> tuple[int, int]:
    person = viewer_of(request).person_id
    client = f"person:{person}" if person else client_of(request)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"name": limit.name, "client": client, "seconds": limit.seconds})
        used, wait = cursor.fetchone()
    return used, wait


def _refusal(request: HttpRequest, wait: int) -> HttpResponse:
    answer = render(request, "429.html", {"seconds": wait, "minutes": -(-wait // 60)}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def forget_old() -> int:
    """Remove counters whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sharing_limit WHERE ends_at <= now()")
        return cursor.rowcount
