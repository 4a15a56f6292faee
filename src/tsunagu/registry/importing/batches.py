"""A file's way into the registry: uploaded and checked, looked at, then applied."""

import hashlib

from django.db import transaction
from django.utils import timezone

from tsunagu.registry.importing import labs, organisations
from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.importing.sheet import Sheet, read_sheet
from tsunagu.registry.models import ImportBatch
from tsunagu.registry.models.imports import ImportKind, ImportState
from tsunagu.sharing.viewer import Viewer

COLUMNS = {ImportKind.LABS: labs.COLUMNS, ImportKind.ORGANISATIONS: organisations.COLUMNS}

OUTCOME = (
    "state", "row_count", "error_count", "new_count", "changed_count", "same_count", "errors", "changes", "applied_at",
)  # fmt: skip


def _run(kind: str, sheet: Sheet, *, by: Viewer, batch: ImportBatch, apply: bool) -> Plan:
    if kind == ImportKind.LABS:
        return labs.import_labs(sheet, by=by, batch=batch, apply=apply)
    return organisations.import_organisations(sheet, batch=batch, apply=apply)


def _note(batch: ImportBatch, plan: Plan, reached: ImportState) -> None:
    """Keep what came of it; the file itself is kept already, and need not travel again."""
    batch.state = ImportState.REFUSED if plan.errors else reached
    batch.row_count, batch.error_count = plan.rows, len(plan.errors)
    batch.new_count, batch.changed_count, batch.same_count = plan.new, plan.changed, plan.same
    batch.errors = [error.as_dict() for error in plan.errors]
    batch.changes = [*({"note": note} for note in plan.notes), *plan.changes]
    batch.save(update_fields=OUTCOME)


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
    _note(batch, plan, ImportState.CHECKED)
    return batch


@transaction.atomic
def apply_batch(*, by: Viewer, batch: ImportBatch) -> ImportBatch:
    """Apply a checked file, checking it anew against the registry as it is now; once only."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != ImportState.CHECKED:
        return batch
    sheet = read_sheet(bytes(batch.content), batch.file_name, COLUMNS[ImportKind(batch.kind)])
    plan = _run(batch.kind, sheet, by=by, batch=batch, apply=True)
    batch.applied_at = None if plan.errors else timezone.now()
    _note(batch, plan, ImportState.APPLIED)
    return batch
