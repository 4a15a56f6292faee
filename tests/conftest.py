"""Shared by all tests: the real records loaded once per database, and people of each role."""

import os
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from bench.place import chromium as found_chromium
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from tests.copying import wait_for_template
from tests.people import make_person

from tsunagu.config.collecting import collect_seldom

# Times are measured in bench/, never in a test: a busy machine must not fail one.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

ROLES = [
    "meti", "ipa", "bureau", "lab_office", "lab_member", "reviewer", "expert", "support_org", "company", "talent",
]  # fmt: skip


# What needs no database begins, since that is being made; then the longest files, so that no process is left alone with one.
FIRST = ("engines/", "sharing/test_walk", "browser/", "sharing/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in their order; within a file the order stays."""

    def place(item: pytest.Item) -> int:
        path = item.path.as_posix()
        found = [number for number, part in enumerate(FIRST) if f"/tests/{part}" in path]
        return found[0] if found else len(FIRST)

    items.sort(key=place)
    # The test database is made only when a test asks for it; servers that tests start copy it.
    if items and not any(
        item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()) for item in items
    ):
        items[0].add_marker(pytest.mark.django_db)


def pytest_collection_finish() -> None:
    """Looking through what is loaded again and again took a tenth of the suite."""
    collect_seldom()


# A database with tables and records that `make test` has made; without it each process makes its own.
TEMPLATE = os.environ.get("TSUNAGU_TEST_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Test databases are copies of the template, where there is one."""
    if TEMPLATE:
        wait_for_template(os.environ["DATABASE_URL"], TEMPLATE)
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = TEMPLATE


def static_files_are_collected() -> bool:
    """Whether they were collected since one of them changed."""
    collected = settings.STATIC_ROOT / "staticfiles.json"
    sources = (Path(__file__).parents[1] / "src").glob("tsunagu/*/static/**/*")
    return collected.exists() and collected.stat().st_mtime > max(one.stat().st_mtime for one in sources)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the programme's real records in it; each test's writes are rolled back."""
    if not static_files_are_collected():
        call_command("collectstatic", interactive=False, verbosity=0)
    if TEMPLATE:
        return
    with django_db_blocker.unblock():
        call_command("load_programme", stdout=StringIO())


@pytest.fixture(autouse=True)
def _japanese_first() -> Iterator[None]:
    """Each test begins in the source language, whatever page a test before left off with."""
    with translation.override("ja"):
        yield


@pytest.fixture(autouse=True, scope="session")
def _an_index_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each process keeps its search index apart from the others."""
    settings.TSUNAGU_SEARCH_DIR = tmp_path_factory.mktemp("search")


@pytest.fixture(autouse=True, scope="session")
def _little_work_for_passwords() -> Iterator[None]:
    """Argon2id as in the product, with the least work: hundreds of passwords are set and tried."""
    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, name, least)
        yield


@pytest.fixture(autouse=True)
def _one_step_is_enough(settings: Any) -> None:
    """Tests that sign people in at once go without the second step; tests of the second step ask for it."""
    settings.TSUNAGU_REQUIRE_TWO_STEPS = False


@pytest.fixture
def person_of(db: None) -> Callable[..., Any]:
    """Makes a person of a role: bureaus are 関東, lab offices 佐賀県's, unless another place is given."""
    return make_person


@pytest.fixture
def client_of(person_of: Callable[..., Any]) -> Callable[..., Client]:
    """A signed-in client of a role; 'public' is signed in as nobody."""

    def make(role: str, **place: str) -> Client:
        client = Client()
        if role != "public":
            client.force_login(person_of(role, **place))
        return client

    return make


@pytest.fixture
def viewer_of(person_of: Callable[..., Any]) -> Callable[..., Any]:
    """The viewer a person of a role is today."""
    from django.utils import timezone

    from tsunagu.accounts.selectors import viewer_for

    def make(role: str, **place: str) -> Any:
        return viewer_for(person_of(role, **place), on=timezone.localdate())

    return make


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium that browser tests drive (scripts/chromium)."""
    return Path(found_chromium())
