"""Puts the viewer on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tsunagu.accounts import view_as
from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.session_limits import ends_at
from tsunagu.sharing.viewer import PUBLIC, Viewer

READING = {"GET", "HEAD", "OPTIONS"}
# What somebody who looks as another person may still send.
WAYS_OUT = {"people:end_view_as", "accounts:sign_out"}


class ViewerMiddleware:
    """Sets `request.viewer`; a visitor without a session cookie costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = viewer = self._viewer(request)  # type: ignore[attr-defined]
        if viewer.is_signed_in:
            request.session_ends_at = ends_at(request, is_staff=viewer.is_staff)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        looking = request.viewer.seen_by is not None  # type: ignore[attr-defined]
        if looking and request.method not in READING and match and match.view_name not in WAYS_OUT:
            return render(request, "accounts/only_looking.html", status=403)
        return None

    @staticmethod
    def _viewer(request: HttpRequest) -> Viewer:
        user = request.user
        if not isinstance(user, Person) or not user.is_active:
            return PUBLIC
        return view_as.seen_as(viewer_for(user, on=timezone.localdate()), request.session)
