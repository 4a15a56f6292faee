"""The way from an IoT lab to a DX lab: the board, the plan map, consultations, the end of support, the application."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.outbox.models import Mail
from tsunagu.questionnaires.models import CRITERIA, Form
from tsunagu.registry.kinds import Reason, Scheme, Status
from tsunagu.registry.models import Designation, Lab, Round
from tsunagu.registry.services import current_status
from tsunagu.selection.models import Application, Call, Cutoff
from tsunagu.transition import selectors, services
from tsunagu.transition.models import Entry, SupportEnd, WhyNot
from tsunagu.transition.rules import gaps, nearest_notice, notices_due

pytestmark = pytest.mark.django_db
CODES = [code for code, _label in CRITERIA]
FUKUOKA = "400009"


@pytest.fixture
def lab(db: None) -> Lab:
    return Lab.objects.get(slug=FUKUOKA)


def test_gaps_name_the_added_criteria_first() -> None:
    assert gaps([], CODES)[:2] == ["direction", "transformation"]
    assert gaps(["direction", "regionality"], CODES)[0] == "transformation"
    assert gaps(CODES, CODES) == []


@given(st.integers(-10, 400))
def test_only_the_nearest_notice_goes_out(left: int) -> None:
    today = date(2027, 1, 1)
    due = notices_due(today + timedelta(days=left), [180, 90, 30, 7], today=today)
    nearest = nearest_notice(today + timedelta(days=left), [180, 90, 30, 7], today=today)
    assert nearest == (min(due) if due else None)
    assert (left <= 0 or left > 180) == (nearest is None)


def test_the_survey_of_2024_stands_beside_the_live_counts(lab: Lab, viewer_of: Any) -> None:
    ipa = viewer_of("ipa")
    reason = WhyNot.objects.get(code="no_merit")
    services.note_entry(entry=Entry(lab=lab, state="not"), reasons=[reason], by=ipa)
    counted = {
        one.code: (number, one.counted_in_2024)
        for one, number in selectors.reason_counts(selectors.board(ipa))
    }
    assert counted == {
        "not_dx_level": (0, 3),
        "no_merit": (1, 3),
        "other_department": (0, 1),
        "other_purpose": (0, 1),
    }


def test_the_board_is_asked_as_of_a_day(lab: Lab, viewer_of: Any) -> None:
    ipa = viewer_of("ipa")
    old = services.note_entry(entry=Entry(lab=lab, state="willing"), reasons=[], by=ipa)
    Entry.objects.filter(pk=old.pk).update(noted_at=timezone.now() - timedelta(days=40))
    services.note_entry(entry=Entry(lab=lab, state="preparing"), reasons=[], by=ipa)

    def state(as_of: date | None) -> str:
        return next(one.state for one in selectors.board(ipa, as_of=as_of) if one.lab == lab)

    today = timezone.localdate()
    assert (state(None), state(today - timedelta(days=10)), state(today - timedelta(days=60))) == (
        "preparing",
        "willing",
        "unknown",
    )


def test_each_bureau_has_its_own_block(lab: Lab, viewer_of: Any) -> None:
    everything = {one.lab.pk for one in selectors.board(viewer_of("ipa"))}
    kyushu = {one.lab.pk for one in selectors.board(viewer_of("bureau", bureau="kyushu"))}
    assert lab.pk in kyushu < everything
    assert not any(
        one.lab.designations.filter(scheme=Scheme.DX).exists() for one in selectors.board(viewer_of("ipa"))
    )
    assert selectors.board(viewer_of("lab_office")) == []


def test_support_ends_once_and_touches_only_what_is_open(lab: Lab) -> None:
    today = timezone.localdate()
    moved = Designation.objects.filter(scheme=Scheme.IOT, lab__designations__scheme=Scheme.DX).first()
    assert moved is not None
    before = current_status(moved)
    end = SupportEnd.objects.create(
        announced_on=today - timedelta(days=100),
        ends_on=today + timedelta(days=1),
        notice_days=[30],
        source="公表資料",
    )
    assert services.end_support() == []
    SupportEnd.objects.filter(pk=end.pk).update(ends_on=today)
    ending = {one.pk for one in services.designations_to_end()}
    ended = services.end_support()
    assert {one.pk for one in ended} == ending
    iot = lab.designations.get(scheme=Scheme.IOT)
    assert current_status(iot) == Status.ENDED
    assert iot.events.get().reason == Reason.SCHEME_CLOSED
    assert current_status(moved) == before
    assert services.end_support() == []
    page = Client().get(reverse("portal:lab", args=[FUKUOKA]))
    assert page.status_code == 200
    assert "終了" in page.text


def test_notices_are_drafts_once_for_each_office(lab: Lab, person_of: Any) -> None:
    today = timezone.localdate()
    person_of("lab_office", lab=FUKUOKA)
    SupportEnd.objects.create(
        announced_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=60),
        notice_days=[180, 90, 30],
        source="x",
    )
    assert services.send_notices() == 1
    services.send_notices()
    mail = Mail.objects.get(kind="transition:notice")
    assert (mail.state, "あと60日" in mail.body) == ("draft", True)


@pytest.fixture
def call(db: None) -> Call:
    now = timezone.now()
    made = Call.objects.create(
        key="dx-4", title="第4弾", summary="x", form=Form.objects.get(key="implementation_plan"), number_prefix="DX4",
        opens_at=now - timedelta(days=1), published_at=now - timedelta(days=1),
    )  # fmt: skip
    its_round, _made = Round.objects.get_or_create(scheme="dx", number=4)
    Cutoff.objects.create(call=made, round=its_round, closes_at=now + timedelta(days=9))
    return made


def test_the_application_is_drafted_in_one_click(
    lab: Lab, call: Call, client_of: Callable[..., Client]
) -> None:
    office = client_of("lab_office", lab=FUKUOKA)
    page = office.get(reverse("transition:own", args=[FUKUOKA]))
    assert "DXで加わった視点" in page.text
    assert page.text.count("足りない") >= 6
    office.post(
        reverse("transition:points", args=[FUKUOKA]),
        {"regionality": "農業のセンサーを広げた", "regionality_source": "2021年の計画"},
    )
    office.post(reverse("transition:ask", args=[FUKUOKA]), {"wanted": "変革とは何か"})
    office.post(reverse("transition:say", args=[FUKUOKA]), {"state": "willing", "text": ""})
    begun = office.post(reverse("transition:draft", args=[FUKUOKA]))
    application = Application.objects.get()
    assert begun["Location"] == reverse("answers:tasks", args=[application.sheet.key])  # type: ignore[union-attr]
    assert application.is_transition
    assert application.sheet is not None
    given = {one.field: (one.value, one.source) for one in application.sheet.answers.all()}
    assert given["region"][0] == {"code": FUKUOKA, "name": "福岡県"}
    assert given["issues"] == ("農業のセンサーを広げた", "IoT推進ラボの計画 2021年の計画")
    assert given["is_transition"][0] == "yes"
    assert office.post(reverse("transition:draft", args=[FUKUOKA]))["Location"] == begun["Location"]
    assert Application.objects.count() == 1
    assert (
        office.post(reverse("transition:say", args=[FUKUOKA]), {"state": "not", "text": ""}).status_code
        == 422
    )
    staff = client_of("bureau", bureau="kyushu")
    assert "変革とは何か" in staff.get(reverse("transition:own", args=[FUKUOKA])).text
    assert (
        client_of("lab_office", lab="410004").get(reverse("transition:own", args=[FUKUOKA])).status_code
        == 404
    )


def test_pages_of_the_staff(lab: Lab, client_of: Callable[..., Client]) -> None:
    client = client_of("ipa")
    for query in (
        {},
        {"view": "columns"},
        {"state": "unknown"},
        {"overdue": "1"},
        {"as_of": "2026-01-01"},
        {"reason": "no_merit"},
    ):
        assert client.get(reverse("transition:board"), query).status_code == 200
    sent = client.post(
        reverse("transition:entry", args=[FUKUOKA]), {"state": "not", "reasons": [], "text": ""}
    )
    assert "移行しない理由を選ぶか" in sent.text
    reason = WhyNot.objects.get(code="no_merit")
    assert (
        client.post(
            reverse("transition:entry", args=[FUKUOKA]),
            {"state": "not", "reasons": [reason.pk], "due_on": "2020-01-01"},
        ).status_code
        == 302
    )
    assert "期日超過" in client.get(reverse("transition:board"), {"overdue": "1"}).text
    assert b"\xef\xbb\xbf" in b"".join(
        client.get(reverse("transition:board_file", args=["csv"])).streaming_content
    )  # type: ignore[attr-defined]
    page = {
        "announced_on": "2026-10-01",
        "ends_on": "2026-09-01",
        "notice_days": "180,90",
        "source": "公表資料",
    }
    refused = client.post(reverse("transition:support_end"), page)
    assert "公表した日より後" in refused.text
    assert (
        client.post(reverse("transition:support_end"), {**page, "ends_on": "2027-09-30"}).status_code == 302
    )
    assert "その日に「終了」と記録される選定" in client.get(reverse("transition:support_end")).text


def test_a_count_says_what_its_link_shows(lab: Lab, client_of: Callable[..., Client]) -> None:
    Entry.objects.create(lab=lab, state="willing")
    client = client_of("ipa")
    for state in ("unknown", "willing"):
        page = client.get(reverse("transition:board"), {"state": "willing"})
        number = {str(one): count for one, count in page.context["counts"]}[state]
        assert number == len(client.get(reverse("transition:board"), {"state": state}).context["rows"]) > 0
