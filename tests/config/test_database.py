"""What `DATABASE_URL` becomes for Django."""

from pathlib import Path

import psycopg
import pytest

from tsunagu.config.database import database_settings


def test_every_part_of_the_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:p%40ss@db.example:6543/labs?sslmode=require")
    settings = database_settings(Path("/unused"))
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["USER"], settings["PASSWORD"]) == ("anna", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6543", "labs")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_socket_folder_is_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@/tsunagu?host=%2Fsome%20where%2Fpg")
    settings = database_settings(Path("/unused"))
    assert settings["HOST"] == "/some where/pg"
    assert settings["NAME"] == "tsunagu"


def test_unreadable_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db.example/labs")
    with pytest.raises(psycopg.ProgrammingError):
        database_settings(Path("/unused"))
