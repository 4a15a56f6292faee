"""Addresses of the programming interface; the same in every language."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from tsunagu.api import description
from tsunagu.api.web import on_the_web
from tsunagu.sharing.audience import Audience, audience

app_name = "api"


class Anything(StringConverter):
    """Whatever stands in an address, slashes and ends of lines included."""

    regex = r"[\s\S]+"


register_converter(Anything, "anything")


def _opened() -> list[URLPattern | URLResolver]:
    """The library's addresses, each for everybody: what needs a key asks for it itself."""
    patterns, _app, _space = description.api.urls
    kept: list[URLPattern | URLResolver] = []
    for one in patterns:
        if isinstance(one, URLPattern) and one.name not in {"api-root"}:
            one.callback = audience(Audience.PUBLIC)(on_the_web(one.callback))
            kept.append(one)
    return kept


urlpatterns = [
    path("", description.contents, name="contents"),
    path("openapi.json", description.openapi, name="description"),
    *_opened(),
    path("<anything:rest>", description.unknown, name="unknown"),
]
