"""Open data for people and for machines: the list of tables, a table, its files, the catalogue, feeds, the site map."""

import json
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.api import catalogue, files
from tsunagu.api.addresses import base_of, table_page
from tsunagu.api.addresses import catalogue as catalogue_path
from tsunagu.api.addresses import table_file as file_path
from tsunagu.api.models import TableState
from tsunagu.api.stating import states
from tsunagu.api.tables.all import BY_KEY, TABLES
from tsunagu.api.tables.base import ListRows, Table
from tsunagu.design.as_of import FIRST_DAY, AsOf, asked_day
from tsunagu.engines.opendata import RULES
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import OPEN_DATA, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import PUBLIC

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "schema.json": "application/schema+json",
    "jsonld": "application/ld+json",
}
CATALOGUES = {"jsonld": "application/ld+json", "ttl": "text/turtle; charset=utf-8"}
FEEDS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
FEED_MEDIA = {"atom": "application/atom+xml; charset=utf-8", "rss": "application/rss+xml; charset=utf-8"}
SHOWN = 5


def _language() -> str:
    return "en" if get_language() == "en" else "ja"


def _table(key: str) -> Table:
    if key not in BY_KEY:
        raise Http404("no such table")
    return BY_KEY[key]


def _named(table: Table, state: TableState | None) -> dict[str, Any]:
    """A table in the words of the page's language."""
    english = _language() == "en"
    return {
        "table": table,
        "title": table.title_en if english else table.title,
        "about": table.about_en if english else table.about,
        "licence": table.licence.name_en if english else table.licence.name,
        "state": state,
        "version": catalogue.version_of(state) if state else "",
        "met": len(RULES) - len(state.faults) if state else None,
    }


@audience(Audience.PUBLIC)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Every public table with its licence, size and age, and how programs reach them all."""
    known = states()
    context = {
        "rows": [_named(one, known.get(one.key)) for one in TABLES],
        "rules": len(RULES),
        "catalogues": [(kind, catalogue_path(kind)) for kind in CATALOGUES],
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("公開データ"), None)],
    }
    return render(request, "api/tables.html", context)


@audience(Audience.PUBLIC)
@require_safe
def table(request: HttpRequest, key: str) -> HttpResponse:
    """A table: its columns, its first rows, its files, and how it meets the rules for machines."""
    one, language = _table(key), _language()
    state = states().get(key)
    rows = one.rows_in_japanese(PUBLIC, timezone.localdate())
    named = _named(one, state)
    context = {
        **named,
        "columns": [(each, each.label_in(language)) for each in one.shown],
        "sample": [list(row.values()) for row in one.finished(ListRows(rows.part(0, SHOWN)), language)],
        "total": rows.count(),
        "faulty": {fault["number"]: fault for fault in state.faults} if state else {},
        "rules": RULES,
        "files": [(kind.upper(), media, file_path(key, kind, language)) for kind, media in catalogue.MEDIA.items()],
        "api_address": base_of(request) + reverse(f"api:list-{key}"),
        "crumbs": [
            (_("トップ"), reverse("portal:top")), (_("公開データ"), reverse("data:list")), (named["title"], None),
        ],
    }  # fmt: skip
    return render(request, "api/table.html", context)


def _opened(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Readable from any page, with an ETag; 304 when the asker has it already."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    set_response_etag(response)
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return found if isinstance(found, HttpResponse) else response


def _content(one: Table, kind: str, day: date, base: str) -> bytes:
    language = _language()
    if kind == "jsonld":
        markup = catalogue.as_schema_org(one, states().get(one.key), base, language)
        return json.dumps(markup, ensure_ascii=False, indent=1).encode()
    if kind == "schema.json":
        return json.dumps(files.schema_of(one, language), ensure_ascii=False, indent=1).encode()
    rows = files.rows_of(one, day, language)
    return files.csv_of(one, rows, language) if kind == "csv" else files.json_of(one, rows, day, language)


def _fault(request: HttpRequest, one: Table, as_of: AsOf) -> str:
    """Why there is no such file, for the person who must mend the address; '' where there is."""
    if as_of.error:
        text = _("as_of には、%(first)s から今日までの日を 2024-01-31 のように書いてください。")
        return text % {"first": FIRST_DAY.isoformat()}
    if as_of.is_past and not one.follows_day:
        return _("この表は、今日の記録だけがあります。as_of を付けずに開いてください。")
    if unknown := sorted(set(request.GET) - {"as_of"}):
        return _("「%(name)s」という指定はありません。使えるのは as_of だけです。") % {
            "name": unknown[0][:60]
        }
    return ""


@audience(Audience.PUBLIC)
@require_safe
@limited(OPEN_DATA)
def table_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A table as CSV or JSON, as of any day where it follows one; the schema of the JSON; schema.org's words for it."""
    one = _table(key)
    if kind not in KINDS:
        raise Http404("no such kind of file")
    as_of = asked_day(request)
    if fault := _fault(request, one, as_of):
        refused = HttpResponse(fault, status=400, content_type="text/plain; charset=utf-8")
        refused.headers["Access-Control-Allow-Origin"] = "*"
        return refused
    response = HttpResponse(_content(one, kind, as_of.day, base_of(request)), content_type=KINDS[kind])
    day = f"-{as_of.day.isoformat()}" if as_of.is_past else ""
    response.headers["Content-Disposition"] = f'attachment; filename="{key}{day}.{kind}"'
    response.headers["Link"] = f'<{one.licence.address}>; rel="license"'
    return _opened(response, request)


@audience(Audience.PUBLIC)
@require_safe
@limited(OPEN_DATA)
def whole_catalogue(request: HttpRequest, kind: str) -> HttpResponse:
    """The catalogue of DCAT 3."""
    if kind not in CATALOGUES:
        raise Http404("no such catalogue")
    with override("ja"):
        whole = catalogue.as_jsonld(TABLES, states(), base_of(request))
    text = catalogue.as_turtle(whole) if kind == "ttl" else json.dumps(whole, ensure_ascii=False, indent=1)
    return _opened(HttpResponse(text, content_type=CATALOGUES[kind]), request)


def _packaged(request: HttpRequest, result: Any) -> HttpResponse:
    body = {"help": base_of(request) + reverse("data:list"), "success": True, "result": result}
    return _opened(
        HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json"), request
    )


@audience(Audience.PUBLIC)
@require_safe
@limited(OPEN_DATA)
def package_list(request: HttpRequest) -> HttpResponse:
    """The tables' names, as catalogues that harvest ask for them."""
    return _packaged(request, [one.key for one in TABLES])


@audience(Audience.PUBLIC)
@require_safe
@limited(OPEN_DATA)
def package_show(request: HttpRequest) -> HttpResponse:
    """One table, as catalogues that harvest ask for it."""
    one = BY_KEY.get(request.GET.get("id", ""))
    if one is None:
        body = {"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}
        return HttpResponse(json.dumps(body), content_type="application/json", status=404)
    with override("ja"):
        return _packaged(request, catalogue.as_package(one, states().get(one.key), base_of(request)))


@audience(Audience.PUBLIC)
@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """Which tables changed, the latest first."""
    if kind not in FEEDS:
        raise Http404("no such feed")
    base, language = base_of(request), _language()
    made = FEEDS[kind](
        title=_("公開データの更新"),
        link=base + reverse("data:list"),
        description=_("地域DX推進ラボの公開データのうち、内容が変わった表"),
        feed_url=base + request.path,
        language=language,
        author_name=_("地域DX推進ラボの事務局"),
    )
    for state in sorted(states().values(), key=lambda one: one.changed_at, reverse=True):
        named = _named(BY_KEY[state.key], state) if state.key in BY_KEY else None
        if named is None:
            continue
        link = base + table_page(state.key, language)
        made.add_item(
            title=named["title"], link=link, description=named["about"], unique_id=f"{link}#{named['version']}",
            pubdate=state.changed_at, updateddate=state.changed_at,
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type=FEED_MEDIA[kind])


@audience(Audience.PUBLIC)
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """How programs read and write: every address, its parameters and an example."""
    # Only here: the description of the interface takes 23 MB that no other page needs.
    from tsunagu.api.description import schema

    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    ]
    context = {
        "public": [one for one in operations if one["tags"] == ["公開データ"]],
        "own": [one for one in operations if one["tags"] != ["公開データ"]],
        "root": base_of(request) + reverse("api:contents"),
        "has_lab": bool(viewer_of(request).office_lab_ids),
        "crumbs": [
            (_("トップ"), reverse("portal:top")), (_("公開データ"), reverse("data:list")), (_("APIの使い方"), None),
        ],
    }  # fmt: skip
    return render(request, "api/reference.html", context)
