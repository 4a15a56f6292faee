"""An application from draft to lab: sent, returned, corrected, decided, announced; withdrawn; refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.accounts.models import Membership
from tsunagu.outbox.models import Mail
from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.models import KnownFact, Sheet
from tsunagu.questionnaires.services.writing import SheetClosed, write_answers
from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.models import Designation, Indicator, Lab, Organisation
from tsunagu.registry.services import current_status
from tsunagu.selection import selectors
from tsunagu.selection.models import Application, Batch, Call, Condition
from tsunagu.selection.rules import NotAllowed, Outcome, State
from tsunagu.selection.services import applying, deciding
from tsunagu.selection.services.timeline import locked, move
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


def in_review(application: Application) -> Application:
    applying.accept_application(application=application, by=Viewer())
    one = locked(application)
    move(one, State.IN_REVIEW)
    return one


def decide(application: Application, outcome: str, **more: Any) -> None:
    deciding.prepare_decision(
        application=application, outcome=outcome, reason="点が高い", feedback="よい計画です。", **more
    )


def apply_all(application: Application, secretary: Viewer, *, minutes: int = 60) -> Batch:
    assert application.cutoff is not None
    at = timezone.now() + timedelta(minutes=minutes)
    return deciding.apply_decisions(cutoff=application.cutoff, by=secretary, announce_at=at, expected=1)


def test_sending_gives_a_number_a_time_and_a_version_that_stays(
    submitted: Application, applicant: Viewer
) -> None:
    assert submitted.state == State.SUBMITTED
    assert submitted.number.startswith("DX4-0001")
    assert (submitted.title, submitted.region_name, submitted.category) == (
        "延岡𠮷髙DX推進ラボ",
        "延岡市",
        "both",
    )
    assert submitted.bureau is not None
    assert submitted.bureau.code == "kyushu"
    snapshot = submitted.submissions.get().snapshot
    assert snapshot.answers["vision"] == "地域の会社が自分で変わる。\n暮らしもよくなる。"
    assert submitted.sheet is not None
    with pytest.raises(SheetClosed):
        write_answers(sheet=submitted.sheet, by=applicant, values={"vision": "あとから"})
    assert Mail.objects.get(kind="selection:received").state == "queued"


def test_an_incomplete_application_is_not_sent(started: Application, applicant: Viewer) -> None:
    assert started.sheet is not None
    write_answers(sheet=started.sheet, by=applicant, values={"vision": "", "indicators": []})
    with pytest.raises(NotSent) as refusal:
        applying.submit_application(application=started, by=applicant, received_at=timezone.now())
    assert {one.field for one in refusal.value.problems} == {"vision", "indicators"}
    assert Call.objects.get().last_number == 0


def test_numbers_have_no_gaps(call: Call, applicant: Viewer, submitted: Application) -> None:
    from tests.selection.conftest import ANSWERS

    second = applying.start_application(call=call, by=applicant)
    assert second.sheet is not None
    write_answers(sheet=second.sheet, by=applicant, values={**ANSWERS, "vision": ""})
    with pytest.raises(NotSent):
        applying.submit_application(application=second, by=applicant, received_at=timezone.now())
    write_answers(sheet=second.sheet, by=applicant, values=ANSWERS)
    applying.submit_application(application=second, by=applicant, received_at=timezone.now())
    second.refresh_from_db()
    assert second.number.startswith("DX4-0002")


@pytest.mark.parametrize(("seconds", "in_time"), [(-1, True), (0, True), (1, False)])
def test_the_deadline_is_exact_to_the_second(
    started: Application, applicant: Viewer, seconds: int, in_time: bool
) -> None:
    cutoff = started.cutoff
    assert cutoff is not None
    type(started.call).objects.filter(pk=started.call_id).update(is_rolling=False)
    received = cutoff.closes_at.replace(microsecond=0) + timedelta(seconds=seconds)
    if in_time:
        applying.submit_application(application=started, by=applicant, received_at=received)
        started.refresh_from_db()
        assert started.state == State.SUBMITTED
    else:
        with pytest.raises(NotSent, match="締め切りました"):
            applying.submit_application(application=started, by=applicant, received_at=received)
        started.refresh_from_db()
        assert started.state == State.DRAFT


def test_after_a_cutoff_a_rolling_call_counts_for_the_next(
    started: Application, applicant: Viewer, call: Call
) -> None:
    cutoff = started.cutoff
    assert cutoff is not None
    late = cutoff.closes_at + timedelta(days=1)
    applying.submit_application(application=started, by=applicant, received_at=late)
    started.refresh_from_db()
    assert started.cutoff is None


def test_more_time_for_one_is_more_time_for_this_one_only(
    started: Application, applicant: Viewer, secretary: Viewer, call: Call
) -> None:
    from tests.selection.conftest import ANSWERS

    Call.objects.filter(pk=call.pk).update(is_rolling=False)
    cutoff = started.cutoff
    assert cutoff is not None
    other = applying.start_application(call=call, by=applicant)
    assert other.sheet is not None
    write_answers(sheet=other.sheet, by=applicant, values=ANSWERS)
    until = cutoff.closes_at + timedelta(hours=2)
    applying.extend_for_one(application=started, cutoff=cutoff, until=until, reason="停電", by=secretary)
    late = cutoff.closes_at + timedelta(hours=1)
    with pytest.raises(NotSent):
        applying.submit_application(application=other, by=applicant, received_at=late)
    applying.submit_application(application=started, by=applicant, received_at=late)
    started.refresh_from_db()
    assert started.cutoff == cutoff


def test_only_returned_sections_can_be_mended_and_the_change_is_shown(
    submitted: Application, applicant: Viewer, secretary: Viewer
) -> None:
    due = timezone.now() + timedelta(days=3)
    applying.return_for_correction(
        application=submitted, sections={"vision": "数を書いてください"}, due_at=due, by=secretary
    )
    sheet = Sheet.objects.get(pk=submitted.sheet_id)
    write_answers(sheet=sheet, by=applicant, values={"vision": "2030年に100社が変わる。"})
    with pytest.raises(SheetClosed):
        write_answers(sheet=sheet, by=applicant, values={"commitment": "別の章"})
    applying.submit_application(application=submitted, by=applicant, received_at=timezone.now())
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED
    assert submitted.submissions.count() == 2
    assert submitted.number.startswith("DX4-0001")
    first, second = submitted.submissions.order_by("number")
    changed = {
        key for key in second.snapshot.answers if second.snapshot.answers[key] != first.snapshot.answers[key]
    }
    assert changed == {"vision"}
    assert Mail.objects.get(kind="selection:returned").state == "draft"


def test_a_return_without_a_reason_is_refused(submitted: Application, secretary: Viewer) -> None:
    with pytest.raises(NotAllowed, match="理由"):
        applying.return_for_correction(
            application=submitted,
            sections={"vision": " "},
            due_at=timezone.now() + timedelta(days=1),
            by=secretary,
        )


def test_selected_at_the_announced_hour_a_lab_comes_to_be(
    submitted: Application, secretary: Viewer, applicant: Viewer
) -> None:
    one = in_review(submitted)
    decide(one, Outcome.SELECT)
    batch = apply_all(one, secretary)
    one.refresh_from_db()
    assert one.state == State.DECIDED
    assert selectors.result(one) is None
    assert deciding.announce_batch(batch_id=batch.pk) == 0
    assert not Lab.objects.filter(name="延岡𠮷髙DX推進ラボ").exists()
    assert batch.announce_at is not None
    assert deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at) == 1
    assert deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at) == 0
    one = Application.objects.get(pk=one.pk)
    assert one.state == State.SELECTED
    lab = Lab.objects.get(name="延岡𠮷髙DX推進ラボ")
    designation = Designation.objects.get(lab=lab, scheme=Scheme.DX)
    assert designation.round is not None
    assert (designation.round.number, designation.category) == (4, "both")
    assert sorted(lab.members.values_list("organisation__name", "role")) == [
        ("延岡市", "lab_office"), ("延岡架空銀行", "member"),
    ]  # fmt: skip
    assert Organisation.objects.filter(name="延岡架空銀行", kind="bank").count() == 1
    indicator = Indicator.objects.get(lab=lab)
    assert (indicator.name, indicator.unit, indicator.baseline) == ("支援した会社", "社", 5)
    assert list(indicator.targets.values_list("year", "value")) == [(2027, 9)]
    assert Membership.objects.filter(person_id=applicant.person_id, role="lab_office", lab=lab).exists()
    assert KnownFact.objects.get(lab=lab, element="plan.vision").value.startswith("地域の会社")
    mail = Mail.objects.get(kind="selection:selected")
    assert (mail.state, mail.due_at) == ("draft", batch.announce_at)


def test_without_consent_members_and_indicators_stay_unpublished(
    started: Application, applicant: Viewer, secretary: Viewer
) -> None:
    assert started.sheet is not None
    write_answers(sheet=started.sheet, by=applicant, values={"publish": "no"})
    applying.submit_application(application=started, by=applicant, received_at=timezone.now())
    one = in_review(started)
    decide(one, Outcome.SELECT)
    batch = apply_all(one, secretary)
    deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at)
    lab = Lab.objects.get(name="延岡𠮷髙DX推進ラボ")
    assert (lab.members.count(), lab.indicators.count()) == (0, 0)


def test_an_iot_lab_moves(call: Call, secretary: Viewer, viewer_of: Any) -> None:
    from tests.selection.conftest import ANSWERS

    iot = (
        Designation.objects.filter(scheme=Scheme.IOT)
        .exclude(lab__designations__scheme=Scheme.DX)
        .select_related("lab")
        .first()
    )
    assert iot is not None
    office = viewer_of("lab_office", lab=iot.lab.slug)
    made = applying.start_application(call=call, by=office, lab=iot.lab, is_transition=True)
    assert made.sheet is not None
    moved = {**ANSWERS, "region": {"code": iot.lab.region.code, "name": iot.lab.region.name}, "is_transition": "yes",
             "results": "5件のしくみができた。", "changes": "企業支援を加える。"}  # fmt: skip
    write_answers(sheet=made.sheet, by=office, values=moved)
    applying.submit_application(application=made, by=office, received_at=timezone.now())
    made.refresh_from_db()
    one = in_review(made)
    decide(one, Outcome.SELECT)
    batch = apply_all(one, secretary)
    deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at)
    assert current_status(iot) == Status.MOVED
    assert Designation.objects.get(lab=iot.lab, scheme=Scheme.DX).succeeds == iot


def test_rejected_with_reasons(submitted: Application, secretary: Viewer) -> None:
    one = in_review(submitted)
    deciding.prepare_decision(application=one, outcome=Outcome.REJECT, reason="指標が弱い", feedback="")
    with pytest.raises(NotAllowed, match="講評"):
        apply_all(one, secretary)
    deciding.prepare_decision(
        application=one, outcome=Outcome.REJECT, reason="指標が弱い", feedback="指標を数にしてください。"
    )
    batch = apply_all(one, secretary)
    deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at)
    one = Application.objects.get(pk=one.pk)
    result = selectors.result(one)
    assert one.state == State.REJECTED
    assert result is not None
    assert result.feedback == "指標を数にしてください。"
    assert one.designation is None


def test_conditional_selection_needs_its_conditions(submitted: Application, secretary: Viewer) -> None:
    one = in_review(submitted)
    decide(one, Outcome.CONDITIONAL)
    with pytest.raises(NotAllowed, match="条件"):
        apply_all(one, secretary)
    deciding.set_conditions(application=one, conditions=[("基準値を確定する", timezone.localdate())])
    batch = apply_all(one, secretary)
    deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at)
    assert Application.objects.get(pk=one.pk).state == State.CONDITIONAL
    assert Condition.objects.get().text == "基準値を確定する"


def test_decisions_are_undone_until_they_are_announced(submitted: Application, secretary: Viewer) -> None:
    one = in_review(submitted)
    decide(one, Outcome.SELECT)
    batch = apply_all(one, secretary)
    deciding.undo_batch(batch=batch, by=secretary)
    one = Application.objects.get(pk=one.pk)
    assert one.state == State.IN_REVIEW
    assert Mail.objects.get(kind="selection:selected").state == "discarded"
    assert deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at) == 0
    again = apply_all(one, secretary, minutes=90)
    assert Mail.objects.filter(kind="selection:selected", state="draft").count() == 1
    deciding.announce_batch(batch_id=again.pk, now=again.announce_at)
    with pytest.raises(NotAllowed):
        deciding.undo_batch(batch=again, by=secretary)


def test_an_applicant_cannot_tell_that_it_was_decided(
    submitted: Application, applicant: Viewer, secretary: Viewer
) -> None:
    from django.test import Client
    from django.urls import reverse

    from tsunagu.accounts.models import Person

    one = in_review(submitted)
    move(locked(one), State.INTERVIEW)
    decide(Application.objects.get(pk=one.pk), Outcome.REJECT)
    client = Client()
    client.force_login(Person.objects.get(pk=applicant.person_id))

    def seen() -> str:
        page = client.get(reverse("applications:application", args=[one.key])).text
        return re.sub(r'(csrfmiddlewaretoken|form_key)" value="[^"]*"|data-session-ends="[^"]*"', "", page)

    before = seen()
    apply_all(one, secretary)
    assert seen() == before
    applying.withdraw_application(application=one, by=applicant, reason="やめる")
    batch = Batch.objects.get()
    assert Mail.objects.get(kind="selection:rejected").state == "discarded"
    assert deciding.announce_batch(batch_id=batch.pk, now=batch.announce_at) == 0
    assert Application.objects.get(pk=one.pk).state == State.WITHDRAWN


def test_what_the_registry_could_not_take_is_said_before(
    started: Application, applicant: Viewer, secretary: Viewer
) -> None:
    assert started.sheet is not None
    write_answers(
        sheet=started.sheet, by=applicant, values={"region": {"code": "g-unknown", "name": "知らない連携"}}
    )
    applying.submit_application(application=started, by=applicant, received_at=timezone.now())
    one = in_review(started)
    decide(one, Outcome.SELECT)
    with pytest.raises(NotAllowed, match="登録簿にありません"):
        apply_all(one, secretary)


def test_nothing_is_decided_that_the_person_did_not_see(submitted: Application, secretary: Viewer) -> None:
    one = in_review(submitted)
    decide(one, Outcome.SELECT)
    assert one.cutoff is not None
    with pytest.raises(NotAllowed, match="画面を見たあとに"):
        deciding.apply_decisions(
            cutoff=one.cutoff, by=secretary, announce_at=timezone.now() + timedelta(hours=1), expected=2
        )


def test_agreement_goes_step_by_step(submitted: Application, secretary: Viewer, viewer_of: Any) -> None:
    one = in_review(submitted)
    decide(one, Outcome.SELECT)
    assert one.cutoff is not None
    meti = viewer_of("meti")
    batch = deciding.open_batch(cutoff=one.cutoff, people=[secretary.signed_in_id, meti.signed_in_id])
    first, second = batch.concurrences.all()
    with pytest.raises(NotAllowed, match="合議"):
        apply_all(one, secretary)
    with pytest.raises(NotAllowed, match="前の人"):
        deciding.give_opinion(concurrence=second, by=meti, opinion="agree", comment="")
    with pytest.raises(NotAllowed, match="コメント"):
        deciding.give_opinion(concurrence=first, by=secretary, opinion="hold", comment="")
    deciding.give_opinion(concurrence=first, by=secretary, opinion="agree", comment="")
    deciding.give_opinion(concurrence=second, by=meti, opinion="agree", comment="よい")
    assert apply_all(one, secretary).pk == batch.pk


def test_withdrawn_stays_readable_and_can_be_copied(
    submitted: Application, applicant: Viewer, call: Call
) -> None:
    applying.withdraw_application(application=submitted, by=applicant, reason="計画を練り直す")
    submitted.refresh_from_db()
    assert submitted.state == State.WITHDRAWN
    again = applying.start_application(call=call, by=applicant, earlier=submitted)
    assert again.sheet is not None
    assert again.sheet.answers.get(field="vision").value.startswith("地域の会社")
    assert submitted.number in again.sheet.answers.get(field="vision").source


def test_taken_back_before_anybody_looked(
    submitted: Application, applicant: Viewer, secretary: Viewer
) -> None:
    applying.take_back(application=submitted, by=applicant, now=timezone.now())
    submitted.refresh_from_db()
    assert submitted.state == State.DRAFT
    applying.submit_application(application=submitted, by=applicant, received_at=timezone.now())
    applying.accept_application(application=submitted, by=secretary)
    with pytest.raises(NotAllowed):
        applying.take_back(application=submitted, by=applicant, now=timezone.now())


def test_ineligible_for_coded_reasons(submitted: Application, secretary: Viewer) -> None:
    with pytest.raises(NotAllowed):
        applying.refuse_as_ineligible(application=submitted, by=secretary, reasons=[], remark="")
    applying.refuse_as_ineligible(
        application=submitted, by=secretary, reasons=["no_municipality"], remark="確認しました"
    )
    submitted.refresh_from_db()
    assert submitted.reasons == ["自治体が参加していない"]
