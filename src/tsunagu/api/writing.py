"""The write API: a lab's own activities and cases, through the same forms and services as the pages."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from ninja import Header, NinjaAPI, Path, Query, Status

from tsunagu.activities import selectors as log
from tsunagu.activities.forms import ActivityForm
from tsunagu.activities.models import Activity, ActivityKind
from tsunagu.activities.rules import NotLogged
from tsunagu.activities.services import remove_activity
from tsunagu.api.addresses import absolute
from tsunagu.api.models import Scope
from tsunagu.api.opening import KeyInHeader, acting_by, opened
from tsunagu.api.own_schemas import (
    ActivitiesIn,
    ActivityChange,
    ActivityIn,
    ActivityOut,
    CaseChange,
    CaseIn,
    CaseKept,
    CaseOut,
    CompanyIn,
    OwnActivities,
    OwnCases,
    Recorded,
    ResultIn,
)
from tsunagu.api.problems import Fault, Problem, Refused
from tsunagu.api.services.answering import Answer, OtherContent, answered_once, content_digest
from tsunagu.api.services.keys import Opened
from tsunagu.cases import selectors as library
from tsunagu.cases.forms import CaseForm
from tsunagu.cases.models import Case, CaseField, CaseResult, CaseState, Industry
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import writing
from tsunagu.registry.models import Lab, Policy
from tsunagu.registry.services import EditConflict

REFUSALS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 429: Problem}
OF_ONE: dict[int, Any] = {**REFUSALS, 404: Problem}
WRITING: dict[int, Any] = {**REFUSALS, 409: Problem, 422: Problem}
GONE_ON = "読んだあとで変わりました。読み直して、版（version）を合わせてください。"
LARGEST = 2**31 - 1


def _pks(model: Any, field: str, values: list[str], where: str, row: int | None) -> list[int]:
    """The records of these codes. Raises `Refused` with every code that is not known."""
    known = dict(model.objects.filter(**{f"{field}__in": values}).values_list(field, "pk"))
    faults = [
        Fault(row=row, field=where, what=f"「{one}」は登録されていません。")
        for one in values
        if one not in known
    ]
    if faults:
        raise Refused(422, "次のところを直してください。", faults)
    return [known[one] for one in values]


def _faults(form: "ModelForm[Any]", row: int | None) -> list[Fault]:
    return [
        Fault(row=row, field="" if name == "__all__" else name, what=str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


def shown_activity(one: Activity) -> dict[str, Any]:
    """An activity as its lab reads it."""
    return ActivityOut(
        id=one.pk,
        version=one.version,
        kind=one.kind.code,
        title=one.title,
        started_on=one.started_on.isoformat(),
        ended_on=one.ended_on.isoformat() if one.ended_on else None,
        people=one.people,
        companies=[
            CompanyIn(name=each.name, corporate_number=each.corporate_number) for each in one.companies.all()
        ],
        policies=sorted(each.code for each in one.policies.all()),
        summary=one.summary,
        evidence_link=one.evidence_link,
        audience=one.audience,
    ).model_dump(mode="json")


def keep_activity(
    given: ActivityIn, activity: Activity, found: Opened, *, row: int | None = None
) -> Activity:
    """Store what was sent as the form would. Raises `Refused` with all that is wrong, `EditConflict`."""
    data = given.model_dump()
    data |= {
        "kind": _pks(ActivityKind, "code", [given.kind], "kind", row)[0],
        "labs": _pks(Lab, "slug", given.labs, "labs", row),
        "policies": _pks(Policy, "code", given.policies, "policies", row),
        "companies": "\n".join(f"{one.name} {one.corporate_number}".strip() for one in given.companies),
        "others": "\n".join(given.others),
        "audience": given.audience or "",
        "people": "" if given.people is None else given.people,
    }
    form = ActivityForm(data, instance=activity, viewer=found.viewer)
    if not form.is_valid():
        raise Refused(422, "次のところを直してください。", _faults(form, row))
    form.save(commit=False)
    try:
        return form.store(activity, by=found.viewer, seen=getattr(given, "version", None))
    except NotLogged as problem:
        raise Refused(422, str(problem), [Fault(row=row, field="", what=str(problem))]) from problem


def _record_all(given: list[ActivityIn], found: Opened) -> list[Activity]:
    """All of them or none, with the faults of all. Raises `Refused`."""
    made, faults = [], []
    for row, one in enumerate(given, 1):
        try:
            # Its own savepoint: a fault of the database's must not hide those of the rows after it.
            with transaction.atomic():
                made.append(keep_activity(one, Activity(lab=found.key.lab), found, row=row))
        except Refused as refusal:
            faults += refusal.errors
    if faults:
        raise Refused(422, "1件も記録していません。次のところを直して、もう一度送ってください。", faults)
    return made


def _done(
    request: HttpRequest,
    found: Opened,
    work: Callable[[], Any],
    *,
    status: int,
    once: str,
    dry_run: bool,
    given: Any,
) -> JsonResponse:
    """Do it once, as the key's person, and answer in JSON. Raises `Refused`."""
    digest = content_digest(request.method, request.path, given)
    try:
        with acting_by(found, request):
            answer = answered_once(
                lambda: Answer(status, work()), key=found.key, once=once, digest=digest, dry_run=dry_run
            )
    except OtherContent:
        raise Refused(
            422, "この Idempotency-Key は、別の内容で使われています。新しい文字列にしてください。"
        ) from None
    except EditConflict:
        raise Refused(409, GONE_ON) from None
    return JsonResponse(answer.body, status=answer.status, json_dumps_params={"ensure_ascii": False})


ONCE = Header("", alias="Idempotency-Key", max_length=200, description="同じ文字列で2度送っても、1度だけ行う")
DRY = Query(False, description="true なら、確かめるだけで何も残さない")
LIMIT = Query(50, ge=1, le=200)
OFFSET = Query(0, ge=0, le=1_000_000)


def add_activities(api: NinjaAPI) -> None:
    """The log of the key's lab."""
    auth, tags = KeyInHeader(), ["自分のラボの活動"]

    def mine(found: Opened) -> Any:
        return log.tended_activities(found.viewer).filter(lab=found.key.lab)

    def one_of(found: Opened, number: int) -> Activity:
        one: Activity | None = mine(found).filter(pk=number).first()
        if one is None:
            raise Refused(404, "この番号の活動は、このラボの記録にありません。")
        return one

    @api.get(
        "/own/activities",
        auth=auth,
        tags=tags,
        response={200: OwnActivities, **REFUSALS},
        operation_id="own-activities",
    )
    def own_activities(request: HttpRequest, limit: int = LIMIT, offset: int = OFFSET) -> Any:
        """自分のラボの活動の記録"""
        found = opened(request, Scope.READ)
        rows = mine(found).prefetch_related("companies", "policies")
        items = [shown_activity(one) for one in rows[offset : offset + limit]]
        return JsonResponse(
            {"total": rows.count(), "items": items}, json_dumps_params={"ensure_ascii": False}
        )

    @api.post(
        "/own/activities",
        auth=auth,
        tags=tags,
        response={201: Recorded, 200: Recorded, **WRITING},
        operation_id="record-activities",
    )
    def record_activities(
        request: HttpRequest, payload: ActivitiesIn, dry_run: bool = DRY, idempotency_key: str = ONCE
    ) -> Any:
        """活動を記録する（500件まで。1件でも誤りがあれば、1件も記録しない）"""
        found = opened(request, Scope.ACTIVITIES)

        def work() -> Any:
            made = _record_all(payload.activities, found)
            return {"dry_run": dry_run, "activities": [shown_activity(one) for one in made]}

        return _done(
            request, found, work, status=200 if dry_run else 201, once=idempotency_key, dry_run=dry_run,
            given=payload.model_dump(mode="json"),
        )  # fmt: skip

    @api.get(
        "/own/activities/{number}",
        auth=auth,
        tags=tags,
        response={200: ActivityOut, **OF_ONE},
        operation_id="own-activity",
    )
    def own_activity(request: HttpRequest, number: int = Path(..., ge=1, le=LARGEST)) -> Any:
        """自分のラボの活動（1件）"""
        one = one_of(opened(request, Scope.READ), number)
        return JsonResponse(shown_activity(one), json_dumps_params={"ensure_ascii": False})

    @api.put(
        "/own/activities/{number}",
        auth=auth,
        tags=tags,
        response={200: Recorded, 404: Problem, **WRITING},
        operation_id="change-activity",
    )
    def change_activity(
        request: HttpRequest, payload: ActivityChange, number: int = Path(..., ge=1, le=LARGEST),
        dry_run: bool = DRY, idempotency_key: str = ONCE,
    ) -> Any:  # fmt: skip
        """活動を直す（全部の項目を送る）"""
        found = opened(request, Scope.ACTIVITIES)
        one = one_of(found, number)

        def work() -> Any:
            kept = keep_activity(payload, one, found)
            return {"dry_run": dry_run, "activities": [shown_activity(kept)]}

        return _done(
            request, found, work, status=200, once=idempotency_key, dry_run=dry_run,
            given=payload.model_dump(mode="json"),
        )  # fmt: skip

    @api.delete(
        "/own/activities/{number}",
        auth=auth,
        tags=tags,
        response={204: None, **OF_ONE},
        operation_id="remove-activity",
    )
    def remove(request: HttpRequest, number: int = Path(..., ge=1, le=LARGEST)) -> Any:
        """活動を消す（消したことは履歴に残る）"""
        found = opened(request, Scope.ACTIVITIES)
        one = one_of(found, number)
        with acting_by(found, request):
            remove_activity(one)
        return Status(204, None)


def shown_case(one: Case) -> dict[str, Any]:
    """A case as its lab reads it."""
    return CaseOut(
        id=one.number,
        version=one.version,
        state=one.state,
        title=one.title,
        summary=one.summary,
        problem=one.problem,
        approach=one.approach,
        outcome=one.outcome,
        failed=one.failed,
        missing=[text for _field, text in library.problems(one)],
        url=absolute(reverse("cases:desk", args=[one.number])),
    ).model_dump(mode="json")


def _result(given: ResultIn) -> CaseResult:
    """A result with numbers to two places, as they are stored."""
    before = None if given.before is None else _two_places(given.before)
    return CaseResult(measure=given.measure, before=before, after=_two_places(given.after), unit=given.unit)


def _two_places(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.01"))


def keep_case(given: CaseIn, case: Case, found: Opened) -> Case:
    """Store what was sent as the form would. Raises `Refused` with all that is wrong, `EditConflict`."""
    data = given.model_dump(exclude={"results", "technologies", "prefecture_code"})
    data |= {
        "industry": _pks(Industry, "code", [given.industry], "industry", None)[0] if given.industry else "",
        "field": _pks(CaseField, "code", [given.field], "field", None)[0] if given.field else "",
        "policies": _pks(Policy, "code", given.policies, "policies", None),
        "prefecture": given.prefecture_code or case.prefecture_id or "",
        "technology_lines": "、".join(given.technologies),
        "result_lines": "",
        "months": "" if given.months is None else given.months,
        "version": getattr(given, "version", case.version),
    }
    form = CaseForm(data, instance=case)
    if not form.is_valid():
        raise Refused(422, "次のところを直してください。", _faults(form, None))
    try:
        return writing.keep_case(
            form.filled(), inner=form.inner, results=[_result(one) for one in given.results],
            policies=list(form.cleaned_data["policies"]), by=found.viewer, seen=form.cleaned_data["version"],
        )  # fmt: skip
    except NotAllowed as refusal:
        raise Refused(409, str(refusal)) from refusal


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
        rows = mine(opened(request, Scope.READ)).order_by("number")
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
        found = opened(request, Scope.CASES)

        def work() -> Any:
            kept = keep_case(payload, writing.start_case(lab=found.key.lab), found)
            return {"dry_run": dry_run, "case": shown_case(kept)}

        return _done(
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
        found = opened(request, Scope.CASES)
        one = one_of(found, number)

        def work() -> Any:
            return {"dry_run": dry_run, "case": shown_case(keep_case(payload, one, found))}

        return _done(
            request, found, work, status=200, once=idempotency_key, dry_run=dry_run,
            given=payload.model_dump(mode="json"),
        )  # fmt: skip
