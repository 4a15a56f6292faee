"""The API as a whole: its tables, its keys, its errors, and its own description (OpenAPI 3.1)."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tsunagu.api import reading
from tsunagu.api.problems import MEDIA, Refused, answer_validation, problem
from tsunagu.api.tables.all import TABLES
from tsunagu.api.web import on_the_web, reading_only
from tsunagu.api.writing import activities, cases
from tsunagu.sharing.audience import Audience, audience

ABOUT = """地域DX推進ラボの公開データを読み、自分のラボの活動と事例を書くためのAPIです。

読むのに鍵は要りません。書くには「APIの鍵」のページで作った鍵を `Authorization: Bearer` で送ります。
誤りは RFC 9457 の形で、何を直せばよいかを日本語で返します。"""


class Api(NinjaAPI):
    """The library's, with refusals described as what they are."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(path_prefix=reverse("api:contents"))
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation.get("responses", {}).items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        response["content"] = {MEDIA: content["application/json"]}
        return schema


def make() -> Api:
    """The API with everything it offers."""
    api = Api(
        title="つなぐ API",
        version="1",
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    reading.add_tables(api, TABLES)
    activities.add_activities(api)
    cases.add_cases(api)
    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, answer)
    return api


def _no_key(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(Refused(401, "鍵がないか、使えない鍵です。「APIの鍵」のページで確かめてください。"))


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    # The library says 400 of a body it cannot read.
    unreadable = error.status_code == 400
    return problem(Refused(422, "JSONとして読めません。") if unreadable else Refused(error.status_code))


ANSWERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refused: lambda _request, refusal: problem(refusal),
    ValidationError: answer_validation,
    AuthenticationError: _no_key,
    Http404: lambda _request, _error: problem(Refused(404)),
    HttpError: _broken,
}

api = make()


@cache
def schema() -> dict[str, Any]:
    """The description, made once: it is the same as long as the program runs."""
    return dict(api.get_openapi_schema())


@audience(Audience.PUBLIC)
@reading_only
def contents(request: HttpRequest) -> HttpResponse:
    """What there is to read."""
    return reading.answer(request, reading.contents(request, TABLES))


@audience(Audience.PUBLIC)
@reading_only
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    return reading.answer(request, schema())


@audience(Audience.PUBLIC)
@csrf_exempt
@on_the_web
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else begins like an address of the API."""
    return problem(Refused(404, f"/{rest} というアドレスはありません。/api/v1/ に一覧があります。"))
