"""From preparing a wave to its results: who is asked, who is missing, ask-once, anonymity, waves beside each other."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tsunagu.history.models import Change
from tsunagu.outbox.models import Mail, Reminder
from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.models import Answer, FleetingAnswer, Form, KnownFact, Snapshot
from tsunagu.questionnaires.selectors import open_sheet
from tsunagu.questionnaires.services.forms import draft_of, publish, save_draft
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys import selectors
from tsunagu.surveys.models import AnonymousAnswer, Invitation, Wave
from tsunagu.surveys.rules import NotAllowed
from tsunagu.surveys.services import answering, waves

Make = Callable[..., Any]


def test_opening_freezes_who_is_asked(wave: Wave, secretary: Viewer) -> None:
    asked = list(wave.invitations.all())
    assert len(asked) == len(selectors.labs_to_ask(wave)) > 10
    assert {one.scheme for one in asked} == {"dx"}
    assert {one.bureau for one in asked} == {"kyushu", "kanto", "tohoku"}
    with pytest.raises(NotAllowed):
        waves.open_wave(wave=wave, by=secretary)


def test_a_wave_is_not_opened_to_nobody_or_too_late(planned: Make, secretary: Viewer) -> None:
    with pytest.raises(NotAllowed, match="1つもありません"):
        waves.open_wave(wave=planned(statuses=["moved"]), by=secretary)
    past = planned(
        "過ぎた回", opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(NotAllowed, match="締切がもう過ぎて"):
        waves.open_wave(wave=past, by=secretary)


def test_offices_get_a_draft_and_only_the_missing_are_reminded(
    planned: Make, secretary: Viewer, viewer_of: Make, answer: Make
) -> None:
    saga, kagoshima = viewer_of("lab_office", lab="410004"), viewer_of("lab_office", lab="460001")
    wave = planned(schemes=[])
    waves.open_wave(wave=wave, by=secretary)
    assert Mail.objects.filter(kind="surveys:opened", state="draft").count() == 2
    answer(wave.invitations.get(lab_id__in=saga.lab_ids), by=saga)
    assert waves.remind_missing(wave=wave, by=secretary) == 1
    assert [one.to_email for one in Reminder.objects.all()] == ["lab_office-kanto-460001@example.invalid"]
    assert kagoshima.lab_ids == {wave.invitations.get(reminded_on__isnull=False).lab_id}
    # Once a day is enough.
    assert waves.remind_missing(wave=wave, by=secretary) == 0


def test_sending_correcting_and_the_end(wave: Wave, secretary: Viewer, viewer_of: Make, answer: Make) -> None:
    saga = viewer_of("lab_office", lab="410004")
    one = answer(wave.invitations.get(lab__slug="410004"), by=saga)
    assert one.snapshot is not None
    assert one.snapshot.answers["reasons"] == ["no_merit"]
    sheet = answering.correct_answers(invitation=one, by=saga)
    write_answers(sheet=sheet, by=saga, values={"reasons": ["other"], "reasons_other": "予算"})
    # What was sent counts until it is sent again.
    assert selectors.waves(secretary).get(pk=wave.pk).answered == 1  # type: ignore[attr-defined]
    answering.send_answers(invitation=one, by=saga)
    one.refresh_from_db()
    assert one.snapshot is not None
    assert one.snapshot.answers["reasons"] == ["other"]
    waves.close_wave(wave=wave, by=secretary)
    with pytest.raises(NotAllowed):
        answering.correct_answers(invitation=one, by=saga)


def test_time_is_over_unless_given_more(wave: Wave, secretary: Viewer, viewer_of: Make) -> None:
    saga = viewer_of("lab_office", lab="410004")
    one = wave.invitations.get(lab__slug="410004")
    late = timezone.now() + timedelta(days=8)
    sheet = answering.start_answering(invitation=one, by=saga)
    ended = {
        "status": "dormant",
        "dormant_why": ["other"],
        "direction": "end",
        "issues": ["other"],
        "office_people": "1",
    }
    write_answers(sheet=sheet, by=saga, values=ended)
    with pytest.raises(NotSent, match="時間が終わりました"):
        answering.send_answers(invitation=one, by=saga, now=late)
    with pytest.raises(NotAllowed):
        waves.extend_for_one(
            invitation=one, by=secretary, until=timezone.now() + timedelta(days=1), reason="x"
        )
    waves.extend_for_one(invitation=one, by=secretary, until=late + timedelta(days=1), reason="台風")
    assert waves.close_due(now=late) == 0
    answering.send_answers(invitation=one, by=saga, now=late)
    assert waves.close_due(now=late + timedelta(days=2)) == 1


def test_extending_for_all_tells_those_missing(wave: Wave, secretary: Viewer, viewer_of: Make) -> None:
    viewer_of("lab_office", lab="410004")
    until = timezone.now() + timedelta(days=20)
    assert waves.extend_for_all(wave=wave, by=secretary, until=until, reason="回答が少ないため") == 1
    assert Mail.objects.filter(kind="surveys:extended", body__contains="回答が少ないため").count() == 1


def test_staff_read_what_was_sent_and_neighbours_do_not(wave: Wave, viewer_of: Make, answer: Make) -> None:
    saga = viewer_of("lab_office", lab="410004")
    one = wave.invitations.get(lab__slug="410004")
    readers = [viewer_of("ipa"), viewer_of("bureau", bureau="kyushu")]
    others = [viewer_of("bureau"), viewer_of("lab_office", lab="460001"), viewer_of("lab_member")]
    sheet = answering.start_answering(invitation=one, by=saga)
    assert not any(open_sheet(each, sheet.key) for each in readers + others)
    answer(one, by=saga)
    assert all(open_sheet(each, sheet.key) for each in readers)
    assert not any(open_sheet(each, sheet.key) for each in others)


def test_what_one_wave_learnt_the_next_does_not_ask(
    wave: Wave, planned: Make, secretary: Viewer, viewer_of: Make, answer: Make
) -> None:
    saga = viewer_of("lab_office", lab="410004")
    answer(wave.invitations.get(lab__slug="410004"), by=saga)
    again = planned("2028年1月")
    waves.open_wave(wave=again, by=secretary)
    sheet = answering.start_answering(invitation=again.invitations.get(lab__slug="410004"), by=saga)
    assert answers_of(sheet) == {
        "status": "active", "direction": "stay", "reasons": ["no_merit"], "issues": ["people"], "wishes": ["cases"],
    }  # fmt: skip
    assert {one.source for one in Answer.objects.filter(sheet=sheet)} == {str(wave)}


def test_the_register_is_asked_first(wave: Wave, viewer_of: Make) -> None:
    from tsunagu.engines.dates import PartialDate
    from tsunagu.registry.models import StatusEvent

    one = wave.invitations.get(lab__slug="410004")
    StatusEvent.objects.create(
        designation=one.lab.designations.get(scheme="dx"), kind="dormant", occurred_on=PartialDate(2025, 4), reason="resources"
    )  # fmt: skip
    sheet = answering.start_answering(invitation=one, by=viewer_of("lab_office", lab="410004"))
    assert answers_of(sheet) == {"status": "dormant"}
    assert "2025-04" in Answer.objects.get(sheet=sheet).source


@pytest.fixture
def anonymous(planned: Make, secretary: Viewer) -> Wave:
    made = planned("無記名の回", is_anonymous=True)
    waves.open_wave(wave=made, by=secretary)
    made.refresh_from_db()
    return made


def test_an_anonymous_answer_leads_to_nobody(
    anonymous: Wave, viewer_of: Make, answer: Make, secretary: Viewer
) -> None:
    saga = viewer_of("lab_office", lab="410004")
    KnownFact_before = KnownFact.objects.count()
    one = anonymous.invitations.get(lab__slug="410004")
    sheet = answering.start_answering(invitation=one, by=saga)
    assert sheet.lab is None
    assert sheet.is_fleeting
    write_answers(sheet=sheet, by=saga, values={"comment": "秘密の意見"})
    assert FleetingAnswer.objects.filter(sheet=sheet).count() == 1
    answer(one, by=saga, comment="秘密の意見")
    assert one.answered_on == timezone.localdate()
    assert one.snapshot_id is None
    assert not FleetingAnswer.objects.filter(sheet=sheet).exists()
    assert not Answer.objects.filter(sheet=sheet).exists()
    assert not Snapshot.objects.filter(sheet=sheet).exists()
    assert KnownFact.objects.count() == KnownFact_before
    kept = AnonymousAnswer.objects.filter(wave=anonymous)
    assert {row.field: row.value for row in kept}["comment"] == "秘密の意見"
    assert {field.name for field in AnonymousAnswer._meta.get_fields()} == {"key", "wave", "field", "value"}
    # Nothing of it in the history, and no staff reads the sheet.
    told = Change.objects.filter(table_name__in=["surveys_anonymousanswer", "questionnaires_fleetinganswer"])
    assert not told.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM history_change WHERE before::text || after::text LIKE '%%秘密の意見%%'"
        )
        assert cursor.fetchone() == (0,)
    assert open_sheet(secretary, sheet.key) is None
    with pytest.raises(NotAllowed, match="だれの回答か分からない"):
        answering.correct_answers(invitation=one, by=saga)


def test_anonymous_results_wait_for_the_end_and_rows_are_shuffled(
    anonymous: Wave, viewer_of: Make, answer: Make, secretary: Viewer
) -> None:
    for number, one in enumerate(anonymous.invitations.select_related("lab")[:6]):
        answer(one, comment=f"意見{number}")
    begun = anonymous.invitations.filter(answered_on=None).select_related("lab")[0]
    office = viewer_of("lab_office", lab=begun.lab.slug)
    sheet = answering.start_answering(invitation=begun, by=office)
    write_answers(sheet=sheet, by=office, values={"comment": "送らない"})
    assert selectors.results(anonymous) == []
    before = set(AnonymousAnswer.objects.values_list("pk", flat=True))
    waves.close_wave(wave=anonymous, by=secretary)
    anonymous.refresh_from_db()
    assert not before & set(AnonymousAnswer.objects.values_list("pk", flat=True))
    assert not FleetingAnswer.objects.filter(sheet=sheet).exists()
    found = {one.field.key: one for one in selectors.results(anonymous, with_texts=True)}
    assert sorted(found["comment"].texts) == [f"意見{number}" for number in range(6)]
    assert found["status"].options[0].count == 6
    assert found["status"].breakdowns == ()


def test_an_anonymous_wave_asks_nothing_that_names(planned: Make, secretary: Viewer) -> None:
    form = Form.objects.get(key="lab_survey")
    draft = draft_of(form=form)
    document = dict(draft.document)
    document["sections"][0]["fields"].append({"key": "where", "label": "どこ", "kind": "region"})
    save_draft(draft=draft, document=document)
    draft.refresh_from_db()
    version = publish(draft=draft, by=secretary)
    with pytest.raises(NotAllowed, match="どこ"):
        waves.open_wave(wave=planned(is_anonymous=True, form_version=version), by=secretary)


def test_a_new_version_of_the_form_does_not_change_a_wave(
    wave: Wave, viewer_of: Make, secretary: Viewer
) -> None:
    sheet = answering.start_answering(
        invitation=wave.invitations.get(lab__slug="410004"), by=viewer_of("lab_office", lab="410004")
    )
    form = Form.objects.get(key="lab_survey")
    publish(draft=draft_of(form=form), by=secretary)
    sheet.refresh_from_db()
    assert sheet.form_version_id == wave.form_version_id


def test_a_respondent_sees_the_whole_in_steps(planned: Make, secretary: Viewer, answer: Make) -> None:
    wave = planned(shows_results="answered")
    waves.open_wave(wave=wave, by=secretary)
    asked = list(wave.invitations.select_related("lab", "wave")[:7])
    for one in asked[:4]:
        answer(one)
    assert selectors.results_for_respondent(Invitation.objects.get(pk=asked[0].pk)) is None
    for one in asked[4:]:
        answer(one, status="dormant", dormant_why=["other"])
    found = selectors.results_for_respondent(Invitation.objects.get(pk=asked[0].pk))
    assert found is not None
    assert found[0].answered == 5
    assert selectors.results_for_respondent(wave.invitations.filter(snapshot=None)[0]) is None


def test_the_wave_of_january_2024(wave: Wave, answer: Make, secretary: Viewer) -> None:
    found = selectors.PublicAnswers().reasons(as_of=date(2024, 1, 31))
    assert found is not None
    assert found.counts == {"not_dx_level": 3, "no_merit": 3, "other_department": 1, "other_purpose": 1}
    assert found.total is None
    assert "11ページ" in found.source
    assert selectors.PublicAnswers().reasons(as_of=date(2024, 1, 30)) is None
    asked, status = selectors.PublicAnswers().asked(as_of=date(2024, 1, 31)) or (0, None)
    assert asked == 72
    assert status is not None
    assert (status.counts, status.total) == ({"dormant": 26}, 72)
    # A later wave counts only once it is public, and what is hidden stays hidden.
    for one in wave.invitations.select_related("lab")[:4]:
        answer(one)
    waves.close_wave(wave=wave, by=secretary)
    end_of_month = date(2026, 11, 30)
    assert selectors.PublicAnswers().reasons(as_of=end_of_month) == found
    waves.publish_results(wave=wave, by=secretary, public=True)
    later = selectors.PublicAnswers().reasons(as_of=end_of_month)
    assert later is not None
    assert later.wave == wave
    assert later.counts["no_merit"] == 4
    assert selectors.PublicAnswers().reasons(as_of=date(2025, 1, 1)) == found


def test_waves_stand_beside_each_other_by_data_element(wave: Wave, answer: Make, secretary: Viewer) -> None:
    for one in wave.invitations.select_related("lab")[:4]:
        answer(one)
    for one in wave.invitations.filter(answered_on=None).select_related("lab")[:2]:
        answer(one, reasons=["other_purpose"])
    waves.close_wave(wave=wave, by=secretary)
    compared = {one.question: one for one in selectors.compare(list(Wave.objects.filter(survey=wave.survey)))}
    assert set(compared) == {"いまの活動の状況", "地域DX推進ラボへ移行しない理由"}
    reasons = {row.label: row.cells for row in compared["地域DX推進ラボへ移行しない理由"].rows}
    assert reasons["支援策に大きな差がなく、移行するメリットを感じられない"] == ((3, True), (4, True))
    # Public already and small, against two labs today, which are hidden.
    assert reasons["社会課題の解決が主な目的で、対象とする領域が異なる"] == ((1, True), (None, True))
    assert reasons["その他"] == ((None, False), (0, True))
    assert compared["いまの活動の状況"].answered == (72, 6)


def test_loading_again_changes_nothing(db: None) -> None:
    from django.conf import settings

    from tsunagu.surveys.loading import load_surveys

    before = list(Wave.objects.values_list("pk", "published_at"))
    load_surveys(settings.DATA_DIR)
    assert list(Wave.objects.values_list("pk", "published_at")) == before
