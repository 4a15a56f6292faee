"""A lab's own program: its key, what it may do with it, and how it is told what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.people import make_person

from tsunagu.accounts.models import Membership
from tsunagu.accounts.selectors import viewer_for
from tsunagu.activities.models import Activity
from tsunagu.api.models import AccessKey
from tsunagu.api.services.keys import NotAllowed, make_key, open_with
from tsunagu.cases.models import Case
from tsunagu.history.models import Act
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

ALL = ("read", "activities:write", "cases:write")
ONE = {"kind": "seminar", "title": "DX入門セミナー", "started_on": "2026-05-01", "people": 24}


def a_key(*scopes: str, lab: str = "410004") -> tuple[AccessKey, str]:
    person = make_person("lab_office", lab=lab)
    viewer = viewer_for(person, on=timezone.localdate())
    return make_key(
        lab=Lab.objects.get(slug=lab), name="台帳", scopes=scopes or ALL, by=viewer,
        expires_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def send(secret: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    asked = getattr(Client(), method)
    more = {"content_type": "application/json", "data": body} if body is not None else {}
    return asked(f"/api/v1/own/{path}", headers={"Authorization": f"Bearer {secret}", **headers}, **more)


@pytest.fixture
def kind(db: None) -> str:
    from tsunagu.activities.models import ActivityKind

    code: str = ActivityKind.objects.order_by("position")[0].code
    return code


def test_recording_correcting_and_removing(kind: str) -> None:
    _key, secret = a_key()
    given = {
        **ONE,
        "kind": kind,
        "companies": [{"name": "甲社", "corporate_number": ""}],
        "audience": "parties",
    }
    tried = send(secret, "post", "activities?dry_run=true", {"activities": [given]})
    assert (tried.status_code, tried.json()["dry_run"], Activity.objects.count()) == (200, True, 0)
    made = send(secret, "post", "activities", {"activities": [given]})
    assert made.status_code == 201
    (one,) = made.json()["activities"]
    stored = Activity.objects.get()
    assert (stored.lab.slug, stored.title, stored.people, stored.noted_by_id) == (
        "410004",
        ONE["title"],
        24,
        _key.person_id,
    )
    act = Act.objects.filter(changes__table_name="activities_activity").order_by("-id")[0]
    assert act.person_id == _key.person_id
    assert "APIの鍵" in act.via
    changed = send(
        secret, "put", f"activities/{one['id']}", {**given, "people": 30, "version": one["version"]}
    )
    assert changed.json()["activities"][0]["people"] == 30
    late = send(secret, "put", f"activities/{one['id']}", {**given, "version": one["version"]})
    assert (late.status_code, late.headers["Content-Type"]) == (409, "application/problem+json")
    assert send(secret, "get", "activities").json()["total"] == 1
    assert send(secret, "delete", f"activities/{one['id']}").status_code == 204
    assert Activity.objects.count() == 0


def test_all_faults_at_once_and_nothing_stored(kind: str) -> None:
    _key, secret = a_key()
    rows = [
        {**ONE, "kind": kind},
        {**ONE, "kind": "no-such-kind"},
        {**ONE, "kind": kind, "started_on": "2026-13-45"},
        {**ONE, "kind": kind, "ended_on": "2020-01-01", "policies": ["no-such"]},
    ]
    answer = send(secret, "post", "activities", {"activities": rows})
    assert answer.status_code == 422
    faults = {(one["row"], one["field"]) for one in answer.json()["errors"]}
    assert {(2, "kind"), (3, "started_on"), (4, "policies")} <= faults
    assert Activity.objects.count() == 0
    wrong = send(secret, "post", "activities", {"activities": [{**ONE, "kind": kind, "peopl": 3}]}).json()
    assert wrong["errors"] == [
        {"row": 1, "field": "peopl", "what": "この項目はありません。名前を確かめてください。"}
    ]
    broken = Client().post(
        "/api/v1/own/activities", data="{", content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert broken.status_code == 422


def test_sent_twice_is_done_once(kind: str) -> None:
    _key, secret = a_key()
    body = {"activities": [{**ONE, "kind": kind}]}
    once = {"Idempotency-Key": "2026-05-01-001"}
    first, again = (send(secret, "post", "activities", body, **once) for _turn in range(2))
    assert first.json() == again.json()
    assert Activity.objects.count() == 1
    other = send(secret, "post", "activities", {"activities": [{**ONE, "kind": kind, "title": "別"}]}, **once)
    assert other.status_code == 422


def test_a_case_is_written_and_stays_a_draft(kind: str) -> None:
    _key, secret = a_key()
    given = {
        "title": "センサーで見回りを減らす", "problem": "毎日の見回り", "technologies": ["センサー"], "frankly": "電池が切れた",
        "results": [{"measure": "見回りの時間", "before": 10, "after": 4.5, "unit": "時間／週"}],
    }  # fmt: skip
    made = send(secret, "post", "cases", given)
    assert made.status_code == 201, made.content
    case = Case.objects.get(number=made.json()["case"]["id"])
    assert (case.state, case.technologies, case.inner.frankly) == ("draft", ["センサー"], "電池が切れた")
    assert str(case.results.get().after) == "4.500000"
    changed = send(
        secret, "put", f"cases/{case.number}", {**given, "title": "新しい題名", "version": case.version}
    )
    assert changed.json()["case"]["title"] == "新しい題名"
    assert made.json()["case"]["missing"]
    Case.objects.filter(pk=case.pk).update(state="editing")
    assert (
        send(secret, "put", f"cases/{case.number}", {**given, "version": case.version + 2}).status_code == 409
    )
    assert "電池が切れた" not in Client().get("/data/cases.json").content.decode()


def test_a_key_opens_one_lab_and_what_it_says_only(kind: str) -> None:
    _key, reading = a_key("read")
    _other, far = a_key(lab="152021")
    made = send(far, "post", "activities", {"activities": [{**ONE, "kind": kind}]}).json()["activities"][0]
    assert send(reading, "get", f"activities/{made['id']}").status_code == 404
    refused = send(reading, "post", "activities", {"activities": [{**ONE, "kind": kind}]})
    assert refused.status_code == 403
    assert send("tsg_guess", "get", "activities").status_code == 401
    assert send("", "get", "activities").headers["WWW-Authenticate"] == "Bearer"
    staff = Viewer(person_id=1, roles=frozenset({"ipa"}))
    with pytest.raises(NotAllowed):
        make_key(
            lab=Lab.objects.all()[0], name="x", scopes=["read"], expires_on=timezone.localdate(), by=staff
        )


@pytest.mark.parametrize("end", ["expired", "revoked", "left", "suspended"])
def test_a_key_ends(end: str, db: None) -> None:
    key, secret = a_key()
    assert open_with(secret) is not None
    yesterday = timezone.localdate() - timedelta(days=1)
    if end == "expired":
        AccessKey.objects.update(expires_on=yesterday)
    elif end == "revoked":
        AccessKey.objects.update(revoked_at=timezone.now())
    elif end == "left":
        Membership.objects.filter(person=key.person).update(valid_from=yesterday, valid_to=yesterday)
    else:
        key.person.is_active = False
        key.person.save()
    assert open_with(secret) is None


def test_a_session_opens_nothing(client_of: Any, kind: str) -> None:
    """No page elsewhere can write by somebody's cookie."""
    client = client_of("lab_office")
    assert client.get("/api/v1/own/activities").status_code == 401
    answer = client.post("/api/v1/own/activities", {"activities": []}, content_type="application/json")
    assert answer.status_code == 401


def test_the_page_of_keys(client_of: Any) -> None:
    office = client_of("lab_office")
    lab = Lab.objects.get(slug="410004")
    form = {"lab": lab.pk, "name": "台帳", "scopes": ["read"], "days": "90"}
    page = office.post("/api-keys/", form).content.decode()
    key = AccessKey.objects.get()
    assert key.start in page
    assert "tsg_" in page
    assert key.digest not in page
    shown = office.get("/api-keys/").content.decode()
    assert page.split("tsg_")[1][:40] not in shown
    assert office.post("/api-keys/", {**form, "scopes": []}).status_code == 422
    assert client_of("ipa").get("/api-keys/").content.decode().count("台帳") >= 1
    assert client_of("lab_office", lab="152021").post(f"/api-keys/{key.pk}/revoke/").status_code == 404
    office.post(f"/api-keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert key.revoked_by_id == key.person_id
