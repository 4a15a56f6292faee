"""Reads of the registry. Each takes the viewer; those where time matters take the day.

Labs, rounds and designations are public by the programme's own rule (deck p.17: past activity stays published);
organisations as a list are for the back office.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils.translation import get_language

from tsunagu.engines.dates import PartialDate, both_calendars, english
from tsunagu.engines.textsearch.folding import fold
from tsunagu.history.unchanged import WhileUnchanged
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import (
    Bureau,
    Criterion,
    Designation,
    ImportBatch,
    Indicator,
    Lab,
    LabContact,
    LabDocument,
    LocalGovernment,
    MemberOrg,
    Merit,
    Organisation,
    Policy,
    Region,
    Round,
    StatusEvent,
)
from tsunagu.registry.records import Book, DesignationRecord, LabRecord, Register
from tsunagu.registry.rules import Happening, Span, in_order, selection_span, span_of
from tsunagu.sharing.policy import visible
from tsunagu.sharing.viewer import Viewer

DateLabel = Callable[[PartialDate], str]


class LabColumns(NamedTuple):
    """A lab and its place as read from the database, in the order of `LAB_COLUMNS`."""

    pk: int
    slug: str
    name: str
    name_en: str
    region_id: int
    region_code: str
    region_name: str
    region_name_en: str
    region_kind: str
    bureau_code: str
    bureau_name: str
    bureau_name_en: str
    prefecture_code: str
    prefecture_name: str
    prefecture_name_en: str
    kana: str | None
    lat: float | None
    lon: float | None
    website: str
    summary: str


LAB_COLUMNS = (
    "pk", "slug", "name", "name_en", "region_id", "region__code", "region__name", "region__name_en", "region__kind",
    "region__bureau__code", "region__bureau__name", "region__bureau__name_en", "region__prefecture_id",
    "region__prefecture__name", "region__prefecture__name_en", "region__local_government__kana",
    "region__local_government__lat", "region__local_government__lon", "website", "summary",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _happening(kind: str, lower: date, upper: date, reason: str) -> Happening:
    """One value for equal events: the same few kinds, months and reasons recur."""
    return Happening(kind, Span(lower, upper - timedelta(days=1)), reason)


def date_label() -> DateLabel:
    """How dates read in the language of the page."""
    return english if get_language() == "en" else both_calendars


BOOKS: WhileUnchanged[Book] = WhileUnchanged(most=2)


def book(viewer: Viewer, *, rounds: Sequence[Round] | None = None) -> Book:
    """Every lab with its designations and what happened to them, to be opened on any day.

    Four queries, whatever the number of labs; three where the rounds were read already; one while nothing changes.
    """
    del viewer  # public for everyone
    return BOOKS.get(get_language(), lambda: _read_book(rounds))


def _read_book(rounds: Sequence[Round] | None) -> Book:
    spans = _round_spans(Round.objects.all() if rounds is None else rounds)
    events = _events_by_designation()
    label = date_label()
    by_lab: dict[int, list[DesignationRecord]] = defaultdict(list)
    for one in Designation.objects.select_related("round").order_by("pk"):
        by_lab[one.lab_id].append(_designation_record(one, in_order(events[one.pk]), spans, label))
    english_page = get_language() == "en"
    rows = Lab.objects.values_list(*LAB_COLUMNS).order_by("region__code", "slug")
    return Book(tuple(_lab_record(LabColumns(*row), by_lab[row[0]], english_page) for row in rows))


class Dossier(NamedTuple):
    """All that is public of one lab, to be opened on any day: its page of the book, and the records behind it."""

    lab: Lab
    record: LabRecord
    designations: Sequence[Designation]
    events: Sequence[StatusEvent]
    members: Sequence[MemberOrg]


DOSSIERS: WhileUnchanged[Dossier | None] = WhileUnchanged(most=64)


def dossier(viewer: Viewer, slug: str) -> Dossier | None:
    """The lab at an address, ended ones included. Five queries, one while nothing changes."""
    return DOSSIERS.get((get_language(), slug), lambda: _read_dossier(viewer, slug))


def _read_dossier(viewer: Viewer, slug: str) -> Dossier | None:
    lab = lab_by_slug(viewer, slug)
    if lab is None:
        return None
    designations, events = lab_history(viewer, lab), _lab_events(lab).filter(voided_at=None)
    happenings: dict[int, list[Happening]] = defaultdict(list)
    for event in events:
        happenings[event.designation_id].append(
            Happening(event.kind, span_of(event.occurred_on), event.reason)
        )
    spans, label = _round_spans(Round.objects.all()), date_label()
    records = [_designation_record(one, in_order(happenings[one.pk]), spans, label) for one in designations]
    columns = LabColumns(*(_followed(lab, path) for path in LAB_COLUMNS))
    record = _lab_record(columns, records, get_language() == "en")
    return Dossier(lab, record, designations, list(events), lab_members(viewer, lab))


def _followed(record: Any, path: str) -> Any:
    """What `values_list` would give for a record that was read with what it refers to."""
    for name in path.split("__"):
        record = None if record is None else getattr(record, name)
    return record


def register(viewer: Viewer, *, as_of: date) -> Register:
    """All labs selected, or possibly selected, by `as_of`, and how they stood that day."""
    return book(viewer).on(as_of)


def _round_spans(rounds: Iterable[Round]) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for one in rounds:
        when = one.selected_on or one.announced_on
        if when is not None:
            spans[one.scheme].append(span_of(when))
    spans[Scheme.UNRESOLVED] = spans[Scheme.IOT] + spans[Scheme.DX]
    return spans


def _events_by_designation() -> dict[int, list[Happening]]:
    rows = (
        StatusEvent.objects.filter(voided_at=None)
        .order_by("occurred_on", "pk")
        .values_list("designation_id", "kind", "occurred_on__startswith", "occurred_on__endswith", "reason")
    )
    events: dict[int, list[Happening]] = defaultdict(list)
    for designation_id, *event in rows:
        events[designation_id].append(_happening(*event))
    return events


def _designation_record(
    designation: Designation, events: tuple[Happening, ...], rounds: dict[str, list[Span]], label: DateLabel
) -> DesignationRecord:
    its_round = designation.round
    own = (designation.selected_on, designation.announced_on)
    of_round = (its_round.selected_on, its_round.announced_on) if its_round else ()
    known = next((when for when in (*own, *of_round) if when is not None), None)
    return DesignationRecord(
        pk=designation.pk,
        scheme=designation.scheme,
        round_id=designation.round_id,
        round_number=its_round.number if its_round else None,
        category=designation.category,
        selected=selection_span(own, of_round, rounds[designation.scheme]),
        selected_label=label(known) if known else "",
        events=events,
        succeeds_id=designation.succeeds_id,
    )


def _oldest_first(designation: DesignationRecord) -> tuple[date, int]:
    return (designation.selected.earliest if designation.selected else date.min, designation.pk)


def _lab_record(lab: LabColumns, designations: list[DesignationRecord], english_page: bool) -> LabRecord:
    region = lab.region_name_en if english_page and lab.region_name_en else lab.region_name
    own_name = lab.name_en if english_page else lab.name
    return LabRecord(
        pk=lab.pk,
        slug=lab.slug,
        name=own_name or region,
        region_id=lab.region_id,
        region_code=lab.region_code,
        region_name=region,
        region_kind=lab.region_kind,
        bureau_code=lab.bureau_code,
        bureau_name=lab.bureau_name_en if english_page and lab.bureau_name_en else lab.bureau_name,
        prefecture_code=lab.prefecture_code,
        prefecture_name=lab.prefecture_name_en
        if english_page and lab.prefecture_name_en
        else lab.prefecture_name,
        words=f"{lab.name} {lab.name_en} {lab.region_name} {lab.region_name_en} {lab.kana or ''}",
        lat=lab.lat,
        lon=lab.lon,
        name_in_english=lab.name_en or lab.region_name_en,
        website=lab.website,
        summary=lab.summary,
        designations=tuple(sorted(designations, key=_oldest_first)),
    )


def lab_by_slug(viewer: Viewer, slug: str) -> Lab | None:
    """The lab at an address, ended ones included."""
    del viewer
    labs = Lab.objects.select_related("region__bureau", "region__prefecture", "region__local_government")
    return labs.filter(slug=slug).first()


def labs_in(viewer: Viewer, prefecture: LocalGovernment) -> QuerySet[Lab]:
    """The labs of a prefecture, its own and those of its municipalities, ended ones included."""
    del viewer
    return Lab.objects.filter(region__prefecture=prefecture).select_related("region").order_by("region__code")


def lab_history(viewer: Viewer, lab: Lab) -> list[Designation]:
    """A lab's designations with their rounds, for its page."""
    del viewer
    return list(lab.designations.select_related("round").order_by("pk"))


def lab_events(viewer: Viewer, lab: Lab) -> list[StatusEvent]:
    """What happened to a lab's designations, oldest first; voided events only for the back office."""
    events = _lab_events(lab)
    return list(events if viewer.is_staff else events.filter(voided_at=None))


def _lab_events(lab: Lab) -> QuerySet[StatusEvent]:
    events = StatusEvent.objects.filter(designation__lab=lab).select_related("designation")
    return events.order_by("occurred_on", "pk")


def lab_members(viewer: Viewer, lab: Lab) -> list[MemberOrg]:
    """A lab's member organisations of all times."""
    del viewer
    return list(lab.members.select_related("organisation").order_by("role", "organisation__name"))


def bureaus(viewer: Viewer) -> list[Bureau]:
    del viewer
    return list(Bureau.objects.all())


def rounds(viewer: Viewer) -> list[Round]:
    """All rounds, the newest scheme first."""
    del viewer
    return list(Round.objects.order_by("scheme", "number"))


def round_by_key(viewer: Viewer, key: str) -> Round | None:
    """The round at an address such as `dx-1`."""
    del viewer
    scheme, _separator, number = key.partition("-")
    return Round.objects.filter(scheme=scheme, number=int(number)).first() if number.isdigit() else None


def merits(viewer: Viewer, scheme: Scheme) -> list[Merit]:
    del viewer
    return list(Merit.objects.filter(scheme=scheme))


def criteria(viewer: Viewer, scheme: Scheme) -> list[Criterion]:
    del viewer
    return list(Criterion.objects.filter(scheme=scheme))


def policies(viewer: Viewer) -> QuerySet[Policy]:
    """The policies labs may use: public."""
    return Policy.objects.all()


def staff_labs(viewer: Viewer) -> QuerySet[Lab]:
    """Labs as the back office lists them: all for the secretariat, its own region's for a bureau."""
    labs = Lab.objects.select_related("region__bureau", "region__prefecture")
    if viewer.is_secretariat:
        return labs
    if viewer.is_staff:
        return labs.filter(region__bureau__code__in=viewer.bureau_codes)
    return labs.filter(pk__in=viewer.lab_ids)


def tended_labs(viewer: Viewer) -> QuerySet[Lab]:
    """Labs whose own pages the viewer keeps up to date: staff as in the back office, a lab's office its own."""
    if viewer.is_staff:
        return staff_labs(viewer)
    return Lab.objects.select_related("region__bureau", "region__prefecture").filter(
        pk__in=viewer.office_lab_ids
    )


def contacts(viewer: Viewer, *, lab: Lab | None = None) -> QuerySet[LabContact]:
    """Contacts that exist for the viewer; read `person_shown`, `phone_shown`, `note_shown`, not the bare fields."""
    found = visible(LabContact.objects.select_related("lab__region"), viewer)
    return found.filter(lab=lab) if lab else found


def tended_contacts(viewer: Viewer) -> QuerySet[LabContact]:
    """Contacts of the labs the viewer keeps up to date, as far as they exist for the viewer."""
    return contacts(viewer).filter(lab__in=tended_labs(viewer))


def documents(viewer: Viewer, *, lab: Lab | None = None) -> QuerySet[LabDocument]:
    """Documents that exist for the viewer."""
    found = visible(LabDocument.objects.select_related("lab__region", "stored_file"), viewer)
    return found.filter(lab=lab) if lab else found


def tended_documents(viewer: Viewer) -> QuerySet[LabDocument]:
    """Documents of the labs the viewer keeps up to date, as far as they exist for the viewer."""
    return documents(viewer).filter(lab__in=tended_labs(viewer))


def staff_designations(viewer: Viewer) -> QuerySet[Designation]:
    """Designations of the labs the viewer works on."""
    return Designation.objects.filter(lab__in=staff_labs(viewer)).select_related("lab__region", "round")


def staff_members(viewer: Viewer) -> QuerySet[MemberOrg]:
    """Members of the labs the viewer works on."""
    return MemberOrg.objects.filter(lab__in=staff_labs(viewer)).select_related("lab__region", "organisation")


def staff_events(viewer: Viewer) -> QuerySet[StatusEvent]:
    """Status events of the labs the viewer works on."""
    return StatusEvent.objects.filter(designation__lab__in=staff_labs(viewer)).select_related(
        "designation__lab__region"
    )


def organisations(viewer: Viewer, *, text: str = "") -> QuerySet[Organisation]:
    """Organisations not merged away, for the back office; found by name in any spelling, or by 法人番号."""
    if not viewer.is_staff:
        return Organisation.objects.none()
    found = Organisation.objects.filter(merged_into=None).select_related("prefecture")
    folded = fold(text)
    if folded:
        found = found.filter(name_folded__contains=folded) | found.filter(corporate_number=text.strip())
    return found.order_by("name_folded", "pk")


def regions(viewer: Viewer) -> QuerySet[Region]:
    del viewer
    return Region.objects.select_related("bureau", "prefecture", "local_government")


def import_batches(viewer: Viewer) -> QuerySet[ImportBatch]:
    """Files taken in, newest first, without their content; for the secretariat."""
    if not viewer.is_secretariat:
        return ImportBatch.objects.none()
    return ImportBatch.objects.defer("content").select_related("uploaded_by")


def lab_indicators(viewer: Viewer, lab: Lab) -> list[tuple[Indicator, list[tuple[int, Decimal]]]]:
    """A lab's indicators with their targets by fiscal year, in one query; the registry is public."""
    found: dict[int, tuple[Indicator, list[tuple[int, Decimal]]]] = {}
    rows = Indicator.objects.filter(lab=lab).annotate(year=F("targets__year"), target=F("targets__value"))
    for one in rows.order_by("position", "pk", "year"):
        _indicator, targets = found.setdefault(one.pk, (one, []))
        if one.year is not None:
            targets.append((one.year, one.target))
    return list(found.values())
