"""A real server on a database of its own, and a real browser."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browser.commanding import Commands
from tests.copying import copy_of_the_test_database

from tsunagu.config.database import as_role
from tsunagu.config.embedded import APP_ROLE
from tsunagu.config.launch_server import PortClaim

TSUNAGU = str(Path(sys.executable).with_name("tsunagu"))
# The browser's driver keeps an event loop running in this process; Django would take later, quite synchronous tests
# for asynchronous ones and refuse them the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine is no failure: what is meant to appear gets as long as a page.
expect.set_options(timeout=15_000)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Site:
    """A running server: its address, and how to run a command, or a piece of Python, on its database."""

    address: str
    commands: Commands

    def command(self, *arguments: str) -> str:
        return self.commands.run(*arguments)

    def python(self, code: str) -> Any:
        """What the last line that it prints holds as JSON."""
        return json.loads(self.commands.python(code).strip().splitlines()[-1])

    def links(self) -> dict[str, str]:
        """One-time sign-in links of the demo people, by the first word of their role."""
        lines = self.command("print_demo_links", "--base-url", self.address).splitlines()
        pairs = zip(lines[::2], lines[1::2], strict=True)
        return {re.split("[（・]", role.strip())[0]: link.strip() for role, link in pairs}


@pytest.fixture(scope="session")
def site(
    worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Site]:
    """The product as `make run` serves it, with the real records."""
    with django_db_blocker.unblock():
        address = copy_of_the_test_database(f"tsunagu_browser_{worker_id}")
    environment = {**os.environ, "DATABASE_URL": address, "TSUNAGU_MODE": "local"}
    environment["TSUNAGU_SEARCH_DIR"] = str(tmp_path_factory.mktemp("site-search"))
    subprocess.run(
        [TSUNAGU, "rebuild_search", "--verbosity", "0"], env=environment, check=True, capture_output=True
    )
    # Pages are served as the role that owns nothing, as `make run` does.
    served = {**environment, "DATABASE_URL": as_role(environment["DATABASE_URL"], APP_ROLE)}
    # Held to the end: servers may share a port, so only the claim keeps two of them apart.
    claim = PortClaim(8700)
    address = f"http://127.0.0.1:{claim.port}"
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--no-access-log"]
    place = ["--host", "127.0.0.1", "--port", str(claim.port), "--log-level", "error"]
    server = subprocess.Popen([*granian, *place, "tsunagu.config.wsgi:application"], env=served)
    commands = Commands(environment)
    try:
        _wait(address)
        yield Site(address, commands)
    finally:
        commands.close()
        server.terminate()
        server.wait(10)


def _wait(address: str) -> None:
    for _attempt in range(200):
        try:
            urllib.request.urlopen(f"{address}/about/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer")


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
        # While the driver's loop runs Django keeps connections apart, which nobody would find when it has ended; and a
        # database with a connection is waited for before it is removed.
        connections.close_all()


@pytest.fixture(scope="session")
def signed_in(site: Site, browser: Browser) -> Callable[..., BrowserContext]:
    """A browser context of a role; each role signs in once per session."""
    states: dict[str, str] = {}
    links = site.links()

    def make(role: str, **options: object) -> BrowserContext:
        if role == "公開":
            return browser.new_context(locale="ja-JP", **options)  # type: ignore[arg-type]
        if role not in states:
            context = browser.new_context(locale="ja-JP")
            page = context.new_page()
            page.goto(links[role])
            page.get_by_role("button", name="サインインする").click()
            states[role] = json.dumps(context.storage_state())
            context.close()
        return browser.new_context(locale="ja-JP", storage_state=json.loads(states[role]), **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def page_of(site: Site, signed_in: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """A page of a role whose addresses are relative to the site; closed after the test."""
    contexts: list[BrowserContext] = []

    def make(role: str = "公開", **options: object) -> Page:
        context = signed_in(role, base_url=site.address, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
