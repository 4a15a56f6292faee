"""Logging an activity, correcting one, taking one away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from tsunagu.activities.models import Activity, ActivityCompany, ActivityFile, ActivityKind, ActivityPartner
from tsunagu.activities.rules import Company, check_days
from tsunagu.files.services import store_file
from tsunagu.registry.models import Lab, Organisation, Policy
from tsunagu.registry.services import save_record
from tsunagu.sharing.viewer import Viewer


@dataclass(frozen=True)
class Details:
    """What belongs to an activity besides its own fields."""

    companies: Sequence[Company] = ()
    labs: Sequence[Lab] = ()
    others: Sequence[str] = ()
    policies: Sequence[Policy] = field(default=())


@transaction.atomic
def save_activity(activity: Activity, *, details: Details, by: Viewer, seen: int | None = None) -> Activity:
    """Store a new or corrected activity with its companies, partners and policies.

    Raises `rules.NotLogged` for impossible days, `registry.services.EditConflict` when somebody changed it since.
    """
    check_days(activity.started_on, activity.ended_on, today=timezone.localdate())
    if activity.pk is None:
        activity.noted_by_id = by.person_id
    save_record(activity, seen=seen)
    _set_companies(activity, details.companies)
    _set_partners(activity, details.labs, details.others)
    activity.policies.set(details.policies)
    # The version is counted up by the database.
    activity.refresh_from_db(fields=["version"])
    return activity


def _set_companies(activity: Activity, companies: Iterable[Company]) -> None:
    prefecture = activity.lab.region.prefecture_id or ""
    wanted = {one.key(prefecture): one for one in companies}
    stored = {one.company_key: one for one in activity.companies.all()}
    activity.companies.filter(company_key__in=stored.keys() - wanted.keys()).delete()
    for key, one in wanted.items():
        before = stored.get(key)
        if before is None:
            ActivityCompany.objects.create(
                activity=activity, name=one.name, corporate_number=one.corporate_number, company_key=key
            )
        elif before.name != one.name and one.name:
            before.name = one.name
            before.save(update_fields=["name"])


def _set_partners(activity: Activity, labs: Iterable[Lab], others: Iterable[str]) -> None:
    names = [one.strip()[:200] for one in others if one.strip()]
    known = {
        one.name: one for one in Organisation.objects.filter(name__in=names, merged_into=None).order_by("-pk")
    }
    wanted = {(lab.pk, None, "") for lab in labs if lab.pk != activity.lab_id} | {
        (None, known[name].pk, "") if name in known else (None, None, name) for name in names
    }
    stored = {(one.lab_id, one.organisation_id, one.name): one for one in activity.partners.all()}
    for key in stored.keys() - wanted:
        stored[key].delete()
    for lab_id, organisation_id, name in wanted - stored.keys():
        ActivityPartner.objects.create(
            activity=activity, lab_id=lab_id, organisation_id=organisation_id, name=name
        )


@transaction.atomic
def attach_evidence(*, activity: Activity, upload: UploadedFile, by: Viewer) -> ActivityFile:
    """Keep a file that shows the activity took place. Raises `files.services.FileNotTaken`."""
    stored = store_file(upload=upload, by_label=by.display_name)
    return ActivityFile.objects.create(activity=activity, stored_file=stored)


@transaction.atomic
def remove_activity(activity: Activity) -> None:
    """Take an activity out of the log with its files; the history keeps that it was there."""
    stored = [one.stored_file for one in activity.files.select_related("stored_file")]
    activity.policies.clear()
    activity.delete()
    for one in stored:
        place = one.place
        one.delete()
        transaction.on_commit(lambda place=place: default_storage.delete(place))  # type: ignore[misc]


@transaction.atomic
def record_activity(
    *,
    lab: Lab,
    kind: str,
    title: str,
    started_on: date,
    origin: str,
    origin_key: str,
    by: Viewer,
    ended_on: date | None = None,
    people: int | None = None,
    summary: str = "",
    audience: str = "",
    details: Details | None = None,
) -> Activity:
    """What another room recorded (an event, a dispatch, a case), logged for the lab; the same key again corrects it.

    Raises `rules.NotLogged`, `ActivityKind.DoesNotExist`.
    """
    found = ActivityKind.objects.get(code=kind)
    activity = Activity.objects.filter(lab=lab, origin=origin, origin_key=origin_key).first() or Activity(
        lab=lab, origin=origin, origin_key=origin_key, audience=audience or found.default_audience
    )
    activity.kind, activity.title = found, title[:200]
    activity.started_on, activity.ended_on, activity.people = started_on, ended_on, people
    activity.summary = summary
    if audience:
        activity.audience = audience
    return save_activity(activity, details=details or Details(), by=by)
