"""Two web processes and two workers that share the database and the files, and nothing else."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from bench.crash import Web, hidden, sign_in_links, signed_in
from tests.copying import copy_of_the_test_database

from tsunagu.config.launch_server import PortClaim

TSUNAGU = str(Path(sys.executable).with_name("tsunagu"))


@pytest.fixture(scope="module")
def machines(
    worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Web, Web, dict[str, str]]]:
    """Two servers, each with two processes, and two workers on one database made for this test."""
    files = tmp_path_factory.mktemp("shared")
    with django_db_blocker.unblock():
        address = copy_of_the_test_database(f"tsunagu_machines_{worker_id}")
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "TSUNAGU_VAR": str(files),
        "TSUNAGU_MODE": "local",
    }
    subprocess.run(
        [TSUNAGU, "collectstatic", "--no-input", "--verbosity", "0"],
        env=environment,
        check=True,
        capture_output=True,
    )
    claims = [PortClaim(9100), PortClaim(9200)]
    servers = [Web(environment, claim.port) for claim in claims]
    workers = [
        subprocess.Popen(
            [TSUNAGU, "worker"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _number in range(2)
    ]
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait()
        yield servers[0], servers[1], environment
    finally:
        for server in servers:
            server.stop()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(15)
            worker.kill()


def test_a_person_works_on_both_without_noticing(machines: tuple[Web, Web, dict[str, str]]) -> None:
    """Signed in on one, a form fetched there is sent to the other; its file and its answer are the same on both."""
    one, other, environment = machines
    session = signed_in(sign_in_links(environment, one.address)[3])
    page = session.get(f"{one.address}/office/labs/410004/documents/new/", timeout=30)
    form = {**hidden(page.text), "title": "二台の資料", "audience": "public"}
    content = "二台で同じファイル".encode()
    answers = [
        session.post(
            f"{server.address}/office/labs/410004/documents/new/",
            data=form,
            files={"file": ("資料.txt", content)},
            timeout=30,
            allow_redirects=False,
        )
        for server in (other, one)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    listed = session.get(f"{one.address}/office/labs/410004/documents/", timeout=30).text
    assert listed.count("二台の資料") >= 1
    (path,) = set(re.findall(r"/office/documents/\d+/file/", listed))
    assert requests.get(f"{one.address}{path}", timeout=30).content == content
    assert requests.get(f"{other.address}{path}", timeout=30).content == content


def test_limits_are_counted_together(machines: tuple[Web, Web, dict[str, str]]) -> None:
    one, other, _environment = machines
    found = [
        requests.get(f"{server.address}/labs/?q=x", timeout=30).status_code
        for _number in range(31)
        for server in (one, other)
    ]
    assert found.count(429) == 2


def test_a_mail_leaves_once_with_two_workers(machines: tuple[Web, Web, dict[str, str]]) -> None:
    one, other, environment = machines
    for server in (one, other):
        session = requests.Session()
        page = session.get(f"{server.address}/sign-in/", timeout=30)
        keys = re.findall(r'name="(csrfmiddlewaretoken|form_key)" value="([^"]+)"', page.text)
        form = {**dict(keys), "email": "lab_office@demo.invalid"}
        assert session.post(f"{server.address}/sign-in/link/", data=form, timeout=30).status_code == 200
    deadline = time.monotonic() + 60
    states: list[str] = []
    while time.monotonic() < deadline:
        with psycopg.connect(environment["DATABASE_URL"]) as own:
            states = [row[0] for row in own.execute("SELECT state FROM outbox_mail").fetchall()]
        if states and set(states) == {"sent"}:
            break
        time.sleep(0.2)
    assert states == ["sent", "sent"]
    mails = [path for path in Path(environment["TSUNAGU_VAR"], "mail").rglob("*") if path.is_file()]
    assert len(mails) == 2
