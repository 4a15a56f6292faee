"""The pages of surveys: prepare and open, answer, read, publish; and what is known is shown, not asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tsunagu.questionnaires.definition import read_definition, written
from tsunagu.questionnaires.models import Answer, Form, KnownFact
from tsunagu.questionnaires.services.forms import current_version, draft_of, make_form, publish
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys import selectors
from tsunagu.surveys.models import Invitation, Wave
from tsunagu.surveys.services import answering, waves

Make = Callable[..., Any]


@pytest.fixture
def office(client_of: Make) -> Client:
    """The secretariat's browser."""
    client: Client = client_of("meti")
    return client


def text(response: Any) -> str:
    return response.content.decode()


def test_prepare_correct_and_open(office: Client, db: None) -> None:
    version = current_version(Form.objects.get(key="lab_survey"))
    assert version is not None
    now = timezone.localtime()
    form = {
        "new_survey": "施策の希望の調査", "label": "第1回", "form_version": version.pk, "held_on": "2026-11",
        "opens_at": f"{now - timedelta(minutes=5):%Y-%m-%d %H:%M}", "closes_at": f"{now + timedelta(days=5):%Y-%m-%d %H:%M}",
        "shows_results": "answered", "is_anonymous": "on", "schemes": ["dx"], "version": "",
    }  # fmt: skip
    refused = office.post(reverse("surveys:new"), form)
    assert refused.status_code == 422
    assert "途中の結果は見せられません" in text(refused)
    done = office.post(reverse("surveys:new"), form | {"shows_results": "closed"})
    wave = Wave.objects.get(label="第1回")
    assert done.headers["Location"] == reverse("surveys:wave", args=[wave.pk])
    assert f"聞くラボ: {len(selectors.labs_to_ask(wave))}<" in text(office.get(done.headers["Location"]))
    # Written over somebody else's text only knowingly.
    edited = form | {
        "shows_results": "closed",
        "survey": wave.survey_id,
        "new_survey": "",
        "bureaus": ["kyushu"],
        "version": 1,
    }
    wave.refresh_from_db()
    assert (
        office.post(
            reverse("surveys:edit", args=[wave.pk]), edited | {"version": wave.version + 1}
        ).status_code
        == 409
    )
    assert (
        office.post(reverse("surveys:edit", args=[wave.pk]), edited | {"version": wave.version}).status_code
        == 302
    )
    page = text(office.post(reverse("surveys:open", args=[wave.pk]), follow=True))
    assert f"まだ答えていないラボ: {wave.invitations.count()}" in page
    assert set(wave.invitations.values_list("bureau", flat=True)) == {"kyushu"}
    again = text(office.post(reverse("surveys:open", args=[wave.pk]), follow=True))
    assert "「受付中」なので、それはできません" in again


def test_an_office_answers_and_gets_a_receipt(wave: Wave, client_of: Make) -> None:
    one = wave.invitations.get(lab__slug="410004")
    client = client_of("lab_office")
    assert "未回答" in text(client.get(reverse("survey:mine")))
    started = client.post(reverse("survey:start", args=[one.pk]))
    sheet = Invitation.objects.get(pk=one.pk).sheet
    assert sheet is not None
    assert started.headers["Location"] == reverse("answers:tasks", args=[sheet.key])
    first = reverse("answers:section", args=[sheet.key, "direction"])
    sent = {
        "v.status": "0",
        "f.status": "active",
        "v.direction": "0",
        "f.direction": "move",
        "action": "next",
    }
    assert client.post(first, sent).status_code == 302
    second = reverse("answers:section", args=[sheet.key, "needs"])
    client.post(
        second,
        {
            "v.issues": "0",
            "f.issues": ["people"],
            "v.office_people": "0",
            "f.office_people": "たくさん",
            "action": "tasks",
        },
    )
    refused = client.post(reverse("answers:send", args=[sheet.key]))
    assert refused.status_code == 422
    assert "直すところが1件" in text(refused)
    client.post(second, {"v.office_people": "1", "f.office_people": "2.5", "action": "tasks"})
    page = text(client.post(reverse("answers:send", args=[sheet.key]), follow=True))
    assert "回答を受け取りました" in page
    assert "直して送り直す" in page
    waiting = text(client.get(reverse("survey:results", args=[one.pk])))
    assert "締め切ったあとに、ここで見られます" in waiting


def closed(wave: Wave, answer: Make, secretary: Viewer) -> Wave:
    asked = list(wave.invitations.select_related("lab").order_by("bureau", "pk"))
    for number, one in enumerate(asked[:9]):
        answer(
            one,
            status="dormant" if number in {0, 4} else "active",
            dormant_why=["other"],
            direction="move",
            comment=f"自由な文{number}",
        )
    waves.close_wave(wave=wave, by=secretary)
    wave.refresh_from_db()
    return wave


def test_results_hide_small_numbers_everywhere(
    wave: Wave, answer: Make, secretary: Viewer, office: Client
) -> None:
    one = closed(wave, answer, secretary)
    page = text(office.get(reverse("surveys:results", args=[one.pk])))
    assert "少数のため非表示" in page
    assert "自由な文3" in page
    assert "2024年1月" in page
    assert "答えたラボが少ないため" in page  # why they rest: only two were asked
    rows = (
        b"".join(office.get(reverse("surveys:results_file", args=[one.pk, "csv"])))
        .decode("utf-8-sig")
        .splitlines()
    )
    dormant = next(row for row in rows if row.startswith("いまの活動の状況,全国") and "活動を休止中" in row)
    assert dormant.endswith("少数のため非表示")
    assert not any("自由な文" in row for row in rows)
    # Not public before somebody says so.
    anybody = Client()
    assert anybody.get(reverse("survey_results:wave", args=[one.pk])).status_code == 404
    office.post(reverse("surveys:publish", args=[one.pk]), {"public": "1"})
    page = text(anybody.get(reverse("survey_results:wave", args=[one.pk])))
    assert "少数のため非表示" in page
    assert "自由な文" not in page
    assert anybody.get(reverse("survey_results:file", args=[one.pk, "xlsx"])).status_code == 200
    office.post(reverse("surveys:publish", args=[one.pk]), {"public": "0"})
    assert anybody.get(reverse("survey_results:wave", args=[one.pk])).status_code == 404


def test_ones_own_answers_beside_all(wave: Wave, answer: Make, secretary: Viewer, client_of: Make) -> None:
    from tsunagu.accounts.models import Person
    from tsunagu.accounts.selectors import viewer_for

    client = client_of("lab_office")
    saga = viewer_for(
        Person.objects.get(email="lab_office-kanto-410004@example.invalid"), on=timezone.localdate()
    )
    own = answer(wave.invitations.get(lab__slug="410004"), by=saga)
    for one in wave.invitations.filter(answered_on=None).select_related("lab")[:5]:
        answer(one)
    waves.close_wave(wave=wave, by=secretary)
    page = text(client.get(reverse("survey:results", args=[own.pk])))
    assert "あなたのラボの回答:" in page
    assert "移行せずに活動を続ける" in page
    assert "選んだ" in page


def test_the_wave_of_2024_is_public_in_both_languages(db: None) -> None:
    historical = Wave.objects.get(label="2024年1月")
    page = text(Client().get(reverse("survey_results:wave", args=[historical.pk])))
    assert "36%" in page
    assert ">26<" in page.replace(" ", "")
    assert "分からない" in page
    page = text(Client().get(f"/en/surveys/{historical.pk}/"))
    assert "almost half" in page
    assert "Dormant" in page
    assert "2024" in text(Client().get("/en/surveys/"))
    rows = b"".join(Client().get(f"/surveys/{historical.pk}/results.csv")).decode("utf-8-sig")
    assert "26" in rows


def test_a_reminder_and_more_time_from_the_board(wave: Wave, office: Client, viewer_of: Make) -> None:
    viewer_of("lab_office")
    one = wave.invitations.get(lab__slug="410004")
    page = text(office.post(reverse("surveys:remind", args=[wave.pk]), follow=True))
    assert "まだ答えていない1ラボへの催促" in page
    until = f"{timezone.localtime() + timedelta(days=9):%Y-%m-%d %H:%M}"
    wrong = office.post(
        reverse("surveys:extend_one", args=[one.pk]), {"until": "2020-01-01 10:00", "reason": "x"}
    )
    assert wrong.status_code == 422
    assert "もとの締切といまより後" in text(wrong)
    office.post(reverse("surveys:extend_one", args=[one.pk]), {"until": until, "reason": "台風"})
    assert until in text(office.get(reverse("surveys:wave", args=[wave.pk])))
    later = f"{timezone.localtime() + timedelta(days=12):%Y-%m-%d %H:%M}"
    office.post(reverse("surveys:extend", args=[wave.pk]), {"until": later, "reason": "回答が少ないため"})
    wave.refresh_from_db()
    assert f"{timezone.localtime(wave.closes_at):%Y-%m-%d %H:%M}" == later


DOCUMENT = {
    "sections": [{"key": "one", "title": "章", "fields": [
        {"key": "people", "label": "事務局の人数", "kind": "number", "element": "test.people"},
        {"key": "more", "label": "ほかに", "kind": "text", "required": False},
    ]}]
}  # fmt: skip


def test_what_is_known_is_shown_with_its_source_instead_of_asked(
    planned: Make, secretary: Viewer, viewer_of: Make, client_of: Make
) -> None:
    """The same element in two forms: begun before it was known, the second shows it read-only, and it can be changed."""
    versions = []
    for key in ("first", "second"):
        form = make_form(key=key, title=key, purpose="survey", document=written(read_definition(DOCUMENT)))
        versions.append(publish(draft=draft_of(form=form), by=secretary))
    client = client_of("lab_office")
    from tsunagu.accounts.models import Person
    from tsunagu.accounts.selectors import viewer_for

    saga = viewer_for(
        Person.objects.get(email="lab_office-kanto-410004@example.invalid"), on=timezone.localdate()
    )
    asked = []
    for version in versions:
        made = planned(str(version), form_version=version)
        waves.open_wave(wave=made, by=secretary)
        asked.append(made.invitations.get(lab__slug="410004"))
    first, second = [answering.start_answering(invitation=one, by=saga) for one in asked]
    page = reverse("answers:section", args=[second.key, "one"])
    assert 'name="f.people"' in text(client.get(page))
    write_answers(sheet=first, by=saga, values={"people": "4"})
    answering.send_answers(invitation=asked[0], by=saga)
    since = KnownFact.objects.get(element="test.people").known_since

    shown = text(client.get(page))
    assert 'name="f.people"' not in shown
    assert "変更する" in shown
    assert "<p>4</p>" in shown
    assert str(asked[0].wave) in shown
    assert f"{timezone.localtime(since).year}年" in shown
    # Left as it is, it goes into the answers with its source.
    client.post(page, {"k.people": "1", "v.more": "0", "f.more": "あり", "action": "tasks"})
    answer = Answer.objects.get(sheet=second, field="people")
    assert (answer.value, answer.source) == ("4", str(asked[0].wave))
    assert 'name="f.people"' not in text(client.get(page))
    # Changed, it is the lab's own answer and an input again.
    assert 'name="f.people"' in text(client.get(page + "?change=people"))
    client.post(page, {"v.people": str(answer.version), "f.people": "5", "action": "tasks"})
    answer.refresh_from_db()
    assert (answer.value, answer.source) == ("5", "")
    assert 'name="f.people"' in text(client.get(page))


def test_an_anonymous_sheet_has_neither_versions_nor_approval(
    planned: Make, secretary: Viewer, client_of: Make
) -> None:
    made = planned("無記名の回", is_anonymous=True)
    waves.open_wave(wave=made, by=secretary)
    one = made.invitations.get(lab__slug="410004")
    client = client_of("lab_office")
    assert "どのラボがどう答えたか" in text(client.get(reverse("survey:invitation", args=[one.pk])))
    page = text(client.post(reverse("survey:start", args=[one.pk]), follow=True))
    assert "履歴にも前の版にも残らず" in page
    assert "決裁を受ける" not in page
    assert "前の版</a>" not in page
    sheet = Invitation.objects.get(pk=one.pk).sheet
    assert sheet is not None
    asked = client.post(
        reverse("answers:approval", args=[sheet.key]),
        {"action": "ask", "email": "boss@example.invalid", "name": "上司"},
    )
    assert asked.status_code == 422
    assert "決裁にはかけられません" in text(asked)
    autosaved = client.post(
        reverse("answers:autosave", args=[sheet.key]),
        {"section": "direction", "v.status": "0", "f.status": "active"},
    )
    assert autosaved.json()["versions"] == {"status": 1}
    assert not sheet.snapshots.exists()
    assert not sheet.answers.exists()
