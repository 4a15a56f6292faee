"""Reads for those who keep the service running, and for whoever wants to know whether it keeps its promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tsunagu.operations.models import CheckKind, CheckRun
from tsunagu.sharing.viewer import Viewer

Gauge = tuple[str, str, float]


def last_runs(viewer: Viewer) -> dict[str, CheckRun]:
    """The last run of each kind of check; public."""
    del viewer
    runs = CheckRun.objects.order_by("kind", "-ran_at").distinct("kind")
    return {run.kind: run for run in runs}


@dataclass(frozen=True)
class Part:
    """One thing the service needs, and whether it is there."""

    name: str
    ok: bool


def parts() -> list[Part]:
    """Whether the database answers, its tables are up to date, and files can be stored."""
    answers = _database_answers()
    return [
        Part("database", answers),
        Part("migrations", answers and _migrations_applied()),
        Part("files", _storage_takes_files()),
    ]


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _storage_takes_files() -> bool:
    try:
        name = default_storage.save("health/probe", ContentFile(b"ok"))
        default_storage.delete(name)
    except Exception:
        return False
    return True


COUNTS = {
    "tsunagu_sessions": "SELECT count(*) FROM django_session WHERE expire_date > now()",
    "tsunagu_people_active": "SELECT count(*) FROM accounts_person WHERE is_active",
    "tsunagu_history_seals": "SELECT coalesce(max(seq), 0) FROM history_seal",
    "tsunagu_mail_waiting": "SELECT count(*) FROM outbox_mail WHERE state IN ('queued', 'sending', 'retrying')",
    "tsunagu_mail_dead": "SELECT count(*) FROM outbox_mail WHERE state = 'dead'",
    "tsunagu_jobs_waiting": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'",
    "tsunagu_jobs_failed": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
}


def gauges() -> Iterator[Gauge]:
    """(name, what it is, value) for everything that is read from the database and the disk."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name, query in COUNTS.items():
            if query.split(" FROM ")[1].split()[0] in tables:
                cursor.execute(query)
                yield name, query, float(cursor.fetchone()[0])
    now = timezone.now()
    for kind, run in last_runs(Viewer()).items():
        yield f"tsunagu_check_age_seconds_{kind}", CheckKind(kind).value, (now - run.ran_at).total_seconds()
        yield f"tsunagu_check_ok_{kind}", CheckKind(kind).value, float(run.ok)
    from tsunagu.operations.backup import newest

    if made := newest(Path(settings.VAR_DIR) / "backups"):
        yield "tsunagu_backup_age_seconds", "newest backup in the usual folder", (now - made).total_seconds()
