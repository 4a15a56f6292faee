"""Puts the viewer on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.sharing.viewer import PUBLIC


class ViewerMiddleware:
    """Sets `request.viewer`; a visitor without a session cookie costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        signed_in = isinstance(user, Person) and user.is_active
        request.viewer = viewer_for(user, on=timezone.localdate()) if signed_in else PUBLIC  # type: ignore
        return self.get_response(request)
