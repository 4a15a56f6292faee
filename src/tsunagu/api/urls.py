"""Addresses of the programming interface; the same in every language."""

from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt

from tsunagu.api import description
from tsunagu.sharing.audience import Audience, audience

app_name = "api"


def _opened() -> list[URLPattern | URLResolver]:
    """The library's addresses, each for everybody: what needs a key asks for it itself."""
    patterns, _app, _space = description.api.urls
    kept: list[URLPattern | URLResolver] = []
    for one in patterns:
        if isinstance(one, URLPattern) and one.name not in {"api-root"}:
            audience(Audience.PUBLIC)(one.callback)
            kept.append(one)
    return kept


urlpatterns = [
    path("", description.contents, name="contents"),
    path("openapi.json", description.openapi, name="description"),
    *_opened(),
    path("<path:rest>", csrf_exempt(description.unknown), name="unknown"),
]
