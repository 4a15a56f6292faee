"""Every public table, as file, by the API, in the catalogue; and that a stranger's script reads them all."""

import csv
import io
import json
import re
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
import rdflib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rdflib.compare import isomorphic

from tsunagu.activities.models import Activity, ActivityCompany, ActivityKind
from tsunagu.api import files, stating
from tsunagu.api.models import TableState
from tsunagu.api.tables.all import BY_KEY, TABLES
from tsunagu.api.tables.base import Table
from tsunagu.registry.models import Lab

TODAY = date.today()
KEYS = re.compile(r"[a-z][a-z0-9_]*")


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.key)
def test_every_table_is_described_and_readable(table: Table, db: None) -> None:
    """CSV meets the 15 points, JSON its own schema, and every column says what it is in GIF or why it is nothing there."""
    rows = files.rows_of(table, timezone.localdate(), "ja")
    data = files.csv_of(table, rows, "ja")
    missed = [(one.number, one.verdict.where) for one in files.readable(table, data) if not one.verdict.ok]
    assert missed == []
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(read) == len(rows) + 1
    whole = json.loads(files.json_of(table, rows, timezone.localdate(), "en"))
    assert list(jsonschema_rs.iter_errors(files.schema_of(table, "en"), whole)) == []
    for one in table.shown:
        assert KEYS.fullmatch(one.key)
        assert one.label
        assert one.label_en
        assert bool(one.gif) != bool(one.own), one.key


@pytest.mark.django_db
def test_a_past_day_and_a_day_that_is_none(client: Client) -> None:
    then = client.get("/api/v1/labs?as_of=2024-01-31&limit=200").json()
    now = client.get("/api/v1/labs?limit=200").json()
    assert then["as_of"] == "2024-01-31"
    assert 0 < then["total"] <= now["total"]
    standing = [sum(one["status"] == "ended" for one in day["items"]) for day in (then, now)]
    assert standing[0] <= standing[1]
    assert client.get("/data/labs.csv?as_of=2024-01-31").content != client.get("/data/labs.csv").content
    assert client.get("/api/v1/labs?as_of=1999-01-01").status_code == 404
    assert client.get("/data/labs.csv?as_of=1999-01-01").status_code == 400
    assert client.get("/data/cases.csv?as_of=2024-01-31").status_code == 400
    assert client.get("/api/v1/cases?as_of=2024-01-31").status_code == 400


@pytest.mark.django_db
def test_pages_filters_and_what_is_unknown(client: Client) -> None:
    first = client.get("/api/v1/local-governments?limit=50&prefecture_code=130001")
    body = first.json()
    assert body["total"] > 50
    assert len(body["items"]) == 50
    assert 'rel="next"' in first.headers["Link"]
    assert "prefecture_code=130001" in body["next"]
    second = client.get(body["next"].removeprefix("http://testserver")).json()
    assert second["offset"] == 50
    assert not {one["id"] for one in body["items"]} & {one["id"] for one in second["items"]}
    refused = client.get("/api/v1/labs?burau=kanto")
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["errors"][0]["field"] == "burau"
    assert client.get("/api/v1/labs?limit=0").json()["errors"][0]["what"] == "1 以上にしてください。"
    assert client.get("/api/v1/nothing").status_code == 404
    english = client.get("/api/v1/labs?lang=en&limit=1").json()
    assert english["fields"]["name"] == "Name"
    assert english["items"][0]["scheme_label"].isascii()
    one = client.get(f"/api/v1/labs/{english['items'][0]['id']}").json()
    assert one["name"] == english["items"][0]["name"]


@pytest.mark.django_db
def test_nothing_is_sent_twice(client: Client) -> None:
    for address in ("/api/v1/labs", "/data/labs.csv", "/data/catalog.jsonld", "/api/v1/openapi.json"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert first.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_a_list_asks_little(client: Client, settings: Any) -> None:
    """At most six queries for any list, the one that counts how often somebody asks included."""
    client.get("/api/v1/labs")
    for table in TABLES:
        if table.key in {"figures", "activity-statistics", "activity-statistics-by-bureau", "survey-results"}:
            continue  # computed from many records at once, whatever the page
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/v1/{table.key}?limit=50").status_code == 200
        assert len(asked) <= 6, (table.key, [one["sql"][:80] for one in asked])


@pytest.mark.django_db
def test_what_is_not_public_is_in_no_table(client: Client) -> None:
    lab, kind = Lab.objects.order_by("slug")[0], ActivityKind.objects.all()[0]
    shown, kept = (
        Activity.objects.create(lab=lab, kind=kind, title=title, started_on=TODAY, audience=audience)
        for title, audience in (("公開の催し", "public"), ("ラボ間の相談", "labs"))
    )
    ActivityCompany.objects.create(activity=shown, name="名前の出ない会社", company_key="x")
    whole = b"".join(client.get(f"/data/{one.key}.json").content for one in TABLES).decode()
    assert "公開の催し" in whole
    assert "ラボ間の相談" not in whole
    assert "名前の出ない会社" not in whole
    assert client.get(f"/api/v1/activities/{kept.pk}").status_code == 404
    assert client.get(f"/api/v1/activities/{shown.pk}").json()["title"] == "公開の催し"


@pytest.mark.django_db
def test_the_state_of_a_table_changes_with_its_content() -> None:
    stating.look_at_all()
    before = TableState.objects.get(pk="activities")
    assert before.faults == []
    stating.look_at(BY_KEY["activities"])
    assert TableState.objects.get(pk="activities").changed_at == before.changed_at
    lab, kind = Lab.objects.order_by("slug")[0], ActivityKind.objects.all()[0]
    Activity.objects.create(lab=lab, kind=kind, title="①を含む題名", started_on=TODAY, audience="public")
    after = stating.look_at(BY_KEY["activities"])
    assert (after.rows, after.digest != before.digest) == (before.rows + 1, True)
    assert after.changed_at > before.changed_at


@pytest.mark.django_db
def test_the_catalogue_is_one_graph_in_two_spellings(client: Client) -> None:
    stating.look_at_all()
    whole = json.loads(client.get("/data/catalog.jsonld").content)
    told, said = rdflib.Graph(), rdflib.Graph()
    told.parse(data=json.dumps(whole), format="json-ld")
    said.parse(data=client.get("/data/catalog.ttl").content.decode(), format="turtle")
    assert isomorphic(told, said)
    dcat, terms = (
        rdflib.Namespace("http://www.w3.org/ns/dcat#"),
        rdflib.Namespace("http://purl.org/dc/terms/"),
    )
    datasets = list(told.subjects(rdflib.RDF.type, dcat.Dataset))
    assert len(datasets) == len(TABLES)
    for one in datasets:
        for needed in (
            terms.title, terms.description, terms.publisher, terms.license, terms.issued, terms.modified, terms.spatial,
            terms.temporal, dcat.contactPoint, dcat.distribution, dcat.version,
        ):  # fmt: skip
            assert told.value(one, needed) is not None, (one, needed)
    package = client.get("/api/3/action/package_show?id=labs").json()["result"]
    assert package["resources"][0]["hash"] == TableState.objects.get(pk="labs").digest
    assert len(client.get("/api/3/action/package_list").json()["result"]) == len(TABLES)


@pytest.mark.django_db
def test_pages_for_crawlers(client: Client) -> None:
    stating.look_at(BY_KEY["labs"])
    assert 'itemtype="https://schema.org/Dataset"' in client.get("/en/data/labs/").content.decode()
    markup = json.loads(client.get("/en/data/labs.jsonld").content)
    assert (markup["@type"], markup["license"]) == ("Dataset", BY_KEY["labs"].licence.address)
    addresses = re.findall(r"<loc>http://testserver(.+?)</loc>", client.get("/sitemap.xml").content.decode())
    assert sorted(addresses) == sorted(set(addresses))
    assert len(addresses) > 300
    assert not [one for one in addresses if "/office/" in one]
    assert all(client.get(one).status_code == 200 for one in addresses[:40:7] + addresses[-6:])
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert "<updated>" in client.get("/data/feed.atom").content.decode()
