"""A database and a server of the measurements' own, as durable as in production."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"


def set_up(database: str = "tsunagu_bench") -> None:
    """Django on an empty, migrated database with the real records; once per process."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    os.environ["TSUNAGU_MODE"] = "local"
    os.environ["TSUNAGU_NO_LIMITS"] = "1"
    os.environ["TSUNAGU_VAR"] = str(VAR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagu.config.settings")
    base = _server()
    with psycopg.connect(base, autocommit=True) as connection:
        _drop(connection, database)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(database))
        )
    os.environ["DATABASE_URL"] = make_conninfo(base, dbname=database)
    django.setup()
    from io import StringIO

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_programme", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


def chromium() -> str:
    """The browser that the browser tests drive (scripts/chromium)."""
    found = subprocess.run(
        [str(ROOT / "scripts" / "chromium")], stdout=subprocess.PIPE, text=True, check=True
    )
    return found.stdout.strip()


def clear_away(database: str) -> None:
    """Remove the database this process was set up on; it is of no use afterwards."""
    from django.db import connections

    connections.close_all()
    with psycopg.connect(make_conninfo(_server(), dbname="postgres"), autocommit=True) as connection:
        _drop(connection, database)


def _server() -> str:
    """Where databases of the measurements are made."""
    from tsunagu.config.embedded import embedded_database_url

    return os.environ.get("DATABASE_URL") or embedded_database_url(VAR)


def _drop(connection: "psycopg.Connection[tuple[object, ...]]", database: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


@contextlib.contextmanager
def server(workers: int = 1) -> Iterator[tuple[str, psutil.Process]]:
    """The product's server on the measurements' database: its address and its main process."""
    from tsunagu.config.launch_server import PortClaim

    claim = PortClaim(8800)
    address = f"http://127.0.0.1:{claim.port}"
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers)]
    place = ["--host", "127.0.0.1", "--port", str(claim.port), "--log-level", "error", "--no-access-log"]
    process = subprocess.Popen([*granian, *place, "tsunagu.config.wsgi:application"])
    try:
        wait_for(f"{address}/about/")
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, seconds: float = 120) -> float:
    """Seconds until the address answers."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return time.monotonic() - started
    raise TimeoutError(address)
