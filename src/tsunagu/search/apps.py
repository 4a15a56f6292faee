"""Makes the keeper of the index known to the worker below."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room of searching."""

    name = "tsunagu.search"

    def ready(self) -> None:
        from tsunagu.outbox.worker import BESIDE
        from tsunagu.search.keeping import start

        if start not in BESIDE:
            BESIDE.append(start)
