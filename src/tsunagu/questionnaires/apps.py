"""Makes trial sheets known."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """The room of forms and answers."""

    name = "tsunagu.questionnaires"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS
        from tsunagu.questionnaires.trial import KIND, TrialHost

        HOSTS[KIND] = TrialHost()
