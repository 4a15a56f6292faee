"""The tables of experts hold those who are listed, and nothing that says who they are."""

import pytest
from django.test import Client
from django.utils import timezone
from tests.experts.test_dispatch import make_expert

from tsunagu.api import files
from tsunagu.api.tables.experts import TABLES
from tsunagu.experts.models import Expert, Theme
from tsunagu.registry.models import LocalGovernment

pytestmark = pytest.mark.django_db


def everything() -> str:
    day = timezone.localdate()
    return "".join(
        files.csv_of(table, files.rows_of(table, day, "ja"), "ja").decode()
        + str(files.json_of(table, files.rows_of(table, day, "en"), day, "en"))
        for table in TABLES
    )


def test_only_who_is_listed_and_never_who_they_are(client: Client) -> None:
    one = make_expert(
        "秘密 花子",
        about="ひみつの経歴",
        affiliation="ひみつ大学",
        sells="ひみつの道具",
        shows_alternatives=True,
    )
    one.areas.add(LocalGovernment.objects.get(pk="410004"))
    one.themes.add(Theme.objects.exclude(code="iot")[0])
    away = make_expert("載らない人", is_listed=False)
    unconfirmed = make_expert("確かめない人")
    Expert.objects.filter(pk=unconfirmed.pk).update(confirmed_on=None)
    text = everything()
    for hidden in ("花子", "ひみつ", "現場", "@example", "載らない", "確かめない"):
        assert hidden not in text, hidden
    (row,) = client.get("/api/v1/experts").json()["items"]
    assert (row["id"], row["sells"], row["goes_anywhere"]) == (str(one.pk), True, False)
    assert row["url"].endswith(f"/experts/{one.pk}/")
    themes = client.get(f"/api/v1/expert-themes?expert_id={one.pk}").json()
    assert themes["total"] == 2
    assert client.get("/api/v1/expert-themes?theme=iot").json()["total"] == 1
    assert (
        client.get(f"/api/v1/expert-areas?expert_id={one.pk}").json()["items"][0]["prefecture_code"]
        == "410004"
    )
    assert client.get(f"/api/v1/expert-themes?expert_id={away.pk}").json()["total"] == 0
    assert client.get("/api/v1/expert-themes?expert_id=x").json()["total"] == 0


def test_who_leaves_the_directory_leaves_the_tables(client: Client) -> None:
    one = make_expert("去る人")
    assert client.get("/api/v1/experts").json()["total"] == 1
    Expert.objects.filter(pk=one.pk).update(is_listed=False)
    assert client.get("/api/v1/experts").json()["total"] == 0
    assert client.get(f"/experts/{one.pk}/").status_code == 404


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.key)
def test_the_fifteen_points_hold_with_rows(table: object) -> None:
    one = make_expert("人")
    one.areas.add(LocalGovernment.objects.get(pk="410004"))
    rows = files.rows_of(table, timezone.localdate(), "ja")  # type: ignore[arg-type]
    assert rows
    missed = [
        each.number for each in files.readable(table, files.csv_of(table, rows, "ja")) if not each.verdict.ok
    ]  # type: ignore[arg-type]
    assert missed == []
