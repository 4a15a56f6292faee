"""Counting a record's versions, so that two people editing it never overwrite each other unseen."""

from django.db import models


class Versioned(models.Model):
    """A record people edit. The database itself counts `version` up at every change, whoever makes it (migration 0002)."""

    # Counting up is no news of its own.
    history_silent: tuple[str, ...] = ("version",)

    version = models.PositiveIntegerField(db_default=1, editable=False)

    class Meta:
        abstract = True
