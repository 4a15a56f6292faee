"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from tsunagu.sharing.kept_input import COOKIE
from tsunagu.sharing.middleware import viewer_of


def page(request: HttpRequest) -> dict[str, Any]:
    """Who looks, where the page lies in the other language, and whether this is one's own machine."""
    return {
        "viewer": viewer_of(request),
        "session_ends_at": getattr(request, "session_ends_at", None),
        "kept_input": viewer_of(request).is_signed_in and COOKIE in request.COOKIES,
        "local_mode": settings.LOCAL_MODE,
        "demo_mode": settings.DEMO_MODE,
        "alternate_language_url": _in_other_language(request),
        "here": request.resolver_match.view_name if request.resolver_match else "",
    }


def _in_other_language(request: HttpRequest) -> str:
    """The same page's address in the other language; '' where the page exists in one language only."""
    if request.resolver_match is None:
        return ""
    here = request.get_full_path()
    there = translate_url(here, "ja" if get_language() == "en" else "en")
    return "" if there == here else there
