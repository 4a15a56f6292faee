"""Writing answers: field by field, so that several people write at once and nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.files.services import store_file
from tsunagu.questionnaires.flow import carry_over
from tsunagu.questionnaires.hosting import Known
from tsunagu.questionnaires.models import (
    Answer,
    AnswerFile,
    FormVersion,
    Presence,
    Sheet,
    Snapshot,
    SnapshotKind,
)
from tsunagu.questionnaires.services.versions import answers_of, keep_snapshot, snapshot_due
from tsunagu.questionnaires.values import Value, is_empty, read_typed
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer


class SheetClosed(Exception):
    """The sheet cannot be written now: it was sent, or this section is not open for correction."""


@dataclass(frozen=True)
class Clash:
    """Somebody else changed a field since this person saw it; theirs stands, ours is not written."""

    field: str
    theirs: Value
    version: int
    by: str


@dataclass
class Written:
    """What came of writing: the version each field now has, and the fields where two people met."""

    versions: dict[str, int] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


@transaction.atomic
def start_sheet(
    *,
    version: FormVersion,
    subject: str,
    by: Viewer,
    lab: Lab | None = None,
    known: Mapping[str, Known] | None = None,
    earlier: Mapping[str, Value] | None = None,
    earlier_source: str = "",
    is_fleeting: bool = False,
) -> Sheet:
    """A new answer sheet, filled with known facts by data element and with answers of an earlier sheet by field."""
    sheet = Sheet.objects.create(
        form_version=version, subject=subject, owner_id=by.signed_in_id, lab=lab, is_fleeting=is_fleeting
    )
    carried = carry_over(earlier or {}, version.definition)
    for key, value in {**carried.fitting, **carried.unmatched}.items():
        if not is_empty(value):
            sheet.rows().create(field=key, value=value, source=earlier_source[:200])
    if known:
        fill_known(sheet=sheet, known=known)
    return sheet


@transaction.atomic
def fill_known(*, sheet: Sheet, known: Mapping[str, Known]) -> list[str]:
    """Put known facts into fields nobody has answered; returns the fields filled. What people wrote stays."""
    answered = {key for key, value in answers_of(sheet).items() if not is_empty(value)}
    filled = []
    for one in sheet.definition.fields():
        fact = known.get(one.element) if one.element else None
        if fact is None or one.key in answered:
            continue
        value = read_typed(one, fact.value)
        if is_empty(value):
            continue
        sheet.rows().update_or_create(
            field=one.key,
            defaults={"value": value, "source": fact.source[:200], "updated_at": timezone.now()},
        )
        filled.append(one.key)
    return filled


def _locked(sheet: Sheet) -> Sheet:
    found = Sheet.objects.select_for_update(of=("self",)).select_related("form_version__form")
    return found.defer("form_version__document").get(pk=sheet.pk)


def check_open(sheet: Sheet, fields: Mapping[str, Any]) -> None:
    """Raises `SheetClosed` unless all these fields may be written now."""
    if sheet.is_locked:
        raise SheetClosed(_("提出したあとなので、書き直せません。"))
    if sheet.open_sections is None:
        return
    for key in fields:
        section = sheet.definition.section_of(key)
        if section is None or section.key not in sheet.open_sections:
            raise SheetClosed(_("この章は差し戻されていないので、書き直せません。"))


@transaction.atomic
def write_answers(
    *,
    sheet: Sheet,
    by: Viewer,
    values: Mapping[str, Value],
    seen: Mapping[str, int] | None = None,
    kind: str = SnapshotKind.WRITING,
) -> Written:
    """Write some fields. `seen` gives the version of each field the person had before them; None overwrites knowingly.

    A field somebody else changed meanwhile to another answer is left alone and returned as a clash; the others are
    written all the same. Raises `SheetClosed`.
    """
    sheet = _locked(sheet)
    check_open(sheet, values)
    stored = {
        one.field: one for one in sheet.rows().filter(field__in=list(values)).select_related("updated_by")
    }
    written, now, changed = Written(), timezone.now(), False
    for key, value in values.items():
        before = stored.get(key)
        if before is not None and before.value == value:
            written.versions[key] = before.version
        elif before is not None and seen is not None and seen.get(key, 0) != before.version:
            written.clashes.append(Clash(key, before.value, before.version, str(before.updated_by or "")))
        elif before is None and is_empty(value):
            written.versions[key] = 0
        else:
            written.versions[key] = _store(sheet, key, value, before, by, now)
            changed = True
    if changed:
        Sheet.objects.filter(pk=sheet.pk).update(touched_at=now, revision=F("revision") + 1)
    if not sheet.is_fleeting and (kind != SnapshotKind.WRITING or (changed and snapshot_due(sheet))):
        keep_snapshot(sheet=sheet, kind=kind, by=by)
    return written


def _store(sheet: Sheet, key: str, value: Value, before: Answer | None, by: Viewer, now: Any) -> int:
    if before is None:
        sheet.rows().create(field=key, value=value, updated_by_id=by.person_id, updated_at=now)
        return 1
    version = before.version + 1
    sheet.rows().filter(pk=before.pk).update(
        value=value, version=version, source="", updated_by_id=by.person_id, updated_at=now
    )
    return version


@transaction.atomic
def attach_file(*, sheet: Sheet, by: Viewer, field: str, upload: UploadedFile) -> Value:
    """Take a file in as the answer to a field. Raises `files.services.FileNotTaken`, `SheetClosed`."""
    check_open(_locked(sheet), {field: None})
    stored = store_file(upload=upload, by_label=by.display_name)
    AnswerFile.objects.create(sheet=sheet, field=field, stored_file=stored)
    value = {"key": str(stored.key), "name": stored.name, "size": stored.size, "sha256": stored.sha256}
    write_answers(sheet=sheet, by=by, values={field: value})
    return value


@transaction.atomic
def restore_version(*, sheet: Sheet, by: Viewer, snapshot: Snapshot) -> None:
    """Write all answers of an earlier version again; what stood until now is kept as a version before."""
    keep_snapshot(sheet=_locked(sheet), kind=SnapshotKind.WRITING, by=by)
    now = answers_of(sheet)
    values = {key: snapshot.answers.get(key, _nothing_like(now[key])) for key in now} | snapshot.answers
    if sheet.open_sections is not None:
        fields = {
            one.key
            for one in sheet.definition.fields()
            if (s := sheet.definition.section_of(one.key)) and s.key in sheet.open_sections
        }
        values = {key: value for key, value in values.items() if key in fields}
    write_answers(sheet=sheet, by=by, values=values, kind=SnapshotKind.RESTORED)


def _nothing_like(value: Value) -> Value:
    return [] if isinstance(value, list) else {} if isinstance(value, dict) else ""


@transaction.atomic
def tag_paragraphs(*, sheet: Sheet, by: Viewer, tags: Mapping[str, list[str]]) -> None:
    """Keep which paragraphs speak to which criteria (`paragraphs.fingerprint` → criteria). Raises `SheetClosed`."""
    sheet = _locked(sheet)
    if sheet.is_locked:
        raise SheetClosed(_("提出したあとなので、書き直せません。"))
    sheet.tags = dict(tags)
    sheet.save(update_fields=["tags"])


def note_presence(*, sheet: Sheet, person_id: int, section: str, field: str = "") -> None:
    """Remember that somebody has the sheet open just now; of a fleeting one not even that."""
    if sheet.is_fleeting:
        return
    Presence.objects.update_or_create(
        sheet=sheet,
        person_id=person_id,
        defaults={"section": section[:40], "field": field[:40], "seen_at": timezone.now()},
    )
