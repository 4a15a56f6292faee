"""The read API: every public table, a page at a time or one record by its number, as of any day."""

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.http import urlencode
from ninja import NinjaAPI, Path, Query, Schema
from pydantic import Field, create_model

from tsunagu.api.addresses import base_of
from tsunagu.api.files import type_of
from tsunagu.api.problems import Fault, Problem, Refused, check_known
from tsunagu.api.tables.base import Column, Kind, ListRows, Rows, Table, reads
from tsunagu.design.as_of import FIRST_DAY
from tsunagu.sharing.client import client_of
from tsunagu.sharing.limits import API_READ, seconds_to_wait
from tsunagu.sharing.viewer import PUBLIC

MOST = 200
FURTHEST = 1_000_000
NO_NUL = r"^[^\x00]*$"
Language = Literal["ja", "en"]
PYTHON: dict[Kind, Any] = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: bool}
REFUSALS: dict[int, Any] = {400: Problem, 404: Problem, 429: Problem}


class Licence(Schema):
    """Under which terms the data may be used."""

    id: str
    url: str


def _camel(key: str) -> str:
    return "".join(part.capitalize() for part in key.replace("_", "-").split("-"))


def item_model(table: Table) -> type[Schema]:
    """A row of a table as the description shows it."""
    fields: dict[str, Any] = {}
    for one in table.shown:
        kind = PYTHON.get(one.kind, str)
        extra = {name: value for name, value in type_of(one).items() if name in {"format", "pattern", "enum"}}
        more = Field(..., title=one.label, description=one.label_en, json_schema_extra=extra or None)
        fields[one.key] = (kind if one.key == "id" else kind | None, more)
    return create_model(_camel(table.key), __base__=Schema, **fields)


def page_model(table: Table, item: type[Schema]) -> type[Schema]:
    """A page of a table."""
    return create_model(
        f"{_camel(table.key)}Page",
        __base__=Schema,
        total=(int, Field(..., description="条件に合う件数")),
        limit=(int, ...),
        offset=(int, ...),
        as_of=(date, Field(..., description="どの日の記録か")),
        language=(Language, ...),
        licence=(Licence, ...),
        fields=(dict[str, str], Field(..., description="項目の見出し")),
        next=(str | None, Field(..., description="次のページ")),
        items=(list[item], ...),  # type: ignore[valid-type]
    )


def asked_for(table: Table, as_of: date | None) -> date:
    """The day asked for, today without one. Raises `Refused`."""
    today = timezone.localdate()
    if as_of is None:
        return today
    if not FIRST_DAY <= as_of <= today:
        what = f"{FIRST_DAY.isoformat()} から今日までの日にしてください。"
        raise Refused(404, "その日の記録はありません。", [Fault(row=None, field="as_of", what=what)])
    return as_of


def check_pace(request: HttpRequest) -> None:
    """Raises `Refused` when a client asks too often."""
    if settings.TSUNAGU_LIMITS and (wait := seconds_to_wait(API_READ, client_of(request))):
        raise Refused(429, f"{wait}秒待ってから、続けてください。", wait=wait)


def answer(
    request: HttpRequest, body: Mapping[str, Any], links: Mapping[str, str] | None = None
) -> HttpResponse:
    """JSON that any page may read, with an ETag; 304 when the program has it already."""
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type="application/json"
    )
    set_response_etag(response)
    if links:
        response.headers["Link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links.items())
    patch_vary_headers(response, ["Accept-Encoding"])
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return found if isinstance(found, HttpResponse) else response


def _links(request: HttpRequest, total: int, limit: int, offset: int) -> dict[str, str]:
    """The pages around this one (RFC 8288)."""
    pages: dict[str, int] = {"first": 0, "last": max(0, (total - 1) // limit * limit)}
    if offset > 0:
        pages["prev"] = max(0, offset - limit)
    if offset + limit < total:
        pages["next"] = offset + limit
    given: dict[str, str] = {name: str(request.GET[name]) for name in request.GET if name != "offset"}
    here = base_of(request) + request.path
    return {rel: f"{here}?{urlencode({**given, 'offset': str(at)})}" for rel, at in pages.items()}


def _narrowed(table: Table, rows: Rows, wanted: Schema | None) -> Rows:
    given = [(one, getattr(wanted, one.key, None)) for one in table.filters]
    return rows.narrowed([(one, reads(value)) for one, value in given if value is not None])


def parameters_of(table: Table) -> frozenset[str]:
    """What may stand in the address of a list."""
    own = {"limit", "offset", "lang", *(one.key for one in table.filters)}
    return frozenset(own | ({"as_of"} if table.follows_day else set()))


def _filter_model(table: Table) -> type[Schema]:
    fields: dict[str, Any] = {}
    for one in table.filters:
        known = [str(code) for code, _label in one.choices]
        kind: Any = Literal[tuple(known)] if known else PYTHON.get(one.kind, str)
        limits: dict[str, Any] = {"max_length": 100, "pattern": NO_NUL} if kind is str else {}
        fields[one.key] = (kind | None, Field(None, title=one.label, description=one.label_en, **limits))
    if table.follows_day:
        fields["as_of"] = (date | None, Field(None, description="この日の記録（例: 2024-01-31）"))
    return create_model(f"{_camel(table.key)}Query", __base__=Schema, **fields)


def list_view(table: Table) -> Callable[..., HttpResponse]:
    """The list of a table."""
    known, model = parameters_of(table), _filter_model(table)

    def view(
        request: HttpRequest,
        filters: Any = None,
        limit: int = Query(50, ge=1, le=MOST, description="1ページの件数"),
        offset: int = Query(0, ge=0, le=FURTHEST, description="何件目から"),
        lang: Language = "ja",
    ) -> HttpResponse:
        check_pace(request)
        check_known(request, known)
        day = asked_for(table, getattr(filters, "as_of", None))
        rows = _narrowed(table, table.rows_in_japanese(PUBLIC, day), filters)
        total = rows.count()
        links = _links(request, total, limit, offset)
        body = {
            "total": total,
            "limit": limit,
            "offset": offset,
            "as_of": day.isoformat(),
            "language": lang,
            "licence": {"id": table.licence.key, "url": table.licence.address},
            "fields": {one.key: one.label_in(lang) for one in table.shown},
            "next": links.get("next"),
            "items": list(table.finished(ListRows(rows.part(offset, limit)), lang)),
        }
        return answer(request, body, links)

    if model.model_fields:
        _describe(view, "filters", Annotated[model, Query()])
    else:
        _leave_out(view, "filters")
    view.__name__ = f"list_{table.key.replace('-', '_')}"
    return view


def record_view(table: Table) -> Callable[..., HttpResponse]:
    """One record of a table by its number."""
    known = frozenset({"lang", "as_of"} if table.follows_day else {"lang"})
    by_number = next((one for one in table.filters if one.key == "id"), None)

    def view(
        request: HttpRequest,
        number: str = Path(..., max_length=120, description="番号"),
        lang: Language = "ja",
        as_of: date | None = None,
    ) -> HttpResponse:
        check_pace(request)
        check_known(request, known)
        found = _one(table, by_number, number, asked_for(table, as_of))
        return answer(request, next(table.finished([found], lang)))

    if not table.follows_day:
        _leave_out(view, "as_of")
    view.__name__ = f"get_{table.key.replace('-', '_')}"
    return view


def _describe(view: Callable[..., Any], name: str, kind: Any) -> None:
    """Say what a parameter of a view is that is made for each table."""
    known = inspect.signature(view)
    view.__annotations__[name] = kind
    view.__signature__ = known.replace(  # type: ignore[attr-defined]
        parameters=[
            one.replace(annotation=kind, default=inspect.Parameter.empty, kind=inspect.Parameter.KEYWORD_ONLY)
            if key == name
            else one.replace(kind=inspect.Parameter.KEYWORD_ONLY if key != "request" else one.kind)
            for key, one in known.parameters.items()
        ]
    )


def _leave_out(view: Callable[..., Any], name: str) -> None:
    """A parameter that this table's view does not have."""
    known = inspect.signature(view)
    kept = [one for key, one in known.parameters.items() if key != name]
    view.__signature__ = known.replace(parameters=kept)  # type: ignore[attr-defined]


def _one(table: Table, by_number: Column | None, number: str, day: date) -> dict[str, Any]:
    rows = table.rows_in_japanese(PUBLIC, day)
    if by_number is not None:
        rows = rows.narrowed([(by_number, number)])
    found = next((row for row in rows if row["id"] == number), None)
    if found is None:
        raise Refused(404, f"「{table.title}」に、この番号のものはありません。")
    return found


def add_tables(api: NinjaAPI, tables: tuple[Table, ...]) -> None:
    """Two addresses for each table."""
    for table in tables:
        item = item_model(table)
        page = page_model(table, item)
        api.get(
            f"/{table.key}", response={200: page, **REFUSALS}, summary=table.title, description=table.about,
            operation_id=f"list-{table.key}", tags=["公開データ"], url_name=f"list-{table.key}",
        )(list_view(table))  # fmt: skip
        api.get(
            f"/{table.key}/{{path:number}}", response={200: item, **REFUSALS}, summary=f"{table.title}（1件）",
            operation_id=f"get-{table.key}", tags=["公開データ"], url_name=f"get-{table.key}",
        )(record_view(table))  # fmt: skip


def contents(request: HttpRequest, tables: tuple[Table, ...]) -> dict[str, Any]:
    """What there is to read, for `/api/v1/`."""
    base = base_of(request)
    return {
        "tables": [
            {
                "id": one.key,
                "title": one.title,
                "title_en": one.title_en,
                "url": base + reverse(f"api:list-{one.key}"),
                "follows_day": one.follows_day,
                "licence": {"id": one.licence.key, "url": one.licence.address},
            }
            for one in tables
        ],
        "description": base + reverse("api:description"),
    }
