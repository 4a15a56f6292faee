"""Writes of the registry: one function per thing a person does, one transaction each."""

from datetime import date
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from tsunagu.engines.dates import PartialDate
from tsunagu.engines.textsearch.folding import fold
from tsunagu.files.services import store_file
from tsunagu.registry.codes import natural_key
from tsunagu.registry.kinds import EventKind, Reason, RegionKind, Scheme, Status
from tsunagu.registry.models import (
    Designation,
    Lab,
    LabContact,
    LabDocument,
    LocalGovernment,
    MemberOrg,
    Organisation,
    Region,
    StatusEvent,
)
from tsunagu.registry.models.versions import Versioned
from tsunagu.registry.rules import EventRefused, Happening, check_event, selection_span, span_of, status_as_of
from tsunagu.sharing.viewer import Viewer

Record = TypeVar("Record", bound=Versioned)


class EditConflict(Exception):
    """Somebody changed the record since the person opened it; `current` is what stands there now."""

    def __init__(self, current: Versioned) -> None:
        super().__init__(f"{current} is at version {current.version}")
        self.current = current


def check_version(record: Versioned, seen: int | None) -> None:
    """Lock a stored record and compare its version with the one a person has seen; None checks nothing.

    Raises `EditConflict`.
    """
    if record.pk is None or seen is None:
        return
    current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if current.version != seen:
        raise EditConflict(current)


def region_for(government: LocalGovernment) -> Region:
    """The one region of a local government, made on first use."""
    is_prefecture = government.prefecture_id is None
    region, _made = Region.objects.get_or_create(
        code=government.lg_code,
        defaults={
            "name": government.name,
            "name_en": government.name_en,
            "name_folded": fold(government.name),
            "kind": RegionKind.PREFECTURE if is_prefecture else RegionKind.MUNICIPALITY,
            "local_government": government,
            "prefecture": government.prefecture or government,
            "bureau": government.bureau,
        },
    )
    return region


@transaction.atomic
def register_group_region(
    *,
    code: str,
    name: str,
    name_en: str,
    prefecture: LocalGovernment,
    members: list[LocalGovernment],
    source: str,
) -> Region:
    """Make a region of several municipalities known, or bring the known one up to date; `code` starts with `g-`."""
    region, _made = Region.objects.update_or_create(
        code=code,
        defaults={
            "name": name,
            "name_en": name_en,
            "name_folded": fold(name),
            "kind": RegionKind.GROUP,
            "prefecture": prefecture,
            "bureau": prefecture.bureau,
            "source": source,
        },
    )
    region.members.set(members)
    return region


def free_slug(region: Region) -> str:
    """The region's code, or with `-2`, `-3` … where the region already has labs."""
    taken = set(Lab.objects.filter(region=region).values_list("slug", flat=True))
    number = 1
    while (slug := region.code if number == 1 else f"{region.code}-{number}") in taken:
        number += 1
    return slug


@transaction.atomic
def register_lab(*, region: Region, name: str = "", **details: Any) -> Lab:
    """Make a lab known; its address follows from its region and never changes."""
    return Lab.objects.create(region=region, slug=free_slug(region), name=name, **details)


def _happenings(designation: Designation) -> list[Happening]:
    rows = designation.events.filter(voided_at=None).order_by("occurred_on", "pk")
    return [Happening(one.kind, span_of(one.occurred_on), one.reason) for one in rows]


def current_status(designation: Designation) -> Status:
    """Where a designation stands after everything recorded so far."""
    return status_as_of(_happenings(designation), date.max)


def _selected(designation: Designation) -> Any:
    its_round = designation.round
    own = (designation.selected_on, designation.announced_on)
    return selection_span(own, (its_round.selected_on, its_round.announced_on) if its_round else (), ())


@transaction.atomic
def record_event(
    *,
    by: Viewer,
    designation: Designation,
    kind: str,
    occurred_on: PartialDate,
    reason: str,
    reason_text: str = "",
    source: str = "",
) -> StatusEvent:
    """Record that a designation became dormant, resumed, ended or moved. Raises `EventRefused`."""
    locked = (
        Designation.objects.select_for_update(of=("self",)).select_related("round").get(pk=designation.pk)
    )
    check_event(
        events=_happenings(locked),
        kind=kind,
        when=occurred_on,
        reason=reason,
        selected=_selected(locked),
        scheme=locked.scheme,
    )
    return StatusEvent.objects.create(
        designation=locked,
        kind=kind,
        occurred_on=occurred_on,
        reason=reason,
        reason_text=reason_text,
        source=source,
        recorded_by_id=by.person_id,
    )


@transaction.atomic
def void_event(*, by: Viewer, event: StatusEvent, reason: str) -> None:
    """Take back an event recorded by mistake; it stays readable with the reason."""
    StatusEvent.objects.filter(pk=event.pk, voided_at=None).update(
        voided_at=timezone.now(), voided_by_id=by.person_id, void_reason=reason
    )
    if event.kind == EventKind.MOVED:
        Designation.objects.filter(succeeds=event.designation).update(succeeds=None)


@transaction.atomic
def move_to_dx(
    *,
    by: Viewer,
    iot: Designation,
    dx: Designation,
    reason_text: str = "",
    source: str = "",
) -> StatusEvent:
    """Tie a lab's DX designation to the IoT one it follows, and end that one by 移行 on the day of selection.

    Raises `EventRefused` when the DX designation has no date, is another lab's, or the event cannot follow.
    """
    of_round = (dx.round.selected_on, dx.round.announced_on) if dx.round else ()
    when = next((day for day in (dx.selected_on, dx.announced_on, *of_round) if day is not None), None)
    if when is None or dx.scheme != Scheme.DX or iot.lab_id != dx.lab_id:
        raise EventRefused("successor_unfit")
    event = record_event(
        by=by,
        designation=iot,
        kind=EventKind.MOVED,
        occurred_on=when,
        reason=Reason.MOVED,
        reason_text=reason_text,
        source=source,
    )
    Designation.objects.filter(pk=dx.pk).update(succeeds=iot)
    return event


@transaction.atomic
def save_organisation(organisation: Organisation, *, seen: int | None = None) -> Organisation:
    """Store an organisation as typed, with the copies used for searching and for finding it again.

    `seen` is the version the person had before them. Raises `EditConflict` when somebody changed it since.
    """
    check_version(organisation, seen)
    organisation.name_folded = fold(organisation.name)
    organisation.natural_key = natural_key(
        corporate_number=organisation.corporate_number,
        name=organisation.name,
        prefecture_code=organisation.prefecture_id or "",
    )
    organisation.save()
    return organisation


@transaction.atomic
def add_member(member: MemberOrg) -> MemberOrg:
    """Add an organisation to a lab, making the organisation known if it is new."""
    if member.organisation.pk is None:
        save_organisation(member.organisation)
    member.save()
    return member


@transaction.atomic
def save_record(record: Record, *, seen: int | None = None) -> Record:
    """Store a lab's facts, a selection, a membership or a round as a person entered or corrected it.

    `seen` is the version the person had before them. Raises `EditConflict` when somebody changed it since.
    """
    check_version(record, seen)
    record.save()
    return record


@transaction.atomic
def save_contact(contact: LabContact, *, parties: list[Lab], seen: int | None = None) -> LabContact:
    """Store whom to ask at a lab, and the labs it is shown to by name. Raises `EditConflict`."""
    save_record(contact, seen=seen)
    contact.parties.set(parties)
    return contact


@transaction.atomic
def remove_contact(contact: LabContact) -> None:
    """Take a contact away."""
    contact.delete()


@transaction.atomic
def add_document(
    document: LabDocument, *, by: Viewer, upload: UploadedFile, parties: list[Lab]
) -> LabDocument:
    """Take a file in and share it as the document says. Raises `files.services.FileNotTaken`."""
    document.stored_file = store_file(upload=upload, by_label=by.display_name)
    document.save()
    document.parties.set(parties)
    return document


@transaction.atomic
def share_document(document: LabDocument, *, parties: list[Lab], seen: int | None = None) -> LabDocument:
    """Change a document's title or whom it is shared with. Raises `EditConflict`."""
    save_record(document, seen=seen)
    document.parties.set(parties)
    return document


@transaction.atomic
def remove_document(document: LabDocument) -> None:
    """Take a document away with its file; the history keeps that it was there, and its hash."""
    stored = document.stored_file
    document.delete()
    place = stored.place
    stored.delete()
    # Only when nothing can be undone any more.
    transaction.on_commit(lambda: default_storage.delete(place))
