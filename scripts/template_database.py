"""The database that every process of the tests copies: tables and the programme's records, made once and not by each.

Usage: template_database.py NAME, on the server of `DATABASE_URL`.
"""

import os
import sys
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


def drop(name: str) -> None:
    """Remove the database, if it is there."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _mark(server, name, is_made=False)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _mark(server: psycopg.Connection[Any], name: str, *, is_made: bool) -> None:
    """Whoever waits for the database looks whether it is a template."""
    server.execute(
        sql.SQL("ALTER DATABASE {} IS_TEMPLATE {}").format(sql.Identifier(name), sql.Literal(is_made))
    )


def make(name: str) -> None:
    """Make it anew, so that nothing of an earlier run is in it, and mark it when it is made."""
    server = os.environ["DATABASE_URL"]
    drop(name)
    with psycopg.connect(server, autocommit=True) as own:
        own.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = conninfo_to_dict(server)
    os.environ["DATABASE_URL"] = make_conninfo("", **{**parts, "dbname": name})
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagu.config.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_programme")
    connections.close_all()
    with psycopg.connect(server, autocommit=True) as own:
        _mark(own, name, is_made=True)


if __name__ == "__main__":
    make(sys.argv[1])
