"""The API keeps what a developer reads in the standards: HEAD, CORS, refusals, whole pages, and a PUT of what GET gave."""

from typing import Any

import pytest
from django.test import Client
from tests.api.test_keys import ONE, a_key, send

from tsunagu.activities.models import Activity, ActivityKind
from tsunagu.api.tables.all import TABLES
from tsunagu.cases.models import Case, Industry
from tsunagu.registry.models import Lab, Policy

pytestmark = pytest.mark.django_db
FEED = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def kind() -> str:
    code: str = ActivityKind.objects.order_by("position")[0].code
    return code


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.key)
def test_following_next_gives_every_row_once(client: Client, table: Any) -> None:
    address, found = f"/api/v1/{table.key}?limit=200", []
    while address:
        page = client.get(address).json()
        found += [one["id"] for one in page["items"]]
        address = page["next"]
    assert len(found) == len(set(found)) == page["total"]
    assert found == [one["id"] for one in client.get(f"/data/{table.key}.json").json()["rows"]]


def test_a_filter_finds_what_the_column_shows(client: Client) -> None:
    rows = client.get("/api/v1/local-governments?prefecture_code=300004&limit=200").json()["items"]
    assert {one["prefecture_code"] for one in rows} == {"300004"}
    assert "300004" in {one["id"] for one in rows}
    case = Case.objects.get(number="S-0001")
    Case.objects.filter(pk=case.pk).update(technologies=["人工知能/AI", "IoT", "IoT"])
    found = client.get("/api/v1/case-technologies?case_id=S-0001").json()
    assert (found["total"], len(found["items"])) == (2, 2)
    for one in found["items"]:
        assert client.get(f"/api/v1/case-technologies/{one['id']}").json() == one


def test_head_gives_what_get_gives_without_the_body(client: Client) -> None:
    for address in ("labs", "", "openapi.json", "labs/410004"):
        got, head = client.get(f"/api/v1/{address}"), client.head(f"/api/v1/{address}")
        assert (head.status_code, head.headers["ETag"], head.content) == (200, got.headers["ETag"], b"")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("post", "labs", {"GET", "HEAD", "OPTIONS"}),
        ("delete", "", {"GET", "HEAD", "OPTIONS"}),
        ("post", "openapi.json", {"GET", "HEAD", "OPTIONS"}),
        ("patch", "own/activities", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_another_method_is_refused_in_the_apis_form(method: str, address: str, allowed: set[str]) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{address}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_a_page_of_another_site_may_ask_first_and_reads_refusals(client: Client) -> None:
    first = client.options("/api/v1/labs", headers={"Origin": "https://example.jp"})
    assert first.status_code == 204
    assert "If-None-Match" in first.headers["Access-Control-Allow-Headers"]
    assert "Authorization" not in first.headers["Access-Control-Allow-Headers"]
    tag = client.get("/api/v1/labs").headers["ETag"]
    same = client.get("/api/v1/labs", headers={"If-None-Match": tag})
    wrong, lost = client.get("/api/v1/labs?nope=1"), client.get("/api/v1/nowhere")
    assert [one.status_code for one in (same, wrong, lost)] == [304, 400, 404]
    for answer in (first, same, wrong, lost, client.get("/data/labs.csv?as_of=x")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_is_too_large_is_refused_in_the_apis_form(kind: str) -> None:
    _key, secret = a_key()
    large = send(secret, "post", "cases", {"title": "題", "problem": "あ" * 6_000_000})
    assert (large.status_code, large.headers["Content-Type"]) == (413, "application/problem+json")


def test_what_was_read_can_be_sent_back_and_changes_nothing(kind: str) -> None:
    _key, secret = a_key()
    other = Lab.objects.exclude(slug="410004")[0].slug
    given = {
        **ONE, "kind": kind, "audience": "labs", "labs": [other], "others": ["商工会"], "summary": "一行目\n二行目",
        "companies": [{"name": "甲社", "corporate_number": ""}], "policies": [Policy.objects.all()[0].code],
    }  # fmt: skip
    made = send(secret, "post", "activities", {"activities": [given]}).json()["activities"][0]
    for _turn in range(2):
        read = send(secret, "get", f"activities/{made['id']}").json()
        sent = {name: value for name, value in read.items() if name != "id"}
        back = send(secret, "put", f"activities/{made['id']}", sent)
        assert back.status_code == 200, back.content
        again = send(secret, "get", f"activities/{made['id']}").json()
        assert back.json()["activities"][0] == again
        assert {**again, "version": 0} == {**read, "version": 0}
    del sent["audience"]
    assert (
        send(secret, "put", f"activities/{made['id']}", {**sent, "version": again["version"]}).status_code
        == 200
    )
    assert Activity.objects.get().audience == "labs"


def test_a_case_that_was_read_can_be_sent_back() -> None:
    _key, secret = a_key()
    given = {
        "title": "題", "about": "lab", "company": "甲社", "industry": Industry.objects.all()[0].code, "field": "farming",
        "summary": "一言", "technologies": ["AI"], "cost": "low", "months": 3, "staff": "2人", "conditions": "条件",
        "results": [{"measure": "時間", "before": 10, "after": 4.5, "unit": "時間"}], "source": "https://example.jp/",
        "began_on": "2025-04", "stage": "stopped", "stopped_why": "人が足りない", "frankly": "内緒", "contact": "山本",
        "policies": [Policy.objects.all()[0].code],
    }  # fmt: skip
    made = send(secret, "post", "cases", given).json()["case"]
    assert {name: made[name] for name in given} == given
    sent = {name: value for name, value in made.items() if name not in {"id", "state", "missing", "url"}}
    back = send(secret, "put", f"cases/{made['id']}", sent)
    assert back.status_code == 200, back.content
    assert {**back.json()["case"], "version": 0} == {**made, "version": 0}


def test_a_misspelt_parameter_does_nothing(kind: str) -> None:
    _key, secret = a_key()
    answer = send(secret, "post", "activities?dryrun=true", {"activities": [{**ONE, "kind": kind}]})
    assert (answer.status_code, Activity.objects.count()) == (400, 0)
    assert send(secret, "get", "activities?foo=1").status_code == 400
    assert send(secret, "get", "cases?limit=1").status_code == 200


def test_every_fault_is_told_by_the_names_of_the_description(kind: str) -> None:
    _key, secret = a_key()
    wrong = {
        "title": "題",
        "industry": "??",
        "field": "none",
        "policies": ["none"],
        "prefecture_code": "999999",
    }
    answer = send(secret, "post", "cases", {**wrong, "industry": "ZZ"})
    assert {one["field"] for one in answer.json()["errors"]} == {
        "industry",
        "field",
        "policies",
        "prefecture_code",
    }
    row = {**ONE, "kind": "none", "started_on": "いつか", "policies": ["none"], "companies": [{"name": ""}]}
    told = send(secret, "post", "activities", {"activities": [row]}).json()["errors"]
    assert {one["field"] for one in told} == {"kind", "started_on", "policies", "companies"}
    for character in "\x01\x1b\x7f\u202e":
        odd = {**ONE, "kind": kind, "title": f"題{character}名"}
        assert send(secret, "post", "activities", {"activities": [odd]}).status_code == 422


def test_feeds_say_who_writes_them_and_files_what_is_wrong(client: Client) -> None:
    from xml.etree import ElementTree

    for address in ("/data/feed.atom", "/cases/feed.atom", "/calls/feed.atom"):
        feed = ElementTree.fromstring(client.get(address).content)
        assert feed.find(f"{FEED}author/{FEED}name") is not None, address
    for bad in ("as_of=abc", "as_of=2999-01-01", "asof=2024-01-31"):
        refused = client.get(f"/data/labs.csv?{bad}")
        assert refused.status_code == 400
        assert "表示しています" not in refused.text
    assert "/experts/" in client.get("/sitemap.xml").text
