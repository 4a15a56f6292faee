"""The applicant's way without JavaScript, and the secretariat's pages, over HTTP."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tsunagu.accounts.models import Person
from tsunagu.outbox.models import Mail
from tsunagu.selection.models import Application, Call
from tsunagu.selection.rules import State

pytestmark = pytest.mark.django_db


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def section_form(page: str) -> dict[str, Any]:
    """What a browser without JavaScript would send back of a section's page as it is."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page[page.index('class="answering"') :]):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if (
            name
            and not name[1].startswith("x.")
            and not ('type="radio"' in tag or 'type="checkbox"' in tag or 'type="file"' in tag)
        ):
            found[name[1]] = value[1] if value else ""
    found.update(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    return found


def test_a_stranger_registers_and_gets_a_link(call: Call) -> None:
    client = Client()
    page = client.get(reverse("calls:call", args=["dx-4"]))
    assert "第4弾の公募です。" in page.text
    sent = client.post(
        reverse("calls:register", args=["dx-4"]), {"name": "新 しい", "email": "new@example.jp"}
    )
    assert sent.status_code == 302
    assert Person.objects.get(email="new@example.jp").memberships.count() == 0
    assert Mail.objects.get(to_email="new@example.jp").is_secret


def test_the_requirements_are_asked_one_by_one(call: Call, applicant: Any) -> None:
    client = signed_in("applicant@example.invalid")
    refused = client.post(reverse("calls:start", args=["dx-4"]), {})
    assert refused.status_code == 422
    assert "この要件を満たさないと申請できません" in refused.text
    begun = client.post(reverse("calls:start", args=["dx-4"]), {"meets_0": "on"})
    assert begun.status_code == 302
    assert Application.objects.get().state == State.DRAFT


def test_writing_section_by_section_and_sending(call: Call, started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    key = started.sheet.key
    tasks = client.get(reverse("answers:tasks", args=[key]))
    assert "9章のうち9章が書けています" in tasks.text
    address = reverse("answers:section", args=[key, "vision"])
    form = section_form(client.get(address).text)
    form |= {"f.vision": "新しい姿\r\n二段落目", "f.issues": "課題", "action": "next"}
    saved = client.post(address, form)
    assert saved["Location"].endswith("/s/effort/")
    check = client.get(reverse("answers:check", args=[key]))
    assert "新しい姿<br>二段落目" in check.text
    sent = client.post(reverse("answers:send", args=[key]))
    receipt = client.get(sent["Location"])
    assert "申請を受け付けました" in receipt.text
    assert started.call.number_prefix + "-0001" in receipt.text
    started.refresh_from_db()
    paper = client.get(reverse("applications:submission_pdf", args=[started.key, 1]))
    assert paper.content.startswith(b"%PDF")


def test_problems_are_listed_with_the_way_to_mend_them(started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    key = started.sheet.key
    address = reverse("answers:section", args=[key, "schedule"])
    form = section_form(client.get(address).text) | {"f.indicators.0.baseline": "たくさん", "action": "save"}
    assert client.post(address, form).status_code == 302
    check = client.get(reverse("answers:check", args=[key]))
    assert "直すところが1件あります" in check.text
    assert "1行目: 数で書いてください（例: 1200）。「たくさん」は読めません。" in check.text
    refused = client.post(reverse("answers:send", args=[key]))
    assert refused.status_code == 422
    shown = client.get(f"{address}?check=1")
    assert 'value="たくさん"' in shown.text


def test_rows_are_added_and_taken_away(started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    address = reverse("answers:section", args=[started.sheet.key, "members"])
    form = section_form(client.get(address).text)
    form |= {"f.members.0.kind": "local_government", "f.members.1.kind": "bank", "f.members.2.organisation": "三つ目", "f.members.2.kind": "company",
             "action": "row.members"}  # fmt: skip
    client.post(address, form)
    rows = started.sheet.answers.get(field="members").value
    assert [one["organisation"]["name"] for one in rows] == ["延岡市", "延岡架空銀行", "三つ目"]
    form = section_form(client.get(address).text)
    form |= {"f.members.0.kind": "local_government", "f.members.1.kind": "bank", "f.members.2.kind": "company", "x.members.1": "1",
             "action": "row.members"}  # fmt: skip
    client.post(address, form)
    rows = started.sheet.answers.get(field="members").value
    assert [one["organisation"]["name"] for one in rows] == ["延岡市", "三つ目"]


def test_two_people_on_one_field_see_both_texts(started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    address = reverse("answers:section", args=[started.sheet.key, "vision"])
    first = section_form(client.get(address).text) | {
        "f.vision": "一人目",
        "f.issues": "人手が足りない。",
        "action": "save",
    }
    second = {**first, "f.vision": "二人目", "f.issues": "二人目の課題"}
    client.post(address, first)
    met = client.post(address, second)
    assert met.status_code == 409
    assert "一人目" in met.text
    assert "二人目" in met.text
    stored = {one.field: one.value for one in started.sheet.answers.filter(field__in=["vision", "issues"])}
    assert stored == {"vision": "一人目", "issues": "二人目の課題"}
    again = section_form(met.text) | {"f.vision": "二人目", "f.issues": "二人目の課題", "action": "save"}
    assert client.post(address, again).status_code == 302
    assert started.sheet.answers.get(field="vision").value == "二人目"


def test_autosave_keeps_single_fields(started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    address = reverse("answers:autosave", args=[started.sheet.key])
    kept = client.post(address, {"section": "vision", "f.vision": "自動で保存", "v.vision": "1"})
    assert kept.json()["versions"] == {"vision": 2}
    met = client.post(address, {"section": "vision", "f.vision": "古い画面から", "v.vision": "1"})
    assert met.json()["clashes"][0]["theirs"] == "自動で保存"
    assert started.sheet.answers.get(field="vision").value == "自動で保存"


def test_nobody_else_finds_the_draft(started: Any, client_of: Callable[..., Client]) -> None:
    addresses = [
        reverse("answers:tasks", args=[started.sheet.key]),
        reverse("answers:pdf", args=[started.sheet.key]),
        reverse("applications:application", args=[started.key]),
        reverse("selection:application", args=[started.key]),
    ]
    for role in ("meti", "bureau", "lab_office", "reviewer", "company"):
        client = client_of(role)
        assert [client.get(one).status_code for one in addresses] == [404] * 4


def test_the_secretariat_returns_decides_and_sees_everything(
    submitted: Any, client_of: Callable[..., Client]
) -> None:
    client = client_of("ipa")
    listed = client.get(reverse("selection:applications"), {"text": "のべおか"})
    assert listed.status_code == 200
    assert submitted.number in client.get(reverse("selection:applications"), {"text": "延岡"}).text
    page = client.get(reverse("selection:application", args=[submitted.key]))
    assert "地域の会社が自分で変わる。" in page.text
    back = client.post(
        reverse("selection:return", args=[submitted.key]),
        {"due_at": "2030-01-31 17:00", "reason_vision": "数を書いてください"},
    )
    assert back.status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == State.RETURNED
    applicant = signed_in("applicant@example.invalid")
    tasks = applicant.get(reverse("answers:tasks", args=[submitted.sheet.key]))
    assert "数を書いてください" in tasks.text
    closed = applicant.get(reverse("answers:section", args=[submitted.sheet.key, "commitment"]))
    assert 'class="answering"' not in closed.text
    for name in ("calls", "new_call"):
        assert client.get(reverse(f"selection:{name}")).status_code == 200
    assert client.get(reverse("selection:board", args=[submitted.cutoff_id])).status_code == 200
    assert client.get(reverse("selection:apply", args=[submitted.cutoff_id])).status_code == 200
    assert client.get(reverse("selection:file", args=[submitted.key])).status_code == 200


def test_the_decision_file_hides_what_is_chosen(submitted: Any, client_of: Callable[..., Client]) -> None:
    from tsunagu.selection.decision_file import document
    from tsunagu.sharing.viewer import Viewer

    whole = str(document(submitted, Viewer()))
    hidden = str(document(submitted, Viewer(), cover=["people", "bodies"]))
    assert "申請 花子" in whole
    assert "延岡𠮷髙DX推進ラボ" in whole
    assert "申請 花子" not in hidden
    assert "延岡𠮷髙DX推進ラボ" not in hidden


def test_feeds_name_the_call(call: Call) -> None:
    client = Client()
    data = client.get(reverse("calls:json")).json()
    assert data["calls"][0]["key"] == "dx-4"
    assert data["calls"][0]["cutoffs"][0]["closes_at"].endswith("+09:00")
    assert "第4弾の公募" in client.get(reverse("calls:atom")).content.decode()


def test_co_editors_ask_and_approve(started: Any) -> None:
    client = signed_in("applicant@example.invalid")
    key = started.sheet.key
    people = reverse("answers:people", args=[key])
    assert (
        client.post(people, {"name": "部 下", "email": "staff@example.jp", "right": "2"}).status_code == 302
    )
    colleague = signed_in("staff@example.jp")
    assert colleague.get(reverse("answers:tasks", args=[key])).status_code == 200
    assert colleague.post(reverse("answers:send", args=[key])).status_code == 404
    assert colleague.get(reverse("answers:mine")).text.count("延岡") == 0
    approval = reverse("answers:approval", args=[key])
    asked = {"name": "課 長", "email": "boss@example.jp", "note": "お願いします", "action": "ask"}
    assert client.post(approval, asked).status_code == 302
    boss = signed_in("boss@example.jp")
    assert boss.post(approval, {"action": "decline", "reason": ""}).status_code == 422
    assert boss.post(approval, {"action": "decline", "reason": "予算の数が違う"}).status_code == 302
    assert "予算の数が違う" in client.get(approval).text
    assert client.post(approval, asked).status_code == 302
    assert boss.post(approval, {"action": "approve"}).status_code == 302
    assert "いまの内容は決裁済みです" in client.get(approval).text
    section = reverse("answers:autosave", args=[key])
    client.post(section, {"section": "vision", "f.vision": "決裁のあとに変えた", "v.vision": "1"})
    assert "いまの内容は決裁済みです" not in client.get(approval).text
    question = {"field": "vision", "text": "何字まで書けますか"}
    assert client.post(reverse("answers:questions", args=[key]), question).status_code == 302
    versions = client.get(reverse("answers:versions", args=[key]))
    assert "第1版" in versions.text
    number = started.sheet.snapshots.first().number
    assert "（加えた）" in client.get(reverse("answers:version", args=[key, number])).text
    assert client.post(reverse("answers:restore", args=[key, number])).status_code == 302
    assert client.get(reverse("answers:paragraphs", args=[key])).status_code == 200
    assert client.get(reverse("answers:pdf", args=[key])).content.startswith(b"%PDF")
