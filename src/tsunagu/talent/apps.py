"""The room's place in the framework."""

from django.apps import AppConfig


class TalentConfig(AppConfig):
    """Furusato Co-LEAD."""

    name = "tsunagu.talent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS
        from tsunagu.talent.host import KIND, PointHost

        HOSTS[KIND] = PointHost()
