"""Every way of changing the past is found."""

import random

import psycopg
import pytest
from bench.tampering import KINDS, Tampering

from tsunagu.history.chain import Head, Report, look_through


@pytest.fixture
def past(database: psycopg.Connection) -> Head:
    """A history of thirty acts, and its head."""
    for number in range(30):
        with database.transaction():
            database.execute(
                "INSERT INTO lab (name) SELECT %s || n FROM generate_series(1, 3) n", [f"ラボ{number}"]
            )
            database.execute("UPDATE lab SET name = name || '改' WHERE id = (SELECT max(id) FROM lab)")
    return look_through(database).head


@pytest.mark.parametrize("tampering", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_found(database: psycopg.Connection, past: Head, tampering: Tampering, seed: int) -> None:
    reports: list[Report] = []
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        tampering(database, random.Random(seed))
        reports.append(look_through(database, [past]))
        raise psycopg.Rollback
    assert reports[0].broken
    assert look_through(database, [past]).ok
