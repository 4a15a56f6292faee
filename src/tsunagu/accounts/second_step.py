"""Leads whoever needs a second step and has none to set one up; until then their roles wait."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import lacks_second_step
from tsunagu.sharing.audience import Audience, declared_audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])


def before_second_step(view: View) -> View:
    """Mark a view as open to somebody who still has to set up the second step."""
    view.before_second_step = True  # type: ignore[attr-defined]
    return view


class SecondStepMiddleware:
    """Comes after the viewer is known and before the audience is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_of(request)
        missing = isinstance(request.user, Person) and lacks_second_step(request.user, roles=viewer.roles)
        request.second_step_missing = missing  # type: ignore[attr-defined]
        if missing:
            # Public pages stay public: without roles they show what everybody sees.
            waiting = Viewer(person_id=viewer.person_id, display_name=viewer.display_name)
            request.viewer = waiting  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.second_step_missing:  # type: ignore[attr-defined]
            return None
        if declared_audience(view) is Audience.PUBLIC or getattr(view, "before_second_step", False):
            return None
        return redirect("accounts:second_step")
