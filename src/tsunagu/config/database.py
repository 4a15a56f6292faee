"""Where the database is: `DATABASE_URL`, or the embedded PostgreSQL that `tsunagu.config.embedded` keeps in `var/`."""

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

# Verbs that make or load tables, or need the whole database: they connect as its owner where one is named.
OWNER_VERBS = {"migrate", "load", "load_programme", "flush", "backup", "restore", "drill", "verify_history"}


def act_as_owner() -> None:
    """Let this process connect as the owner of the tables (`DATABASE_OWNER_URL`), where one is named."""
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = owner


def as_role(url: str, role: str) -> str:
    """The same database, connected to as another role without a password (the embedded server's way)."""
    return make_conninfo("", **{**conninfo_to_dict(url), "user": role})


def database_settings(var_dir: Path) -> dict[str, Any]:
    """Django's `DATABASES["default"]` for `DATABASE_URL`.

    Without `DATABASE_URL` the address of the embedded server, started on first use, is taken.
    Raises `psycopg.ProgrammingError` when the address cannot be read.
    """
    url = os.environ.get("DATABASE_URL")
    if not url:
        from tsunagu.config.embedded import embedded_database_url

        url = embedded_database_url(var_dir)
    parts = conninfo_to_dict(url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, Any] = {names[key]: str(value) for key, value in parts.items() if key in names}
    options = {key: value for key, value in parts.items() if key not in names}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        **settings,
    }
