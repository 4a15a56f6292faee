"""How every table stands: looked at every ten minutes, so that the catalogue can say since when it reads so."""

from collections.abc import Callable

from django.utils import timezone

from tsunagu.api.files import csv_of, digest, readable, rows_of
from tsunagu.api.models import TableState
from tsunagu.api.tables.all import TABLES
from tsunagu.api.tables.base import Table


def look_at(table: Table) -> TableState:
    """Make the Japanese CSV, hold it against the 15 points, and note whether it changed."""
    now = timezone.now()
    rows = rows_of(table, timezone.localdate(), "ja")
    data = csv_of(table, rows, "ja")
    faults = [
        {"number": one.number, "title": one.title, "where": list(one.verdict.where)}
        for one in readable(table, data)
        if not one.verdict.ok
    ]
    state = TableState.objects.filter(pk=table.key).first() or TableState(key=table.key)
    found = digest(data)
    if state.digest != found:
        state.digest, state.changed_at = found, now
    state.size, state.rows, state.faults, state.looked_at = len(data), len(rows), faults, now
    state.save()
    return state


def look_at_all(say: Callable[[Table, TableState], None] = lambda _table, _state: None) -> list[TableState]:
    """Every table in turn; states of tables that are published no longer go."""
    found = []
    for table in TABLES:
        found.append(look_at(table))
        say(table, found[-1])
    TableState.objects.exclude(pk__in=[one.key for one in TABLES]).delete()
    return found


def states() -> dict[str, TableState]:
    """The states by table."""
    return TableState.objects.in_bulk()
