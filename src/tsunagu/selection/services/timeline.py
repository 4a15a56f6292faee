"""Writing an application's timeline and moving it from state to state."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from tsunagu.selection.models import Application, Entry
from tsunagu.selection.rules import State, check_move
from tsunagu.sharing.viewer import Viewer


def database_now() -> datetime:
    """The database's clock: one for all web servers, so that a deadline is the same second everywhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def note(
    application: Application,
    words: str,
    *,
    by: Viewer | None = None,
    detail: str = "",
    for_applicant: bool = True,
    at: datetime | None = None,
    by_label: str = "",
) -> Entry:
    """One line of the timeline. Applicants read of the secretariat, not of its single people."""
    label = by_label or (by.display_name if by else "")
    return Entry.objects.create(
        application=application, at=at or timezone.now(), words=words[:300], detail=detail, by_label=label[:100],
        for_applicant=for_applicant,
    )  # fmt: skip


def locked(application: Application) -> Application:
    """The application, held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call", "cutoff__round", "lab__region", "sheet__form_version", "owner")
        .get(pk=application.pk)
    )


def move(application: Application, then: State, *, at: datetime | None = None, **more: Any) -> None:
    """Bring a locked application into another state. Raises `NotAllowed`."""
    check_move(application.state, then)
    application.state, application.state_since = then, at or timezone.now()
    for name, value in more.items():
        setattr(application, name, value)
    application.save(update_fields=["state", "state_since", *more])
