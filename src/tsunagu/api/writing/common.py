"""What both kinds of records share on their way in: codes, faults, headers, and doing a thing once."""

from collections.abc import Callable
from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, JsonResponse
from ninja import Header, Query

from tsunagu.api.opening import acting_by
from tsunagu.api.problems import Fault, Problem, Refused
from tsunagu.api.services.answering import Answer, OtherContent, answered_once, content_digest
from tsunagu.api.services.keys import Opened
from tsunagu.registry.services import EditConflict

REFUSALS: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 429: Problem}
OF_ONE: dict[int, Any] = {**REFUSALS, 404: Problem}
WRITING: dict[int, Any] = {**REFUSALS, 409: Problem, 422: Problem}
GONE_ON = "読んだあとで変わりました。読み直して、版（version）を合わせてください。"
LARGEST = 2**31 - 1
# What may stand in the address.
OF_A_LIST = frozenset({"limit", "offset"})
WHEN_WRITING = frozenset({"dry_run"})


class Codes:
    """Finds records by their codes, and gathers the codes that are not known, to be told with all other faults."""

    def __init__(self, row: int | None) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def pks(self, model: Any, field: str, values: list[str], where: str) -> list[int]:
        """The records of these codes, as far as they are known."""
        known = dict(model.objects.filter(**{f"{field}__in": values}).values_list(field, "pk"))
        self.faults += [
            Fault(row=self.row, field=where, what=f"「{one}」は登録されていません。")
            for one in values
            if one not in known
        ]
        return [known[one] for one in values if one in known]

    def pk(self, model: Any, field: str, value: str, where: str) -> int | str:
        """One record; '' for none."""
        return next(iter(self.pks(model, field, [value], where)), "") if value else ""

    def check(self, form: "ModelForm[Any]") -> None:
        """Raises `Refused` with all that is wrong."""
        named = {one.field for one in self.faults}
        faults = self.faults + [one for one in faults_of(form, self.row) if one.field not in named]
        if faults:
            raise Refused(422, "次のところを直してください。", faults)


# What a form calls otherwise than the description does.
CALLED = {
    "__all__": "",
    "prefecture": "prefecture_code",
    "technology_lines": "technologies",
    "result_lines": "results",
}


def faults_of(form: "ModelForm[Any]", row: int | None) -> list[Fault]:
    """The errors of a form, field by field."""
    return [
        Fault(row=row, field=CALLED.get(name, name), what=str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


def done(
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
