"""The log of the key's lab."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Path, Status

from tsunagu.activities import selectors as log
from tsunagu.activities.forms import ActivityForm
from tsunagu.activities.models import Activity, ActivityKind
from tsunagu.activities.rules import NotLogged
from tsunagu.activities.services import remove_activity
from tsunagu.api.models import Scope
from tsunagu.api.opening import KeyInHeader, acting_by, opened
from tsunagu.api.own_schemas import (
    ActivitiesIn,
    ActivityChange,
    ActivityIn,
    ActivityOut,
    CompanyIn,
    OwnActivities,
    Recorded,
)
from tsunagu.api.problems import Fault, Problem, Refused
from tsunagu.api.services.keys import Opened
from tsunagu.api.writing.common import (
    DRY,
    LARGEST,
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
from tsunagu.registry.models import Lab, Policy


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
        labs=sorted(each.lab.slug for each in one.partners.all() if each.lab),
        others=[str(each) for each in one.partners.all() if not each.lab_id],
        policies=sorted(each.code for each in one.policies.all()),
        summary=one.summary,
        evidence_link=one.evidence_link,
        audience=one.audience,
    ).model_dump(mode="json")


def keep_activity(
    given: ActivityIn, activity: Activity, found: Opened, *, row: int | None = None
) -> Activity:
    """Store what was sent as the form would. Raises `Refused` with all that is wrong, `EditConflict`."""
    data, codes = given.model_dump(), Codes(row)
    data |= {
        "kind": codes.pk(ActivityKind, "code", given.kind, "kind"),
        "labs": codes.pks(Lab, "slug", given.labs, "labs"),
        "policies": codes.pks(Policy, "code", given.policies, "policies"),
        "companies": "\n".join(f"{one.name} {one.corporate_number}".strip() for one in given.companies),
        "others": "\n".join(given.others),
        # Who may see it is not changed by a program that does not speak of it.
        "audience": given.audience or (activity.audience if activity.pk else ""),
        "ended_on": given.ended_on or "",
        "people": "" if given.people is None else given.people,
    }
    form = ActivityForm(data, instance=activity, viewer=found.viewer)
    if any(not (one.name or one.corporate_number) for one in given.companies):
        codes.faults.append(Fault(row=row, field="companies", what="企業の名前か法人番号を書いてください。"))
    codes.check(form)
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
        found = opened(request, Scope.READ, OF_A_LIST)
        rows = mine(found).prefetch_related(
            "companies", "policies", "partners__lab", "partners__organisation"
        )
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
        found = opened(request, Scope.ACTIVITIES, WHEN_WRITING)

        def work() -> Any:
            made = _record_all(payload.activities, found)
            return {"dry_run": dry_run, "activities": [shown_activity(one) for one in made]}

        return done(
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
        found = opened(request, Scope.ACTIVITIES, WHEN_WRITING)
        one = one_of(found, number)

        def work() -> Any:
            kept = keep_activity(payload, one, found)
            return {"dry_run": dry_run, "activities": [shown_activity(kept)]}

        return done(
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
