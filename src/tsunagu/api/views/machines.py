"""What crawlers ask for first."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from tsunagu.api.addresses import base_of
from tsunagu.api.tables.all import TABLES
from tsunagu.cases.selectors import public_cases
from tsunagu.registry import selectors
from tsunagu.selection.selectors import public_calls
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.viewer import PUBLIC
from tsunagu.surveys.selectors import public_waves

PAGES = (
    "portal:top", "portal:labs", "portal:bureaus", "portal:rounds", "portal:about", "portal:policies", "portal:sources",
    "portal:accessibility", "operations:trust", "calls:list", "case_pages:list", "experts:list", "co_lead:list", "figures:list", "figures:charts",
    "statistics:table", "reports:reports", "gallery:gallery", "survey_results:list", "data:list", "data:reference",
)  # fmt: skip
LANGUAGES = ("ja", "en")


def _places() -> Iterator[tuple[str, list[str]]]:
    """The names of public pages with what their addresses need."""
    for name in PAGES:
        yield name, []
    for slug in _slugs():
        yield "portal:lab", [slug]
        yield "portal:lab_activities", [slug]
    for bureau in selectors.bureaus(PUBLIC):
        yield "portal:bureau", [bureau.code]
    for one in selectors.rounds(PUBLIC):
        yield "portal:round", [one.key]
    for number in public_cases().order_by("number").values_list("number", flat=True):
        yield "case_pages:case", [number]
    for key in public_calls().order_by("key").values_list("key", flat=True):
        yield "calls:call", [key]
    for pk in public_waves().order_by("pk").values_list("pk", flat=True):
        yield "survey_results:wave", [str(pk)]
    for table in TABLES:
        yield "data:table", [table.key]


def _slugs() -> list[str]:
    return [lab.slug for lab in selectors.book(PUBLIC).labs]


@audience(Audience.PUBLIC)
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page in both languages (sitemaps.org), each naming its twin."""
    base = base_of(request)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for name, parts in _places():
        addresses = {}
        for language in LANGUAGES:
            with override(language):
                addresses[language] = escape(base + reverse(name, args=parts))
        twins = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
            for language, address in addresses.items()
        )
        lines += [f"<url><loc>{address}</loc>{twins}</url>" for address in addresses.values()]
    lines.append("</urlset>")
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")


@audience(Audience.PUBLIC)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers need not go, and where the site map is."""
    closed = ("/office/", "/answers/", "/account/", "/sign-in/", "/search/", "/en/search/")
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        f"Sitemap: {base_of(request)}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
