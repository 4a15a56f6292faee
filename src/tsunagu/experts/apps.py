"""The room's place in the framework."""

from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """Experts and their dispatch."""

    name = "tsunagu.experts"
    default_auto_field = "django.db.models.BigAutoField"
