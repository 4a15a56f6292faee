"""What every request asks before its page, read once: what a request of the walk writes is undone, so that the next one
would read the same again; a third of the walk's time went there."""

import contextlib
import copy
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from tests.sharing.world import last_change

from tsunagu.accounts import middleware, view_as
from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.history.unchanged import WhileUnchanged
from tsunagu.sharing.viewer import Viewer


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Sessions, people, their roles, and what the product itself keeps while no record changes.

    The product keeps nothing within a transaction, which the walk is in; here it does, by the newest entry of the history
    (whose numbers are never given twice), so that what was read for one of them and kept is looked at by all others too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SessionStore, "load", _once(SessionStore.load, lambda store: store.session_key))
        patch.setattr(ModelBackend, "get_user", _once(ModelBackend.get_user, lambda _backend, pk: pk))
        for module in (middleware, view_as):
            patch.setattr(module, "viewer_for", _once(viewer_for, _who_when, is_copied=False))
        read_it = _once(lambda _kept, _key, read: read(), _of_these_records, kept=KEPT, is_copied=False)
        patch.setattr(WhileUnchanged, "get", read_it)
        yield


def _who_when(person: Person, *, on: date, seen_by: Viewer | None = None) -> Hashable:
    return person.pk, on, seen_by


def _of_these_records(kept: Any, key: Hashable, _read: Callable[[], Any]) -> Hashable:
    return id(kept), key, last_change()


KEPT: dict[Hashable, Any] = {}


def _once(
    read: Callable[..., Any],
    key_of: Callable[..., Hashable],
    *,
    kept: dict[Hashable, Any] | None = None,
    is_copied: bool = True,
) -> Callable[..., Any]:
    """The same read, done once for each key; when nothing is found it is done again.

    `kept`: what outlasts a walk. `is_copied`: whoever asks may change what they get.
    """
    known = {} if kept is None else kept

    def get(*given: Any, **named: Any) -> Any:
        key = key_of(*given, **named)
        if not (found := known.get(key)):
            found = known[key] = read(*given, **named)
        return copy.deepcopy(found) if is_copied else found

    return get
