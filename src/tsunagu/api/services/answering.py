"""A request sent twice with the same idempotency key is done once, and answered the same both times."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tsunagu.api.models import AccessKey, GivenAnswer

LIFETIME = timedelta(hours=48)


class OtherContent(ValueError):
    """The idempotency key was used before for something else."""


@dataclass(frozen=True)
class Answer:
    """A status and a body for JSON."""

    status: int
    body: Any


class _Undone(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def content_digest(*parts: Any) -> str:
    """Stands for what was asked."""
    return hashlib.sha256(
        json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def answered_once(
    work: Callable[[], Answer], *, key: AccessKey, once: str, digest: str, dry_run: bool = False
) -> Answer:
    """Do the work in one transaction, or give the answer of the first time.

    A dry run and a refused request leave nothing behind, and are never remembered. Raises `OtherContent`.
    """
    try:
        with transaction.atomic():
            if once and not dry_run and (known := _known(key, once, digest)):
                return known
            answer = work()
            if dry_run or answer.status >= 400:
                raise _Undone(answer)
            if once:
                GivenAnswer.objects.create(
                    access_key=key, once=once, digest=digest, status=answer.status, body=answer.body
                )
            return answer
    except _Undone as undone:
        return undone.answer


def _known(key: AccessKey, once: str, digest: str) -> Answer | None:
    """The answer given before; waits for a request with the same idempotency key that is still running."""
    number = int.from_bytes(hashlib.sha256(f"{key.pk} {once}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    found = GivenAnswer.objects.filter(access_key=key, once=once).first()
    if found is None:
        return None
    if found.digest != digest:
        raise OtherContent
    return Answer(found.status, found.body)


def forget_old() -> int:
    """Remove answers older than two days; returns how many."""
    return GivenAnswer.objects.filter(given_at__lt=timezone.now() - LIFETIME).delete()[0]
