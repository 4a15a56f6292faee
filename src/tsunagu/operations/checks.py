"""Refusing to start with a weak configuration: every problem at once, each with its mending."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from psycopg.conninfo import conninfo_to_dict

KNOWN_PASSWORDS = {"", "postgres", "password", "tsunagu", "secret", "admin", "changeme", "passw0rd"}
LEAST_KEY_CHARACTERS = 12


def weaknesses(environment: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(id, what is wrong, how to mend it) for everything that must not be so outside one's own machine."""
    key = environment.get("TSUNAGU_SECRET_KEY", "")
    if len(set(key)) < LEAST_KEY_CHARACTERS:
        yield (
            "E001",
            "秘密鍵が単純すぎます。",
            "TSUNAGU_SECRET_KEY を、乱数で作った50文字以上にしてください。",
        )
    hosts = [host for host in environment.get("TSUNAGU_HOSTS", "").split(",") if host]
    if not hosts:
        yield (
            "E002",
            "公開するホスト名がありません。",
            "TSUNAGU_HOSTS に、例えば lab.example.jp と設定してください。",
        )
    if any(host.startswith(("*", ".")) for host in hosts):
        yield (
            "E003",
            "ホスト名に * や . で始まるものがあります。",
            "TSUNAGU_HOSTS に、使う名前だけを書いてください。",
        )
    base = environment.get("TSUNAGU_BASE_URL", "")
    if base.startswith("http://"):
        yield "E004", "公開する住所が暗号化されていません。", "TSUNAGU_BASE_URL を https:// にしてください。"
    yield from _database_weaknesses(environment.get("DATABASE_URL", ""))
    token = environment.get("TSUNAGU_METRICS_TOKEN")
    if token is not None and len(token) < 32:
        yield (
            "E009",
            "計測用の合言葉が短すぎます。",
            "TSUNAGU_METRICS_TOKEN を32文字以上の乱数にするか、消してください。",
        )


def _database_weaknesses(url: str) -> Iterator[tuple[str, str, str]]:
    if not url:
        yield "E006", "データベースの住所がありません。", "DATABASE_URL を設定してください。"
        return
    parts = conninfo_to_dict(url)
    host = str(parts.get("host", ""))
    over_network = bool(host) and not host.startswith("/")
    if over_network and str(parts.get("password", "")) in KNOWN_PASSWORDS:
        yield (
            "E007",
            "データベースのパスワードがないか、よくあるものです。",
            "長い乱数のパスワードにしてください。",
        )
    away = over_network and host not in {"localhost", "127.0.0.1", "::1"}
    if away and parts.get("sslmode") not in {"require", "verify-ca", "verify-full"}:
        yield (
            "E008",
            "離れたデータベースに、暗号化せずにつなごうとしています。",
            "DATABASE_URL に sslmode=verify-full を付けてください。",
        )


@register("tsunagu")
def refuse_weak_configuration(app_configs: Any, **_details: Any) -> list[CheckMessage]:
    """Outside one's own machine, every weakness is an error."""
    if settings.LOCAL_MODE:
        return []
    return [
        Error(what, hint=mending, id=f"tsunagu.{number}")
        for number, what, mending in weaknesses(dict(os.environ))
    ]


@register(Tags.database)
def history_is_protected(app_configs: Any, databases: Any = None, **_details: Any) -> list[CheckMessage]:
    """The role the web connects as must not be able to change the history (asked when `--database default` is given)."""
    if settings.LOCAL_MODE or not databases or may_change_history() is not True:
        return []
    return [
        Error(
            "このデータベースのロールは、変更の履歴を書き換えられます。",
            hint="表の持ち主と別のロールを DATABASE_URL に、持ち主を DATABASE_OWNER_URL に設定し、tsunagu migrate をしてください。",
            id="tsunagu.E010",
        )
    ]


def may_change_history() -> bool | None:
    """Whether the connected role could change the history; None when the tables are not there or not reachable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_or(has_table_privilege(current_user, oid, 'UPDATE, DELETE, TRUNCATE') "
                "OR pg_has_role(current_user, relowner, 'MEMBER')) FROM pg_class "
                "WHERE relname IN ('history_act', 'history_change', 'history_seal') AND relkind = 'r'"
            )
            found: bool | None = cursor.fetchone()[0]
    except DatabaseError:
        return None
    return found
