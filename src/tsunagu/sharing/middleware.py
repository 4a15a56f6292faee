"""Deny by default: a request reaches a view only when the view's declared audience admits the viewer."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tsunagu.sharing.audience import Audience, admits, declared_audience
from tsunagu.sharing.viewer import PUBLIC, Viewer

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

NUL = "%00"
FOR_PROGRAMS = "/api/"


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer the accounts room put on the request; the public when it put none."""
    return getattr(request, "viewer", PUBLIC)


class AudienceMiddleware:
    """404 for whoever is outside the audience; someone not signed in is offered the sign-in page instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        who = declared_audience(view)
        viewer = viewer_of(request)
        if who is None:
            raise Http404("route without a declared audience")
        if admits(who, viewer):
            return None
        if not viewer.is_signed_in and request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        if not viewer.is_signed_in and request.method == "POST":
            # Here, since models cannot be imported before the apps are ready.
            from tsunagu.sharing.kept_input import keep_input

            if kept := keep_input(request):
                return kept
        raise Http404("outside the audience")


class NoNulMiddleware:
    """Takes out of an address what no text of the database can hold, so that no page has to expect it (CWE-158).

    A program is told by the API instead, as its description says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = "" if request.path_info.startswith(FOR_PROGRAMS) else request.META.get("QUERY_STRING", "")
        # Again and again: taking one out may make another.
        while NUL in asked:
            asked = asked.replace(NUL, "")
            request.META["QUERY_STRING"] = asked
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Headers every answer carries; pages made for one person are never kept by a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        match = request.resolver_match
        if viewer_of(request).is_signed_in or (
            match and declared_audience(match.func) not in {None, Audience.PUBLIC}
        ):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
