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
# Programs: a whole catalogue of tables may be harvested in one go; a key for writing is one lab's.
OPEN_DATA = Limit("open_data", 600, 60 * 60)
API_READ = Limit("api_read", 300, 60)
API_WRITE = Limit("api_write", 120, 60)


def limited(limit: Limit, *, only_with: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Refuse a view beyond the limit with 429; `only_with`: count only requests that carry one of these parameters."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            counts = not only_with or any(request.GET.get(name) for name in only_with)
            if counts and settings.TSUNAGU_LIMITS and (wait := seconds_to_wait(limit, _client(request))):
                return _refusal(request, wait)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]

    return guard


def _client(request: HttpRequest) -> str:
    person = viewer_of(request).person_id
    return f"person:{person}" if person else client_of(request)


def seconds_to_wait(limit: Limit, client: str) -> int:
    """Count one request of a client; 0 while it is within the limit, else the seconds until it may ask again."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"name": limit.name, "client": client, "seconds": limit.seconds})
        used, wait = cursor.fetchone()
    return max(int(wait), 1) if used > limit.requests else 0


def _refusal(request: HttpRequest, wait: int) -> HttpResponse:
    answer = render(request, "429.html", {"seconds": wait, "minutes": -(-wait // 60)}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def forget_old() -> int:
    """Remove counters whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sharing_limit WHERE ends_at <= now()")
        return cursor.rowcount
