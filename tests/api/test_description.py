"""The API does what its own description says: schemathesis asks it, in and out of what is allowed."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.api.test_keys import a_key

from tsunagu.api.description import api

Application = Callable[..., Any]


@pytest.fixture
def application(db: None) -> Iterator[Application]:
    """The site as a server calls it; the test keeps its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_it_is_as_described(application: Application, settings: Any) -> None:
    settings.TSUNAGU_LIMITS = False
    _key, secret = a_key()
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    schema.app = application
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(
            max_examples=3, deadline=None, phases=[Phase.generate], database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal count
            count += 1
            response = case.call(headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"})
            case.validate_response(response, excluded_checks=_beyond(case))

        ask()
    assert count > 100


def _beyond(case: Any) -> list[Any]:
    """What a schema cannot say: that a kind or a policy is on record. Asking without a key is tried in test_keys."""
    return [positive_data_acceptance, ignored_auth] if "/own/" in case.path else []
