"""A lab's file on its way in: uploaded, checked with a choice of columns, applied all or nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tsunagu.activities.importing import storing
from tsunagu.activities.importing.columns import guess_columns, missing_columns
from tsunagu.activities.importing.rows import read_rows
from tsunagu.activities.models import ActivityImport, ColumnMapping
from tsunagu.engines.tables import Table, TableUnreadable, read_table
from tsunagu.registry.importing.sheet import SheetRefused, unreadable_message
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

# Who has more to mend than this has chosen a wrong column.
KEPT_ERRORS = 5_000


def open_table(content: bytes, file_name: str) -> Table:
    """The table in a file. Raises `SheetRefused` in the words of the page."""
    try:
        return read_table(content, file_name)
    except TableUnreadable as error:
        raise SheetRefused(unreadable_message(error)) from error


@transaction.atomic
def upload(*, lab: Lab, by: Viewer, file_name: str, content: bytes) -> ActivityImport:
    """Keep a file and guess its columns; where nothing is open, check it at once. Raises `SheetRefused`."""
    table = open_table(content, file_name)
    kept = list(ColumnMapping.objects.filter(lab=lab).order_by("-pk"))
    columns = guess_columns(table.headers, kept)
    batch = ActivityImport.objects.create(
        lab=lab,
        file_name=file_name[:255],
        content=content,
        columns={"columns": columns, "words": words_of(lab), "unknown_kinds": []},
        uploaded_by_id=by.person_id,
    )
    if missing_columns(columns):
        return batch
    return check(batch=batch, columns=columns, words=words_of(lab), by=by)


def words_of(lab: Lab) -> dict[str, dict[str, str]]:
    """How a lab's own words are read, from all the mappings it kept."""
    found: dict[str, dict[str, str]] = {}
    for mapping in ColumnMapping.objects.filter(lab=lab).order_by("pk"):
        for what, words in mapping.words.items():
            found.setdefault(what, {}).update(words)
    return found


@transaction.atomic
def check(
    *, batch: ActivityImport, columns: Mapping[str, str], words: Mapping[str, Mapping[str, str]], by: Viewer
) -> ActivityImport:
    """Dry run with a choice of columns: what would be new, changed or the same, and every error.

    A file that has been applied stays as it is.
    """
    batch = _locked(batch)
    return batch if batch.state == "applied" else _run(batch, columns, words, by, apply=False)


@transaction.atomic
def apply(*, batch: ActivityImport, by: Viewer) -> ActivityImport:
    """Store a checked file, all or nothing, and once only."""
    batch = _locked(batch)
    if batch.state != "checked":
        return batch
    return _run(batch, batch.columns["columns"], batch.columns["words"], by, apply=True)


def _locked(batch: ActivityImport) -> ActivityImport:
    return (
        ActivityImport.objects.select_for_update(of=("self",)).select_related("lab__region").get(pk=batch.pk)
    )


def _run(
    batch: ActivityImport,
    columns: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
    by: Viewer,
    *,
    apply: bool,
) -> ActivityImport:
    table = open_table(bytes(batch.content), batch.file_name)
    reading = read_rows(batch.lab, table, columns, words)
    with connection.cursor() as cursor:
        storing.stage(cursor, reading.rows)
        batch.new_count, batch.changed_count = storing.compare(cursor, lab=batch.lab_id)
        if apply and not reading.errors:
            storing.store(cursor, lab=batch.lab_id, batch=batch.pk, by=by.person_id)
    batch.row_count, batch.error_count = reading.count, len(reading.errors)
    batch.same_count = len(reading.rows) - batch.new_count - batch.changed_count
    batch.errors = [one.as_dict() for one in reading.errors[:KEPT_ERRORS]]
    batch.columns = {"columns": dict(columns), "words": {what: dict(each) for what, each in words.items()},
                     "unknown_kinds": reading.unknown_kinds[:50]}  # fmt: skip
    batch.state = "refused" if reading.errors else "applied" if apply else "checked"
    batch.applied_at = timezone.now() if batch.state == "applied" else None
    batch.save()
    return batch


@transaction.atomic
def keep_mapping(
    *, lab: Lab, name: str, columns: Mapping[str, str], words: Mapping[str, Any]
) -> ColumnMapping:
    """Keep a choice of columns under a name for the next file."""
    mapping, _made = ColumnMapping.objects.update_or_create(
        lab=lab, name=name.strip()[:60], defaults={"columns": dict(columns), "words": dict(words)}
    )
    return mapping
