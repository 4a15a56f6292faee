"""Registers the checks of the configuration."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """`tsunagu.operations`."""

    name = "tsunagu.operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tsunagu.operations import checks  # noqa: F401 - registers itself
