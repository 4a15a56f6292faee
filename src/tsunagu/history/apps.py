"""Watches every table after each migration, and tells the database who is acting."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class HistoryConfig(AppConfig):
    """`tsunagu.history`."""

    name = "tsunagu.history"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tsunagu.history import acting, watching

        def watch(**_details: Any) -> None:
            watching.watch_everything()
            watching.protect()

        # One call after the last room's tables are there, not one for every room.
        post_migrate.connect(watch, sender=self, weak=False, dispatch_uid="history.watch")
        connection_created.connect(acting.tell, dispatch_uid="history.tell")
