"""The secretariat looks at pages as somebody else: announced on every page, written down, and never changing anything."""

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.history.services import note
from tsunagu.sharing.viewer import Viewer

KEY = "view_as"


class ViewAsRefused(PermissionError):
    """Only the secretariat looks as others, and not as one another."""


def begin(*, by: Viewer, person: Person, session: SessionBase) -> None:
    """From now on pages look as they do for `person`. Raises `ViewAsRefused`."""
    theirs = viewer_for(person, on=timezone.localdate())
    if not by.is_secretariat or by.seen_by is not None or theirs.is_secretariat or not person.is_active:
        raise ViewAsRefused
    note(action="view_as_began", table="accounts_person", record=str(person.pk))
    session[KEY] = person.pk


def end(*, viewer: Viewer, session: SessionBase) -> None:
    """Pages are one's own again."""
    if session.pop(KEY, None) is not None:
        note(action="view_as_ended", table="accounts_person", record=str(viewer.person_id))


def seen_as(own: Viewer, session: SessionBase) -> Viewer:
    """The viewer pages are made for: oneself, or the person one looks as while one may."""
    pk = session.get(KEY)
    if pk is None:
        return own
    person = Person.objects.filter(pk=pk, is_active=True).first() if own.is_secretariat else None
    if person is None:
        del session[KEY]
        return own
    return viewer_for(person, on=timezone.localdate(), seen_by=own)
