"""The rules of the move: states of the board, the six criteria against an IoT plan, notices before support ends. Pure."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What the DX scheme asks for beyond the IoT scheme (deck p.7).
ADDED = ("direction", "transformation")


class Intention(TextChoices):
    """Where a lab stands on the way (deck p.8, p.11)."""

    UNKNOWN = "unknown", _("未確認")
    WILLING = "willing", _("前向き")
    PREPARING = "preparing", _("準備中")
    CONSULTED = "consulted", _("相談済み")
    APPLIED = "applied", _("申請済み")
    NOT = "not", _("移行しない")


def gaps(covered: Iterable[str], criteria: Collection[str]) -> list[str]:
    """The criteria an IoT plan says nothing to, those the DX scheme added first."""
    known = set(covered)
    missing = [one for one in criteria if one not in known]
    return sorted(missing, key=lambda one: (one not in ADDED, list(criteria).index(one)))


def notices_due(ends_on: date, days_before: Iterable[int], *, today: date) -> list[int]:
    """Which notices' day has come and whose end has not: also one that fell on a day nobody was there."""
    return sorted(one for one in set(days_before) if (ends_on - today).days <= one and today < ends_on)


def nearest_notice(ends_on: date, days_before: Iterable[int], *, today: date) -> int | None:
    """The notice to send today: only the latest of those whose day has come."""
    due = notices_due(ends_on, days_before, today=today)
    return due[0] if due else None
