"""Databases for servers that tests start: copies of the test database, which holds the real records already."""

import os

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


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
