"""Who is acting now: put on the running task, told to the database before every write."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from typing import Any

READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW", "FETCH", "CLOSE", "DECLARE")


@dataclass(frozen=True)
class Who:
    """The person, whom they stand in for while viewing as somebody, by which way and from which address."""

    person_id: int | None = None
    person: str = ""
    acting_for_id: int | None = None
    acting_for: str = ""
    via: str = ""
    address: str = ""


NOBODY = Who()
_now: ContextVar[Who] = ContextVar("tsunagu_who", default=NOBODY)


def who_acts() -> Who:
    """Who acts in the running task."""
    return _now.get()


@contextmanager
def acting(who: Who) -> Iterator[None]:
    """Everything written inside is remembered as done by `who`."""
    token = _now.set(who)
    try:
        yield
    finally:
        _now.reset(token)


def name_way(via: str) -> None:
    """Name the way (a page, a command) by which the running task's person acts, once it is known."""
    _now.set(replace(_now.get(), via=via))


def tell(connection: Any, **_details: Any) -> None:
    """On a fresh connection: have every write preceded by who acts."""
    if _tell_before_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(_tell_before_writes)


def tell_database(connection: Any) -> None:
    """Say who acts; for the session, not the transaction: outside one, such a setting would be gone at once."""
    connection.ensure_connection()
    connection.connection.execute(
        "SELECT set_config('tsunagu.who', %s, false)", [json.dumps(asdict(_now.get()))]
    )


def _tell_before_writes(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if not str(sql).lstrip()[:10].upper().startswith(READS):
        tell_database(context["connection"])
    return execute(sql, params, many, context)
