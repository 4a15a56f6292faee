"""The cases of the key's lab."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Path

from tsunagu.api.addresses import absolute
from tsunagu.api.models import Scope
from tsunagu.api.opening import KeyInHeader, opened
from tsunagu.api.own_schemas import (
    CaseChange,
    CaseIn,
    CaseKept,
    CaseOut,
    OwnCases,
    ResultIn,
)
from tsunagu.api.problems import Problem, Refused
from tsunagu.api.services.keys import Opened
from tsunagu.api.writing.common import (
    DRY,
    LIMIT,
    OF_A_LIST,
    OF_ONE,
    OFFSET,
    ONCE,
    REFUSALS,
    WHEN_WRITING,
    WRITING,
    Codes,
    done,
)
from tsunagu.cases import selectors as library
from tsunagu.cases.forms import CaseForm
from tsunagu.cases.models import RESULT_PLACES, Case, CaseField, CaseResult, CaseState, Industry
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import writing
from tsunagu.registry.models import Policy

AS_IT_IS = (
    "title", "about", "company", "summary", "problem", "approach", "technologies", "cost", "months", "staff", "outcome",
    "failed", "conditions", "stage", "stopped_why", "source",
)  # fmt: skip


def shown_case(one: Case) -> dict[str, Any]:
    """A case as its lab reads it."""
    return CaseOut(
        id=one.number,
        version=one.version,
        state=one.state,
        **{name: getattr(one, name) for name in AS_IT_IS},
        prefecture_code=one.prefecture_id or "",
        industry=one.industry.code if one.industry else "",
        field=one.field.code if one.field else "",
        began_on=one.began_on.iso if one.began_on else "",
        results=[
            ResultIn(
                measure=each.measure, before=_float(each.before), after=float(each.after), unit=each.unit
            )
            for each in one.results.all()
        ],
        policies=sorted(each.code for each in one.policies.all()),
        frankly=one.inner.frankly,
        contact=one.inner.contact,
        missing=[text for _field, text in library.problems(one)],
        url=absolute(reverse("cases:desk", args=[one.number])),
    ).model_dump(mode="json")


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _result(given: ResultIn) -> CaseResult:
    """A result with numbers as exact as they are stored."""
    before = None if given.before is None else _as_stored(given.before)
    return CaseResult(measure=given.measure, before=before, after=_as_stored(given.after), unit=given.unit)


def _as_stored(value: float) -> Decimal:
    return round(Decimal(repr(value)), RESULT_PLACES)


def keep_case(given: CaseIn, case: Case, found: Opened) -> Case:
    """Store what was sent as the form would. Raises `Refused` with all that is wrong, `EditConflict`."""
    data, codes = given.model_dump(exclude={"results", "technologies", "prefecture_code"}), Codes(None)
    data |= {
        "industry": codes.pk(Industry, "code", given.industry, "industry"),
        "field": codes.pk(CaseField, "code", given.field, "field"),
        "policies": codes.pks(Policy, "code", given.policies, "policies"),
        "prefecture": given.prefecture_code or case.prefecture_id or "",
        "technology_lines": "、".join(given.technologies),
        "result_lines": "",
        "months": "" if given.months is None else given.months,
        "version": getattr(given, "version", case.version),
    }
    form = CaseForm(data, instance=case)
    codes.check(form)
    try:
        return writing.keep_case(
            form.filled(), inner=form.inner, results=[_result(one) for one in given.results],
            policies=list(form.cleaned_data["policies"]), by=found.viewer, seen=form.cleaned_data["version"],
        )  # fmt: skip
    except NotAllowed as refusal:
        raise Refused(409, str(refusal), title="いまは直せません") from refusal


def add_cases(api: NinjaAPI) -> None:
    """The cases of the key's lab: drafts are written here, handing them to the editor stays with a person."""
    auth, tags = KeyInHeader(), ["自分のラボの事例"]

    def mine(found: Opened) -> Any:
        return library.tended_cases(found.viewer).filter(lab=found.key.lab).exclude(state=CaseState.WITHDRAWN)

    def one_of(found: Opened, number: str) -> Case:
        one: Case | None = mine(found).filter(number=number).first()
        if one is None:
            raise Refused(404, "この番号の事例は、このラボにありません。")
        return one

    @api.get(
        "/own/cases", auth=auth, tags=tags, response={200: OwnCases, **REFUSALS}, operation_id="own-cases"
    )
    def own_cases(request: HttpRequest, limit: int = LIMIT, offset: int = OFFSET) -> Any:
        """自分のラボの事例（下書きを含む）"""
        rows = mine(opened(request, Scope.READ, OF_A_LIST)).order_by("number")
        rows = rows.select_related("inner").prefetch_related("results", "policies")
        items = [shown_case(one) for one in rows[offset : offset + limit]]
        return JsonResponse(
            {"total": rows.count(), "items": items}, json_dumps_params={"ensure_ascii": False}
        )

    @api.post(
        "/own/cases",
        auth=auth,
        tags=tags,
        response={201: CaseKept, 200: CaseKept, **WRITING},
        operation_id="write-case",
    )
    def write_case(
        request: HttpRequest, payload: CaseIn, dry_run: bool = DRY, idempotency_key: str = ONCE
    ) -> Any:
        """事例の下書きを作る（編集者に渡すのは、人がページで行う）"""
        found = opened(request, Scope.CASES, WHEN_WRITING)

        def work() -> Any:
            kept = keep_case(payload, writing.start_case(lab=found.key.lab), found)
            return {"dry_run": dry_run, "case": shown_case(kept)}

        return done(
            request, found, work, status=200 if dry_run else 201, once=idempotency_key, dry_run=dry_run,
            given=payload.model_dump(mode="json"),
        )  # fmt: skip

    @api.get(
        "/own/cases/{number}",
        auth=auth,
        tags=tags,
        response={200: CaseOut, **OF_ONE},
        operation_id="own-case",
    )
    def own_case(
        request: HttpRequest, number: str = Path(..., max_length=20, pattern="^[-A-Za-z0-9_]+$")
    ) -> Any:
        """自分のラボの事例（1件）"""
        one = one_of(opened(request, Scope.READ), number)
        return JsonResponse(shown_case(one), json_dumps_params={"ensure_ascii": False})

    @api.put(
        "/own/cases/{number}",
        auth=auth,
        tags=tags,
        response={200: CaseKept, 404: Problem, **WRITING},
        operation_id="change-case",
    )
    def change_case(
        request: HttpRequest, payload: CaseChange, number: str = Path(..., max_length=20, pattern="^[-A-Za-z0-9_]+$"),
        dry_run: bool = DRY, idempotency_key: str = ONCE,
    ) -> Any:  # fmt: skip
        """事例の下書きを直す（全部の項目を送る）"""
        found = opened(request, Scope.CASES, WHEN_WRITING)
        one = one_of(found, number)

        def work() -> Any:
            return {"dry_run": dry_run, "case": shown_case(keep_case(payload, one, found))}

        return done(
            request, found, work, status=200, once=idempotency_key, dry_run=dry_run,
            given=payload.model_dump(mode="json"),
        )  # fmt: skip
