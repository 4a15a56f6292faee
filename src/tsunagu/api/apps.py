"""The room's place in the framework."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Open data and the programming interface."""

    name = "tsunagu.api"
    default_auto_field = "django.db.models.BigAutoField"
