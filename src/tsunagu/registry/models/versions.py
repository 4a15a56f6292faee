"""Counting a record's versions, so that two people editing it never overwrite each other unseen."""

from django.db import models


class Versioned(models.Model):
    """A record people edit. The database itself counts `version` up at every change, whoever makes it (migration 0002)."""

    version = models.PositiveIntegerField(db_default=1, editable=False)

    class Meta:
        abstract = True
