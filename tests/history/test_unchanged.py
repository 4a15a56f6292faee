"""What was read is read again exactly when a watched record has changed."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import ConnectionHandler
from psycopg.conninfo import conninfo_to_dict

from tsunagu.history import heads, unchanged
from tsunagu.history.unchanged import WhileUnchanged

# The database is this folder's own: the connection is let through as for any other.
pytestmark = pytest.mark.django_db

Names = Callable[[], list[str]]


@pytest.fixture
def served(history_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The database as a page's process is connected to it."""
    parts = conninfo_to_dict(history_address)
    own = {key: parts.get(part, "") for key, part in
           (("NAME", "dbname"), ("USER", "user"), ("PASSWORD", "password"), ("HOST", "host"), ("PORT", "port"))}  # fmt: skip
    connection = ConnectionHandler({"default": {"ENGINE": settings.DATABASES["default"]["ENGINE"], **own}})[
        "default"
    ]
    for module in (unchanged, heads):
        monkeypatch.setattr(module, "connection", connection)
    yield connection
    connection.close()


@pytest.fixture
def names(database: psycopg.Connection) -> Names:
    """Reads, and counts how often."""

    def read() -> list[str]:
        reads.append(1)
        return [name for (name,) in database.execute("SELECT name FROM lab ORDER BY id")]

    reads: list[int] = []
    read.reads = reads  # type: ignore[attr-defined]
    return read


def reads(names: Names) -> int:
    return len(names.reads)  # type: ignore[attr-defined]


def add(database: psycopg.Connection, name: str) -> None:
    database.execute("INSERT INTO lab (name) VALUES (%s)", [name])


def test_read_once_until_something_changes(served: Any, database: psycopg.Connection, names: Names) -> None:
    add(database, "はじめ")
    kept: WhileUnchanged[list[str]] = WhileUnchanged(2)
    assert kept.get("ja", names) is kept.get("ja", names)
    assert reads(names) == 1
    add(database, "つぎ")
    assert kept.get("ja", names)[-1] == "つぎ"
    assert reads(names) == 2


def test_what_is_not_committed_is_not_there_and_what_commits_later_is_not_missed(
    served: Any, database: psycopg.Connection, history_address: str, names: Names
) -> None:
    add(database, "はじめ")
    kept: WhileUnchanged[list[str]] = WhileUnchanged(2)
    with psycopg.connect(history_address) as slow:
        add(slow, "おそい")  # begins first, ends last
        add(database, "はやい")
        assert kept.get("ja", names)[-1] == "はやい"
        assert "おそい" not in kept.get("ja", names)
    assert "おそい" in kept.get("ja", names)
    assert reads(names) == 2


def test_what_changes_while_reading_is_read_again(
    served: Any, database: psycopg.Connection, names: Names
) -> None:
    add(database, "はじめ")
    kept: WhileUnchanged[list[str]] = WhileUnchanged(2)

    def interrupted() -> list[str]:
        found = names()
        add(database, "そのあいだに")
        return found

    assert kept.get("ja", interrupted)[-1] == "はじめ"
    assert kept.get("ja", names)[-1] == "そのあいだに"


def test_in_a_transaction_of_its_own_everything_is_read(
    served: Any, database: psycopg.Connection, names: Names
) -> None:
    add(database, "はじめ")
    kept: WhileUnchanged[list[str]] = WhileUnchanged(2)
    kept.get("ja", names)
    served.set_autocommit(False)
    served.in_atomic_block = True
    kept.get("ja", names)
    served.in_atomic_block = False
    served.set_autocommit(True)
    assert reads(names) == 2


def test_only_so_many_are_kept(served: Any, database: psycopg.Connection, names: Names) -> None:
    add(database, "はじめ")
    kept: WhileUnchanged[list[str]] = WhileUnchanged(2)
    for key in ("ja", "en", "ja", "fr", "ja", "en"):
        kept.get(key, names)
    assert reads(names) == 4  # "en" was used least when "fr" came
