"""The drill: a backup counts only when it has been put back and somebody has signed in to what came back."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tsunagu.operations.archive import BackupRefused, Progress
from tsunagu.operations.backup import make_backup
from tsunagu.operations.keys import make_key
from tsunagu.operations.models import CheckKind, CheckRun
from tsunagu.operations.programs import address
from tsunagu.operations.services import record_run


@contextmanager
def empty_database() -> Iterator[str]:
    """A new database on the same server, dropped afterwards: its address."""
    name = f"tsunagu_drill_{secrets.token_hex(4)}"
    with psycopg.connect(address(), autocommit=True) as own:
        own.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            yield address(name)
        finally:
            own.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run_drill(*, say: Progress = lambda _line: None) -> CheckRun:
    """Back up, restore into an empty database and an empty folder, check everything, sign in; keep the result.

    The key is made for the drill and forgotten. Needs a database role that may create databases.
    """
    started = time.monotonic()
    public, private = make_key()
    with tempfile.TemporaryDirectory(prefix="tsunagu-drill-") as name, empty_database() as place:
        folder = Path(name)
        key = folder / "key"
        key.touch(mode=0o600)
        key.write_text(private)
        path = make_backup(folder=folder, recipient=public, say=say)
        backed_up = time.monotonic()
        said = _in_the_copy(place, folder, "restore", str(path), "--key", str(key))
        restored = time.monotonic()
        said += _in_the_copy(place, folder, "check_sign_in")
        say(said.strip())
        return record_run(
            kind=CheckKind.DRILL,
            ok=True,
            seconds=time.monotonic() - started,
            backup_seconds=round(backed_up - started, 1),
            restore_seconds=round(restored - backed_up, 1),
            size=path.stat().st_size,
        )


def _in_the_copy(place: str, folder: Path, *arguments: str) -> str:
    """Run a command on the restored copy, with its own folder for files."""
    environment = {
        **os.environ,
        "DATABASE_URL": place,
        "DATABASE_OWNER_URL": place,
        "TSUNAGU_VAR": str(folder / "var"),
    }
    # Files of the copy must not touch the real storage.
    for name in [name for name in environment if name.startswith("TSUNAGU_S3_")]:
        del environment[name]
    command = [str(Path(sys.executable).with_name("tsunagu")), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"訓練に失敗しました（{arguments[0]}）。\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout
