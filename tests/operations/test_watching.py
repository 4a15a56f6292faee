"""Health, metrics, limits, the page of promises, and a start that refuses weakness."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tsunagu.operations import checks
from tsunagu.operations.models import CheckRun
from tsunagu.operations.services import record_run, record_walk

STRONG = {
    "TSUNAGU_SECRET_KEY": "q8Zr_T5v-1nXoPz7LwKc3BdYfGh2JmA9sEuViR0tQbN6xHyCaWpDgUkS4lIeO",
    "TSUNAGU_HOSTS": "lab.example.jp",
    "TSUNAGU_BEHIND_PROXY": "1",
    "TSUNAGU_SMTP_URL": "smtps://tsunagu:long-random@mail.example.jp",
    "TSUNAGU_MAIL_FROM": "地域DX推進ラボ事務局 <office@lab.example.jp>",
    "DATABASE_URL": "postgresql:///tsunagu?host=/var/run/postgresql",
}


def test_this_process_answers(client: Client, db: None) -> None:
    assert client.get("/healthz").content == b"ok\n"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": "ok", "migrations": "ok", "files": "ok"})
    assert "sessionid" not in ready.cookies


def test_a_part_that_fails_is_named(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    settings.MEDIA_ROOT = blocked / "media"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["files"]) == (503, "failed")


def test_metrics_are_for_whoever_holds_the_token(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/metrics").status_code == 404
    monkeypatch.setenv("TSUNAGU_METRICS_TOKEN", "m" * 40)
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    record_run(kind="drill", ok=True, seconds=1)  # type: ignore[arg-type]
    text = client.get("/metrics", headers={"Authorization": f"Bearer {'m' * 40}"}).content.decode()
    for name in (
        "tsunagu_requests_total",
        "tsunagu_request_seconds_bucket",
        "tsunagu_history_seals",
        "tsunagu_check_ok_drill 1.0",
    ):
        assert name in text


def test_the_page_of_promises_shows_the_last_results(client: Client, db: None, tmp_path: Path) -> None:
    assert "まだ実行していません" in client.get("/trust/").content.decode()
    result = {"checks": 12345, "leaks": 0, "viewers": 18, "seconds": 60.5, "at": "2026-11-23T10:00:00+00:00"}
    (tmp_path / "walk.json").write_text(json.dumps(result))
    record_walk(tmp_path / "walk.json")
    record_walk(tmp_path / "walk.json")
    assert CheckRun.objects.count() == 1
    page = client.get("/trust/").content.decode()
    assert "12345" in page
    assert "2026-11-23 19:00" in page
    record_run(kind="walk", ok=False, seconds=1, checks=9, leaks=2)  # type: ignore[arg-type]
    assert "不合格" in client.get("/trust/").content.decode()


def test_searching_too_often_is_refused_kindly_and_only_for_that_client(client: Client, db: None) -> None:
    answers = [client.get("/labs/", {"q": "佐賀"}).status_code for _number in range(61)]
    assert answers == [200] * 60 + [429]
    refused = client.get("/labs/", {"q": "佐賀"})
    assert "秒ほど待って" in refused.content.decode()
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert client.get("/labs/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.9").get("/labs/", {"q": "佐賀"}).status_code == 200
    spoofed = client.get("/labs/", {"q": "佐賀"}, headers={"X-Forwarded-For": "198.51.100.7"})
    assert spoofed.status_code == 429


def test_the_time_over_counting_begins_anew(client: Client, db: None) -> None:
    from django.db import connection

    for _number in range(61):
        client.get("/labs/", {"q": "佐賀"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sharing_limit SET ends_at = now() - interval '1 second'")
    assert client.get("/labs/", {"q": "佐賀"}).status_code == 200


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"TSUNAGU_SECRET_KEY": "ab" * 40}, "E001"),
        ({"TSUNAGU_HOSTS": ""}, "E002"),
        ({"TSUNAGU_HOSTS": "*"}, "E003"),
        ({"TSUNAGU_HOSTS": ".example.jp"}, "E003"),
        ({"TSUNAGU_BASE_URL": "http://lab.example.jp"}, "E004"),
        ({"DATABASE_URL": ""}, "E006"),
        ({"DATABASE_URL": "postgresql://tsunagu@127.0.0.1/tsunagu"}, "E007"),
        ({"DATABASE_URL": "postgresql://tsunagu:postgres@127.0.0.1/tsunagu"}, "E007"),
        ({"DATABASE_URL": "postgresql://tsunagu:k3V9sX1qLz@db.example.jp/tsunagu"}, "E008"),
        ({"TSUNAGU_METRICS_TOKEN": "short"}, "E009"),
    ],
)
def test_each_weakness_is_named(change: dict[str, str], number: str) -> None:
    assert list(checks.weaknesses(STRONG)) == []
    assert [found for found, _what, _mending in checks.weaknesses({**STRONG, **change})] == [number]


def production(tmp_path: Path, **change: str) -> dict[str, str]:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TSUNAGU_", "DATABASE_", "DJANGO_"))
    }
    return {**ours, **STRONG, "TSUNAGU_VAR": str(tmp_path), **change}


def test_the_framework_finds_nothing_to_warn_of(tmp_path: Path) -> None:
    tsunagu = str(Path(sys.executable).with_name("tsunagu"))
    done = subprocess.run(
        [tsunagu, "check", "--deploy", "--fail-level", "WARNING"],
        env=production(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_weak_server_does_not_start(tmp_path: Path) -> None:
    weak = production(
        tmp_path, TSUNAGU_HOSTS="*", TSUNAGU_SMTP_URL="", DATABASE_URL=os.environ["DATABASE_URL"]
    )
    done = subprocess.run(
        [sys.executable, "-c", "import tsunagu.config.wsgi"],
        env=weak,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "E003" in done.stderr
    assert "TSUNAGU_SMTP_URL" in done.stderr
    assert "起動しません" in done.stderr


def test_the_owner_of_the_tables_is_refused_as_the_web(db: None, settings: Any) -> None:
    """In these tests the connection is the owner's, which may change everything."""
    assert checks.may_change_history() is True
    assert checks.history_is_protected(None, databases=["default"]) == []
    settings.LOCAL_MODE = False
    assert [one.id for one in checks.history_is_protected(None, databases=["default"])] == ["tsunagu.E010"]


def test_verifying_the_history_is_remembered(db: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # heads kept by an earlier run are of another database
    call_command("verify_history")
    run = CheckRun.objects.get()
    assert (run.kind, run.ok) == ("verify", True)
    assert reverse("operations:trust") == "/trust/"
