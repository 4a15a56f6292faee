"""The database that every process of the tests copies: tables and the programme's records, made once and not by each.

Usage: template_database.py NAME, on the server of `DATABASE_URL`.
"""

import os
import sys

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


def drop(name: str) -> None:
    """Remove the database, if it is there."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def make(name: str) -> None:
    """Make it anew, so that nothing of an earlier run is in it."""
    drop(name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    os.environ["DATABASE_URL"] = make_conninfo("", **{**parts, "dbname": name})
    os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagu.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_programme")


if __name__ == "__main__":
    make(sys.argv[1])
