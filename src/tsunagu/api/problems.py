"""What a program is told when something is wrong: RFC 9457 problem details, in plain Japanese."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Schema
from ninja.errors import ValidationError
from pydantic import Field

MEDIA = "application/problem+json"
TITLES = {
    400: "指定に誤りがあります",
    401: "鍵が要ります",
    403: "この鍵ではできません",
    404: "見つかりません",
    405: "この方法では使えません",
    409: "ほかの人が先に直しました",
    413: "大きすぎます",
    422: "内容に誤りがあります",
    429: "しばらく待ってください",
}


class Fault(Schema):
    """One thing to mend."""

    row: int | None = Field(None, description="何件目か（1から）。1件だけのときは無し")
    field: str = Field(description="どの項目か")
    what: str = Field(description="何を直せばよいか")


class Problem(Schema):
    """What is wrong and how to mend it (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[Fault] = []


class Refused(Exception):
    """The request cannot be answered; becomes a problem."""

    def __init__(
        self, status: int, detail: str = "", errors: Sequence[Fault] = (), wait: int = 0, title: str = ""
    ) -> None:
        super().__init__(detail)
        self.title = title or TITLES.get(status, "処理できませんでした")
        self.status, self.detail, self.errors, self.wait = status, detail, list(errors), wait


def problem(refused: Refused) -> JsonResponse:
    """The answer for a refusal."""
    body = Problem(
        title=refused.title,
        status=refused.status,
        detail=refused.detail,
        errors=refused.errors,
    )
    answer = JsonResponse(
        body.model_dump(),
        status=refused.status,
        content_type=MEDIA,
        json_dumps_params={"ensure_ascii": False},
    )
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if refused.wait:
        answer.headers["Retry-After"] = str(refused.wait)
    return answer


def check_known(request: HttpRequest, known: frozenset[str]) -> None:
    """A misspelt filter must not look like one that found everything, nor a misspelt `dry_run` do something. Raises `Refused`."""
    unknown = sorted(set(request.GET) - known)
    if unknown:
        what = f"使えるのは {'、'.join(sorted(known))} です。" if known else "何も指定できません。"
        faults = [Fault(row=None, field=name[:60], what=what) for name in unknown]
        raise Refused(400, "使えない指定があります。", faults)


WORDS = {
    "missing": "必要な項目がありません。",
    "extra_forbidden": "この項目はありません。名前を確かめてください。",
    "string_type": "文字で書いてください。",
    "string_too_long": "長すぎます。{max_length}文字までにしてください。",
    "string_too_short": "書かれていません。",
    "int_type": "整数で書いてください。",
    "int_parsing": "整数で書いてください。",
    "int_from_float": "整数で書いてください。",
    "greater_than_equal": "{ge:,.0f} 以上にしてください。",
    "less_than_equal": "{le:,.0f} 以下にしてください。",
    "greater_than": "{gt:,.0f} より大きくしてください。",
    "less_than": "{lt:,.0f} より小さくしてください。",
    "literal_error": "使えるのは {expected} です。",
    "bool_parsing": "true か false で書いてください。",
    "bool_type": "true か false で書いてください。",
    "list_type": "並び（[ ] で囲む）にしてください。",
    "too_long": "多すぎます。{max_length}件までにしてください。",
    "too_short": "1件以上にしてください。",
    "date_from_datetime_parsing": "日付は 2024-01-31 のように書いてください。",
    "date_parsing": "日付は 2024-01-31 のように書いてください。",
    "date_type": "日付は 2024-01-31 のように書いてください。",
    "json_invalid": "JSONとして読めません。",
}


def faults_of(error: ValidationError) -> list[Fault]:
    """What did not fit the description, one by one."""
    return [_fault(one) for one in error.errors]


def _fault(one: dict[str, Any]) -> Fault:
    place = [
        part
        for part in one.get("loc", ())
        if part not in {"query", "body", "path", "header", "payload", "activities"}
    ]
    rows = [part for part in place if isinstance(part, int)]
    words = WORDS.get(str(one.get("type", "")), "値の形が違います。APIの説明にある形で書いてください。")
    context: dict[str, Any] = one.get("ctx") or {}
    try:
        what = words.format(**context).replace(" or ", "、")
    except (KeyError, IndexError):
        what = words
    names = ".".join(str(part) for part in place if not isinstance(part, int))
    return Fault(row=rows[0] + 1 if rows else None, field=names, what=what)


def answer_validation(request: HttpRequest, error: ValidationError) -> JsonResponse:
    """What a request that does not fit the description is told; a wrong address part or query is 400, a body 422."""
    del request
    in_body = any("body" in one.get("loc", ()) for one in error.errors)
    return problem(Refused(422 if in_body else 400, "次のところを直してください。", faults_of(error)))
