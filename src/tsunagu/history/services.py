"""What is written down besides changes: that someone read, signed in, or looked at pages as somebody else."""

import json
from typing import Any

import psycopg
from django.db import connection, models

from tsunagu.history import heads
from tsunagu.history.acting import tell_database
from tsunagu.history.chain import Report, examine


def note(*, action: str, table: str, record: str = "", detail: dict[str, Any] | None = None) -> None:
    """Add a line to the history. `action` is none of the triggers' own (`insert`, `update`, `delete`, `truncate`)."""
    tell_database(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT history_note(%s, %s, %s, %s::jsonb)", [action, table, record, json.dumps(detail or {})]
        )


def note_read(*records: models.Model, what: str) -> None:
    """Remember that the person acting saw these personal or confidential records; `what` names the part seen."""
    for record in records:
        note(action="read", table=record._meta.db_table, record=str(record.pk), detail={"what": what})


def connection_parameters() -> dict[str, Any]:
    """How this process connects, as psycopg takes it: for work that needs a connection and transactions of its own."""
    parameters = connection.get_connection_params()
    return {key: value for key, value in parameters.items() if key not in {"context", "cursor_factory"}}


def verify() -> Report:
    """Check the whole history, and write its head down when all is well."""
    with psycopg.connect(**connection_parameters()) as own:
        report = examine(own, heads.kept_heads())
    if report.ok:
        heads.keep_head(report.head)
    return report
