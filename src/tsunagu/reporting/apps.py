"""Makes reports known to the rooms below."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The room of annual reports."""

    name = "tsunagu.reporting"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS, WATCHING
        from tsunagu.reporting.host import ReportHost

        HOSTS["report"] = WATCHING["report"] = ReportHost()
