"""A database of its own with the history's triggers on one small table: here transactions really commit."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import tsunagu.history

MIGRATIONS = Path(tsunagu.history.__file__).with_name("migrations")
TABLE = """
CREATE TABLE lab (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, password text, content bytea,
  version int DEFAULT 1);
SELECT history_watch('lab', 'id', '{password}', '{content}', '{version}');
"""


@pytest.fixture(scope="session")
def history_address(worker_id: str) -> Iterator[str]:
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    name = f"tsunagu_history_{worker_id}"
    with psycopg.connect(make_conninfo("", **parts), autocommit=True) as connection:
        identifier = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(identifier)
        )
        address = make_conninfo("", **{**parts, "dbname": name})
        with psycopg.connect(address, autocommit=True) as own:
            for file in ("capture.sql", "record.sql"):
                own.execute((MIGRATIONS / file).read_text())
            own.execute(TABLE)
        yield address
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@pytest.fixture
def database(history_address: str) -> Iterator[psycopg.Connection]:
    """A connection that commits each statement unless in a `transaction()`."""
    with psycopg.connect(history_address, autocommit=True) as connection:
        yield connection
