"""A file's way into the registry: uploaded and checked, looked at, then applied."""

import hashlib

from django.db import transaction

from tsunagu.registry.importing import labs, organisations
from tsunagu.registry.importing.outcome import OUTCOME, note_outcome
from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.importing.sheet import Sheet, read_sheet
from tsunagu.registry.models import ImportBatch
from tsunagu.registry.models.imports import ImportKind, ImportState
from tsunagu.sharing.viewer import Viewer

COLUMNS = {ImportKind.LABS: labs.COLUMNS, ImportKind.ORGANISATIONS: organisations.COLUMNS}


def _run(kind: str, sheet: Sheet, *, by: Viewer, batch: ImportBatch, apply: bool) -> Plan:
    if kind == ImportKind.LABS:
        return labs.import_labs(sheet, by=by, batch=batch, apply=apply)
    return organisations.import_organisations(sheet, batch=batch, apply=apply)


@transaction.atomic
def check_upload(*, by: Viewer, kind: str, file_name: str, content: bytes) -> ImportBatch:
    """Dry run of an uploaded file; the result is kept to look at and apply. Raises `SheetRefused`."""
    sheet = read_sheet(content, file_name, COLUMNS[ImportKind(kind)])
    batch = ImportBatch(
        kind=kind,
        state=ImportState.CHECKED,
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        encoding=sheet.table.encoding,
        uploaded_by_id=by.person_id,
    )
    batch.save()
    plan = _run(kind, sheet, by=by, batch=batch, apply=False)
    note_outcome(batch, plan, ImportState.CHECKED)
    batch.save(update_fields=OUTCOME)
    return batch


@transaction.atomic
def apply_batch(*, by: Viewer, batch: ImportBatch) -> ImportBatch:
    """Apply a checked file, checking it anew against the registry as it is now; once only."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != ImportState.CHECKED:
        return batch
    sheet = read_sheet(bytes(batch.content), batch.file_name, COLUMNS[ImportKind(batch.kind)])
    plan = _run(batch.kind, sheet, by=by, batch=batch, apply=True)
    note_outcome(batch, plan, ImportState.APPLIED)
    batch.save(update_fields=OUTCOME)
    return batch
