"""Numbers people speak of a record by: C-0001, D-0001, CL-0001."""

from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.functions import Length


def next_number(model: type[Model], prefix: str) -> str:
    """The next number of a kind of record, each given once: whoever begins one at the same time waits for this transaction.

    The model keeps it in `number`. More than 9,999 get a digit more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"number {model._meta.db_table}"])
    manager: Any = model._default_manager
    numbered = manager.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    last: str | None = numbered.values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:04d}"
