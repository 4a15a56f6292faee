"""The world the walks go through."""

import copy
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseNotFound
from django.test import client, override_settings
from django.urls import get_resolver
from django.utils import translation
from tests.people import make_person
from tests.sharing.world import World, make_world

from tsunagu.accounts import session_limits


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are expected here; each would be written to the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world_of_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of a file, in a transaction around theirs: each test's own writes are rolled back to it."""
    with django_db_blocker.unblock():
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            # Each test closes the connection when it is over, which would end the transaction around it.
            patch.setattr(connection, "close", lambda: None)
            # In the minute after a request a session is not written again. Here requests are taken back, so that this
            # would be each one's first and write; who asks at the beginning of a walk counts as there for all of it.
            patch.setattr(session_limits, "GRAIN", timedelta(minutes=30))
            # Nobody here looks at the templates and contexts that the client would copy for each answer.
            patch.setattr(client, "store_rendered_templates", lambda *_args, **_more: None)
            with override_settings(TSUNAGU_REQUIRE_TWO_STEPS=False), translation.override("ja"):
                made = make_world(make_person)
            yield made
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture
def world(world_of_the_file: World, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The file's world with everybody signed in as in the beginning.

    Thousands of answers are "there is no such page": what that page shows is tried by a test of its own, here it is one word.
    """
    resolver = get_resolver()
    handler = resolver.resolve_error_handler
    monkeypatch.setattr(
        resolver, "resolve_error_handler", lambda code: _nothing_there if code == 404 else handler(code)
    )
    return copy.deepcopy(world_of_the_file)


def _nothing_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponseNotFound:
    return HttpResponseNotFound("404")
