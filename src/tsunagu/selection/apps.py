"""Makes applications known to the rooms below."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    """The room of selection."""

    name = "tsunagu.selection"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS
        from tsunagu.selection.host import ApplicationHost

        HOSTS["application"] = ApplicationHost()
