"""Whoever sent the request is who acts while it is answered."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from tsunagu.history.acting import Who, acting, name_way
from tsunagu.sharing.client import client_of
from tsunagu.sharing.middleware import viewer_of

# Parts of an address that open a door must not be kept where others read.
SECRET_PARTS = {"token", "key", "uidb36"}


class ActingMiddleware:
    """Stands after the middleware that puts the viewer on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(who_sent(request)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        secret = match is not None and SECRET_PARTS & set(match.kwargs)
        way = match.route if match is not None and secret else request.path
        name_way(f"{request.method} {way}"[:200])


def who_sent(request: HttpRequest) -> Who:
    """The person behind a request, and whom they view as."""
    viewer = viewer_of(request)
    who = Who(person_id=viewer.person_id, person=viewer.display_name, address=client_of(request))
    behind = getattr(viewer, "seen_by", None)
    if behind is None:
        return who
    return replace(
        who,
        person_id=behind.person_id,
        person=behind.display_name,
        acting_for_id=viewer.person_id,
        acting_for=viewer.display_name,
    )
