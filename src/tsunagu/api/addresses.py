"""Addresses of tables that stay for good."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override


def absolute(path: str) -> str:
    """The whole address of a path as files hold it: from the settings, so that a file reads the same for everybody.

    On one's own machine, which has no address of its own, the path alone.
    """
    return f"{settings.TSUNAGU_BASE_URL}{path}"


def base_of(request: HttpRequest) -> str:
    """What stands before every path in a catalogue: the settings' address, on one's own machine the request's."""
    return settings.TSUNAGU_BASE_URL or request.build_absolute_uri("/")[:-1]


def table_page(key: str, language: str) -> str:
    """The path of a table's page."""
    with override(language):
        return reverse("data:table", args=[key])


def table_file(key: str, kind: str, language: str) -> str:
    """The path of a table's file: `csv`, `json` or `schema.json`."""
    with override(language):
        return reverse("data:file", args=[key, kind])


def catalogue(kind: str) -> str:
    """The path of the catalogue for machines."""
    with override("ja"):
        return reverse("data:catalogue", args=[kind])
