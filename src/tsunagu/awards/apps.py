"""Makes award entries known to their juries."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    """The room of awards."""

    name = "tsunagu.awards"

    def ready(self) -> None:
        from tsunagu.awards.selectors import read_entry
        from tsunagu.awards.services import KIND
        from tsunagu.reviewing.readings import READINGS

        READINGS[KIND] = read_entry
