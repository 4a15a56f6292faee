"""Databases for servers that tests start: copies of the test database, which holds the real records already."""

import os
import time

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

# Longer than it takes to make on any machine.
LONGEST_WAIT = 600


def wait_for_template(server: str, name: str) -> None:
    """Until the database that all others are copied from is made (scripts/template_database.py)."""
    end = time.monotonic() + LONGEST_WAIT
    with psycopg.connect(server, autocommit=True) as own:
        while not own.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]
        ).fetchone():
            if time.monotonic() > end:
                raise TimeoutError(f"{name} was not made")
            time.sleep(0.2)


def copy_of_the_test_database(name: str) -> str:
    """Where the copy is. Migrating and loading anew would take half a minute; nothing may be in a transaction now."""
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    template = connection.settings_dict["NAME"]
    connections.close_all()
    with psycopg.connect(make_conninfo("", **parts), autocommit=True) as own:
        own.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        own.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(str(template))
            )
        )
    return make_conninfo("", **{**parts, "dbname": name})
