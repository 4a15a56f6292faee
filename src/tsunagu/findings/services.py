"""Finding contradictions, holding lists against the records, and settling what was found."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tsunagu.engines.dates import PartialDate
from tsunagu.figures.models import PublishedFigure
from tsunagu.figures.selectors import figures
from tsunagu.findings.checks import lists, records, statements
from tsunagu.findings.checks.raised import Raised
from tsunagu.findings.models import ExaminedList, Finding, FindingState, ListedRow
from tsunagu.registry.codes import half_width
from tsunagu.registry.importing.lab_rows import Directory
from tsunagu.registry.importing.sheet import Column, read_sheet
from tsunagu.registry.models import Lab, LocalGovernment, Organisation, Region, Round
from tsunagu.registry.records import Register
from tsunagu.registry.selectors import register
from tsunagu.sharing.viewer import PUBLIC, Viewer

LIST_COLUMNS = (
    Column("name", "地域名", ("地域", "選定地域"), required=True),
    Column("bureau", "経済産業局", ("局", "経産局")),
    Column("scheme", "制度"),
    Column("lg_code", "団体コード", ("全国地方公共団体コード",)),
)
TOTAL_MEASURE = "regions"


def published_statements() -> list[statements.Stated]:
    """The published figures as the checks read them."""
    return [
        statements.Stated(
            code=one.code,
            measure=one.measure,
            value=one.numerator,
            as_of=one.as_of.iso,
            statement=one.statement,
            part_of=one.part_of.code if one.part_of else "",
            partition=one.partition,
        )
        for one in PublishedFigure.objects.select_related("part_of")
        if one.numerator is not None
    ]


def _raised_by_records() -> Iterable[Raised]:
    today = register(PUBLIC, as_of=timezone.localdate())
    stated = published_statements()
    yield from statements.parts_against_totals(stated)
    yield from statements.one_measure_two_values(stated)
    yield from records.unresolved_schemes(today.labs)
    yield from records.dateless_designations(today.labs)
    yield from records.moves_without_successor(today.labs)
    yield from records.regions_without_code(Region.objects.prefetch_related("members"))
    yield from records.incomplete_rounds(Round.objects.all(), today.labs)
    yield from records.repeated_organisations(Organisation.objects.filter(merged_into=None))
    yield from records.differing_figures(figures(PUBLIC))


@transaction.atomic
def find_in_records() -> int:
    """Run every check over the records; returns how many findings are open afterwards."""
    _keep(None, _raised_by_records())
    return Finding.objects.filter(examined_list=None, state=FindingState.OPEN).count()


def _keep(examined_list: ExaminedList | None, raised: Iterable[Raised]) -> None:
    """Bring the stored findings in line with what the checks raise now.

    A new one opens; one settled by a person stays settled unless its facts changed; one no longer raised is gone.
    """
    now = timezone.now()
    known = {(one.code, one.subject): one for one in Finding.objects.filter(examined_list=examined_list)}
    for one in raised:
        finding = known.pop((one.code, one.subject), None)
        if finding is None:
            finding = Finding(examined_list=examined_list, code=one.code, subject=one.subject)
        elif finding.state == FindingState.GONE or finding.params != one.params:
            finding.state = FindingState.OPEN
        finding.params, finding.last_seen = one.params, now
        finding.save()
    Finding.objects.filter(pk__in=[one.pk for one in known.values()], state=FindingState.OPEN).update(
        state=FindingState.GONE
    )


@transaction.atomic
def examine_list(
    *, by: Viewer, title: str, as_of: PartialDate, file_name: str, content: bytes
) -> ExaminedList:
    """Keep a published list as printed and hold it against itself, the published figures and the records.

    Raises `SheetRefused` when the file cannot be read.
    """
    sheet = read_sheet(content, file_name, LIST_COLUMNS)
    examined = ExaminedList.objects.create(
        title=title,
        as_of=as_of,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        examined_by_id=by.person_id,
    )
    ListedRow.objects.bulk_create(
        ListedRow(examined_list=examined, number=number, **cells) for number, cells in sheet.rows()
    )
    hold_against_records(examined)
    return examined


@transaction.atomic
def hold_against_records(examined: ExaminedList) -> None:
    """Run the checks over a kept list (again)."""
    directory = Directory()
    rows = [
        lists.PrintedRow(
            number=row.number,
            name=row.name,
            bureau=bureau.code if (bureau := directory.bureau(row.bureau)) else "",
            scheme=row.scheme,
            lg_code=half_width(row.lg_code),
        )
        for row in examined.rows.all()
    ]
    readings = lists.read(rows, _places(directory))
    selected = _selected(register(PUBLIC, as_of=examined.as_of.latest))
    stated = published_statements()
    total = next((one for one in stated if one.measure == TOTAL_MEASURE), None)
    _keep(
        examined,
        [
            *lists.repeated_rows(readings),
            *lists.recorded_but_absent(readings, selected),
            *lists.printed_but_unrecorded(readings, selected),
            *lists.rows_without_code(readings),
            *lists.blank_schemes(readings),
            *lists.length_against_total(
                readings, total.value if total else None, total.code if total else ""
            ),
            *statements.parts_against_totals(stated),
            *statements.one_measure_two_values(stated),
        ],
    )


def _places(directory: Directory) -> list[lists.Place]:
    governments = LocalGovernment.objects.exclude(kind="ward").select_related("bureau")
    return [lists.Place(one.lg_code, one.lg_code, one.name, one.bureau.code) for one in governments] + [
        lists.Place(one.code, "", one.name, one.bureau.code) for one in directory.groups.values()
    ]


def _selected(then: Register) -> list[lists.Selected]:
    """Regions certainly selected by then, each with how."""
    names = dict(Lab.objects.values_list("pk", "region__name"))
    return [
        lists.Selected(
            key=lab.region_code,
            name=names[lab.pk],
            bureau=lab.bureau_code,
            what="、".join(
                f"{one.scheme}{f' 第{one.round_number}弾' if one.round_number else ''} {one.selected_label}".strip()
                for one in lab.designations
            ),
            slug=lab.slug,
        )
        for lab in then.certain
    ]


@transaction.atomic
def resolve_finding(*, by: Viewer, finding: Finding, resolution: str, reason: str) -> Finding:
    """Settle a finding with a person's reason."""
    finding.state, finding.resolution, finding.reason = FindingState.RESOLVED, resolution, reason
    finding.resolved_by_id, finding.resolved_at = by.person_id, timezone.now()
    finding.save()
    return finding


@transaction.atomic
def reopen_finding(*, finding: Finding) -> Finding:
    """Take a settlement back; its reason stays readable."""
    finding.state = FindingState.OPEN
    finding.save(update_fields=["state"])
    return finding
