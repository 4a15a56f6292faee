"""Makes applications known to the rooms below, and the parts of this room to each other."""

from django.apps import AppConfig


class SelectionConfig(AppConfig):
    """The room of selection."""

    name = "tsunagu.selection"

    def ready(self) -> None:
        from tsunagu.questionnaires.hosting import HOSTS
        from tsunagu.reviewing.readings import READINGS
        from tsunagu.selection import reviews
        from tsunagu.selection.host import ApplicationHost
        from tsunagu.selection.services.applying import AFTER_WITHDRAWAL
        from tsunagu.selection.services.deciding import EXTRA_CHECKS, drop_decision

        HOSTS["application"] = ApplicationHost()
        READINGS["application"] = reviews.read_application
        AFTER_WITHDRAWAL += [reviews.close_review, drop_decision]
        EXTRA_CHECKS.append(reviews.unfinished)
