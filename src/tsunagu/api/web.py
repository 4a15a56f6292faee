"""What every address of the API does as the web asks it to: HEAD, questions of browsers (CORS), refusals in one form."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from tsunagu.api.problems import Refused, problem

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD", "OPTIONS")
EXPOSED = "ETag, Link, Retry-After"
# A page of another site may read, and ask whether what it has is still so; a key is not for pages.
ASKED_BY_PAGES = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, Accept-Language",
    "Access-Control-Max-Age": "86400",
}


def on_the_web(view: View) -> View:
    """A view of the API as RFC 9110 and the Fetch standard want it."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asks_first = request.method == "OPTIONS"
        response = _may_ask() if asks_first else _answered(view, request, *args, **kwargs)
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("Access-Control-Expose-Headers", EXPOSED)
        return response

    return inner


def reading_only(view: View) -> View:
    """The same for a view that only reads, whatever it is asked with."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in READING:
            return _not_so(READING)
        return view(request, *args, **kwargs)

    return csrf_exempt(on_the_web(inner))


def _may_ask() -> HttpResponse:
    return HttpResponse(status=204, headers=ASKED_BY_PAGES)


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    asked_with = request.method
    # What is asked with HEAD is what GET gives; the server leaves the body out.
    request.method = "GET" if asked_with == "HEAD" else asked_with
    try:
        response = view(request, *args, **kwargs)
    except RequestDataTooBig:
        return problem(Refused(413, "一度に送れるのは5MBまでです。分けて送ってください。"))
    except (MultiPartParserError, BadRequest, SuspiciousOperation):
        return problem(Refused(400, "読めない形で送られました。JSONで送ってください。"))
    finally:
        request.method = asked_with
    if response.status_code == 405:
        allowed = {one.strip() for one in response.headers.get("Allow", "").split(",") if one.strip()}
        return _not_so(sorted(allowed | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())))
    return response


def _not_so(allowed: Sequence[str]) -> HttpResponse:
    refused = problem(Refused(405, f"使えるのは {'、'.join(allowed)} です。"))
    refused.headers["Allow"] = ", ".join(allowed)
    return refused
