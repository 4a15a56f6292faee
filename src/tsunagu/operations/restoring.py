"""Putting everything back into an empty database, and checking that it is what was taken out."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from tsunagu.history.chain import Head, examine
from tsunagu.history.heads import keep_restored_head
from tsunagu.history.services import connection_parameters
from tsunagu.history.watching import protect
from tsunagu.operations.archive import BackupRefused, Progress, unpack
from tsunagu.operations.backup import DATABASE_PARTS, SIGNING_KEY_PART, row_counts
from tsunagu.operations.programs import address, find_program


@dataclass(frozen=True)
class Restored:
    """What came back: the time of the backup, rows, tables, files and the length of the history."""

    made_at: str
    rows: int
    tables: int
    files: int
    history: int


def is_empty() -> bool:
    """Whether the database in use has no table yet."""
    return not connection.introspection.table_names()


def empty_database() -> None:
    """Remove every table and function of the database in use. There is no way back."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def restore(
    *, path: Path, identity: str, replace_everything: bool = False, say: Progress = lambda _line: None
) -> Restored:
    """Put a backup into the database in use, which must be empty, and into the file storage.

    With `replace_everything` a database in use is emptied, but only once the whole backup has been opened and compared.

    Raises `BackupRefused` before anything is changed when the backup or the place is unfit, and afterwards when what
    came back is not what the backup's manifest says.
    """
    if not is_empty() and not replace_everything:
        raise BackupRefused("このデータベースは空ではありません。空のデータベースを用意してください。")
    # Readable by nobody else, and gone afterwards.
    with tempfile.TemporaryDirectory(prefix="tsunagu-restore-") as name:
        folder = Path(name)
        say("バックアップを開いています…")
        manifest = unpack(path, identity, folder)
        if not is_empty():
            empty_database()
        say("データベースを戻しています…")
        _restore_database(folder)
        protect()
        say("ファイルを戻しています…")
        files = _restore_files(folder / "files")
        _restore_secret(folder / SIGNING_KEY_PART)
    say("確かめています…")
    return _check(manifest, files)


def _restore_database(folder: Path) -> None:
    dump = folder / "database.dump"
    with dump.open("wb") as whole:
        for part in sorted((folder / DATABASE_PARTS).iterdir()):
            whole.write(part.read_bytes())
            part.unlink()
    command = [str(find_program("pg_restore")), "--no-owner", "--no-acl", "--jobs=2", "--exit-on-error",
               f"--dbname={address()}", str(dump)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    dump.unlink()
    if done.returncode:
        raise BackupRefused(f"データベースを戻せませんでした。\n{done.stderr}")


def _restore_files(folder: Path) -> int:
    count = 0
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_file():
            name = str(path.relative_to(folder))
            if default_storage.exists(name):
                default_storage.delete(name)
            with path.open("rb") as content:
                default_storage.save(name, File(content))
            count += 1
    return count


def _restore_secret(path: Path) -> None:
    target = Path(settings.VAR_DIR) / "secret_key"
    if path.exists() and not target.exists():
        target.touch(mode=0o600)
        target.write_bytes(path.read_bytes())


def _check(manifest: dict[str, Any], files: int) -> Restored:
    with psycopg.connect(**connection_parameters(), autocommit=True) as own:
        own.execute("ANALYZE")
        counts = row_counts(own)
        if counts != manifest["rows"]:
            differ = sorted(
                name
                for name in {*counts, *manifest["rows"]}
                if counts.get(name) != manifest["rows"].get(name)
            )
            raise BackupRefused(f"戻した件数が目録と合いません: {'、'.join(differ)}")
        if files != manifest["files"]:
            raise BackupRefused("戻したファイルの数が目録と合いません。")
        head = manifest["head"]
        report = examine(own, [Head(head["seq"], head["hash"])] if head["seq"] else [])
        if not report.ok:
            raise BackupRefused(f"変更の履歴の鎖が合いません: {report.broken[0]}")
    keep_restored_head(report.head)
    return Restored(manifest["made_at"], sum(counts.values()), len(counts), files, report.seals)
