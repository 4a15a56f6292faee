"""Taking everything out: the database, the files, and what this machine needs to read them again."""

import io
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from psycopg import sql

from tsunagu.history.services import connection_parameters
from tsunagu.operations.archive import ArchiveWriter, BackupRefused, Progress, writing
from tsunagu.operations.programs import address, find_program

DATABASE_PARTS = "database"
PART_SIZE = 16 << 20
SIGNING_KEY_PART = "keys/secret_key"


def row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table of ours has; tables that may be lost with a crash are left out."""
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
        "AND relpersistence = 'p' ORDER BY relname"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def stored_files(folder: str = "") -> Iterator[str]:
    """Names of all files in the storage, wherever it lies."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for one in sorted(folders):
        yield from stored_files(f"{folder}/{one}" if folder else one)


def make_backup(*, folder: Path, recipient: str, say: Progress = lambda _line: None) -> Path:
    """Write one encrypted file with everything in it and return where. Raises `BackupRefused`.

    Database and counts are of one moment; files are added after it, so that no file the database names is missing.
    """
    now = timezone.now()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tsunagu-{timezone.localtime(now):%Y%m%d-%H%M%S}.backup"
    with (
        psycopg.connect(**connection_parameters(), autocommit=True) as own,
        own.transaction(),
        writing(path, recipient) as archive,
    ):
        own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = own.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        say("データベースを書き出しています…")
        _add_database(archive, row[0])
        manifest: dict[str, Any] = {"made_at": now.isoformat(), "rows": row_counts(own), "head": _head(own)}
        say("ファイルを書き出しています…")
        manifest["files"] = _add_files(archive, say)
        _add_secret(archive)
        archive.finish(manifest)
    say(f"バックアップができました: {path}（{path.stat().st_size / 1_000_000:.1f} MB）")
    return path


def _add_database(archive: ArchiveWriter, snapshot: str) -> None:
    """In parts of a known size, since a tar must know before what comes; so nothing lies on the disk meanwhile."""
    command = [str(find_program("pg_dump")), "--format=custom", "--no-owner", "--no-acl", "--compress=1",
               f"--snapshot={snapshot}", f"--dbname={address()}"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dump:
        assert dump.stdout is not None
        assert dump.stderr is not None
        number = 0
        while part := dump.stdout.read(PART_SIZE):
            number += 1
            archive.add(f"{DATABASE_PARTS}/{number:06d}", io.BytesIO(part), len(part))
        said = dump.stderr.read().decode(errors="replace")
        if dump.wait():
            raise BackupRefused(f"データベースを書き出せませんでした。\n{said}")


def _head(own: psycopg.Connection[Any]) -> dict[str, Any]:
    row = own.execute(
        "SELECT seq, encode(hash, 'hex') FROM history_seal ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return {"seq": row[0], "hash": row[1]} if row else {"seq": 0, "hash": ""}


def _add_files(archive: ArchiveWriter, say: Progress) -> int:
    count = 0
    for name in stored_files():
        with default_storage.open(name) as file:
            archive.add(f"files/{name}", file, default_storage.size(name))
        count += 1
        if count % 1000 == 0:
            say(f"ファイル {count}件…")
    return count


def _add_secret(archive: ArchiveWriter) -> None:
    """On one's own machine the signing key was made there; elsewhere whoever runs the service keeps it."""
    path = Path(settings.VAR_DIR) / "secret_key"
    if settings.LOCAL_MODE and path.exists():
        with path.open("rb") as file:
            archive.add(SIGNING_KEY_PART, file, path.stat().st_size)


def newest(folder: Path) -> datetime | None:
    """When the newest backup in a folder was made."""
    times = [path.stat().st_mtime for path in folder.glob("tsunagu-*.backup")]
    return datetime.fromtimestamp(max(times), tz=timezone.get_current_timezone()) if times else None
