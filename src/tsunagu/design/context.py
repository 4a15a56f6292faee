"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from tsunagu.sharing.middleware import viewer_of

TRANSLATED_ROOMS = {"accounts", "portal", "figures", "operations"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Who looks, where the page lies in the other language, and whether this is one's own machine."""
    return {
        "viewer": viewer_of(request),
        "local_mode": settings.LOCAL_MODE,
        "alternate_language_url": _in_other_language(request),
        "here": request.resolver_match.view_name if request.resolver_match else "",
    }


def _in_other_language(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.namespace not in TRANSLATED_ROOMS:
        return ""
    other = "ja" if get_language() == "en" else "en"
    return translate_url(request.get_full_path(), other)
