"""The embedded PostgreSQL: started on first use, shared by all processes of a checkout, stopped by the last.

The programs come from a wheel. Only a socket in a private folder is listened on, never a network port.
"""

import atexit
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

import psycopg

from tsunagu.config import embedded_keeper
from tsunagu.config.embedded_place import VERSION, Place, find_place

DATABASE = "tsunagu"
# What the web connects as: it owns nothing, so it cannot change the history (tsunagu.history.watching.protect).
APP_ROLE = "tsunagu_app"
STOP_LIMIT = 30.0
# Sorting must be the same on every machine, whatever its language settings.
INITDB = (
    "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)  # fmt: skip
FAST_BUT_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

_uses: dict[Path, "EmbeddedServer"] = {}


def embedded_database_url(var_dir: Path) -> str:
    """Address of the database kept in `var_dir`, made and started as needed and held until this process ends.

    Under `TSUNAGU_TEST_DATABASE=1` a server started by this call trades durability for speed.
    Raises RuntimeError, in words for the person at the keyboard, when PostgreSQL cannot run.
    """
    key = var_dir.resolve()
    if key not in _uses:
        server = EmbeddedServer(key)
        server.enter()
        _uses[key] = server
        atexit.register(release_embedded, var_dir)
    return _uses[key].url


def release_embedded(var_dir: Path) -> None:
    """Stop using the database of `var_dir`; returns after the server ended if this was its last user."""
    server = _uses.get(var_dir.resolve())
    if server is not None and server.pid == os.getpid():
        del _uses[var_dir.resolve()]
        server.leave()


class EmbeddedServer:
    """One process's use of the server; `embedded_keeper` explains the locks."""

    def __init__(self, var_dir: Path) -> None:
        self.pid = os.getpid()
        self.var_dir = var_dir
        self.run_dir = var_dir / "pg-run"
        self.url = ""

    def enter(self) -> None:
        """Start the server unless it runs, and keep it running until `leave` or the end of this process."""
        place = find_place(self.var_dir)
        self.run_dir.mkdir(exist_ok=True)
        self._users = (self.run_dir / "users.lock").open("a+")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        with (self.run_dir / "start.lock").open("a+") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            _make_cluster(place)
            if not self._keeper_lives():
                self._start_keeper(place)
            sockets = self._wait_ready()
            self.url = f"postgresql://postgres@/{DATABASE}?host={quote(str(sockets), safe='')}"
            _make_database(sockets)

    def leave(self) -> None:
        """Give the server up; the last to do so stops it and waits for its end."""
        with self._users:
            if _try_lock(self._users, fcntl.LOCK_EX):
                # Held until the server is gone: whoever comes now waits here and then starts a new one.
                self._stop_keeper()
            elif not _try_lock(self._users, fcntl.LOCK_SH):
                # The keeper was quicker and is stopping the server already.
                _wait_until(lambda: not self._keeper_lives(), STOP_LIMIT)

    def _keeper_file(self) -> TextIO:
        return (self.run_dir / "keeper.lock").open("a+")

    def _keeper_lives(self) -> bool:
        with self._keeper_file() as keeper:
            return not _try_lock(keeper, fcntl.LOCK_EX)

    def _keeper_says(self) -> list[str]:
        return (self.run_dir / "keeper.lock").read_text().splitlines()

    def _start_keeper(self, place: Place) -> None:
        with self._keeper_file() as keeper:
            keeper.truncate(0)
        uid, gid = place.owner or (0, 0)
        settings = FAST_BUT_FORGETFUL if _is_test() else ()
        paths = (embedded_keeper.__file__, self.run_dir, place.data, place.programs)
        subprocess.Popen(
            [sys.executable, "-I", "-S", *map(str, paths), str(uid), str(gid), *settings],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.run_dir / "postgres.log").open("ab"),
            cwd="/",
            # Ctrl-C and a closed terminal are the launcher's business; the database ends after its users.
            start_new_session=True,
        )
        _wait_until(lambda: bool(self._keeper_says()), 10)

    def _wait_ready(self) -> Path:
        def answered() -> bool:
            return len(self._keeper_says()) > 1 or not self._keeper_lives()

        _wait_until(answered, embedded_keeper.READY_LIMIT)
        said = self._keeper_says()
        if len(said) < 2:
            log = self.run_dir / "postgres.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
            raise RuntimeError(f"PostgreSQL を起動できませんでした。記録: {log}\n{tail}")
        return Path(said[1])

    def _stop_keeper(self) -> None:
        if self._keeper_lives() and (said := self._keeper_says()):
            os.kill(int(said[0]), signal.SIGTERM)
            _wait_until(lambda: not self._keeper_lives(), STOP_LIMIT)


def _is_test() -> bool:
    return os.environ.get("TSUNAGU_TEST_DATABASE") == "1"


def _try_lock(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_until(done: Callable[[], bool], limit: float) -> None:
    deadline = time.monotonic() + limit
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)


def _make_cluster(place: Place) -> None:
    """Make the data folder in one move, so that an interrupted start leaves nothing half-made."""
    version = place.data / "PG_VERSION"
    if version.exists():
        if version.read_text().strip() != str(VERSION):
            raise RuntimeError(
                f"{place.data} は PostgreSQL {version.read_text().strip()} のデータです。"
                f"いまの版は {VERSION} です。docs/operate.md の「バックアップ」に従って移してください。"
            )
        return
    unfinished = place.data.with_name("pg.unfinished")
    subprocess.run(["rm", "-rf", unfinished], check=True)
    unfinished.mkdir(mode=0o700)
    owner: dict[str, Any] = {}
    if place.owner:
        os.chown(unfinished, *place.owner)
        owner = {"user": place.owner[0], "group": place.owner[1], "extra_groups": []}
    command = [str(place.programs / "initdb"), *INITDB, "-D", str(unfinished)]
    if _is_test():
        command.append("--no-sync")
    environment = {**os.environ, "LC_ALL": "C"}
    made = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False, **owner
    )
    if made.returncode:
        raise RuntimeError(f"データベースの置き場所を作れませんでした。\n{made.stderr.strip()}")
    unfinished.rename(place.data)


def _make_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
