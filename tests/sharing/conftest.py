"""The world the walks go through."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from tests.sharing.world import World, make_world


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are expected here; each would be written to the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(person_of: Any) -> World:
    return make_world(person_of)
