"""Ends sessions in time, and keeps the list of a person's sessions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.accounts.rules import STAFF_IDLE, session_ends_at, session_is_over
from tsunagu.accounts.selectors import viewer_for

SIGNED_IN_AT, SEEN_AT, ENDED = "signed_in_at", "seen_at", "session_ended"
# How exact the last moment is: a session is written at most once in this time.
GRAIN = timedelta(minutes=1)


def start_clock(request: HttpRequest) -> None:
    """A session that begins now."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = timezone.now().timestamp()


class SessionLimitsMiddleware:
    """Signs out whoever was away too long or signed in too long ago; visitors cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            self._keep_or_end(request, request.user)
        return self.get_response(request)

    def _keep_or_end(self, request: HttpRequest, person: Person) -> None:
        now = timezone.now()
        began, seen = _moment(request, SIGNED_IN_AT), _moment(request, SEEN_AT)
        if began is None or seen is None:
            start_clock(request)
            UserSession.objects.create_from_request(request)
            return
        # Roles are asked only of whoever was away for so long that they matter.
        is_staff = now - seen >= STAFF_IDLE and viewer_for(person, on=timezone.localdate()).is_staff
        if session_is_over(signed_in_at=began, seen_at=seen, now=now, is_staff=is_staff):
            logout(request)
            request.session[ENDED] = True
        elif now - seen >= GRAIN:
            request.session[SEEN_AT] = now.timestamp()
            UserSession.objects.create_from_request(request)


def ends_at(request: HttpRequest, *, is_staff: bool) -> datetime | None:
    """When the session of a request ends if this is the last request; None for visitors."""
    began, seen = _moment(request, SIGNED_IN_AT), _moment(request, SEEN_AT)
    if began is None or seen is None:
        return None
    return session_ends_at(signed_in_at=began, seen_at=seen, is_staff=is_staff)


def stay(request: HttpRequest) -> None:
    """The person is still there: the time without a request begins anew."""
    request.session[SEEN_AT] = timezone.now().timestamp()


def _moment(request: HttpRequest, key: str) -> datetime | None:
    value = request.session.get(key)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
