"""Makes surveys known to the answer sheets below."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room of surveys."""

    name = "tsunagu.surveys"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS
        from tsunagu.surveys.host import KIND, SurveyHost

        HOSTS[KIND] = SurveyHost()
