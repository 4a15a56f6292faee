"""From a draft to the filing: consent to exactly what is sent, the pledge, reminders, results."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.recommending.conftest import FUKUOKA, NUMBERS, SAGA, company_of, recommended

from tsunagu.engines.dates import is_business_day
from tsunagu.outbox.models import Mail, Reminder
from tsunagu.recommending import selectors, wording
from tsunagu.recommending.models import Answer, Company, Consent, Edition, Recommendation
from tsunagu.recommending.rules import NotAllowed, Step
from tsunagu.recommending.services import consenting, following, slips
from tsunagu.registry.models import Lab, Organisation
from tsunagu.registry.services import EditConflict
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


def fresh(one: Recommendation) -> Recommendation:
    return Recommendation.objects.get(pk=one.pk)


def consented(one: Recommendation, by: Viewer, *struck: str) -> Consent:
    asked = consenting.ask(recommendation=one, by=by)
    return consenting.consent_to(consent=asked, name="代表取締役 架空 太郎", struck=struck)


def test_shipped_editions_are_dated_and_say_what_was_not_found() -> None:
    rules = {one.year: one.rules for one in Edition.objects.all()}
    assert set(rules) == {2022, 2023, 2024, 2025, 2026}
    assert (rules[2022].routes_with, rules[2022].lab_scheme) == (["lab"], "iot")
    assert rules[2022].opens_on is None
    assert (rules[2024].opens_on, rules[2024].capital_below) == (date(2023, 11, 21), 1_000_000_000)
    assert rules[2025].pledge_needed is None
    assert (rules[2026].pledge_needed, rules[2026].filing_deadline) == (True, date(2026, 1, 31))
    assert rules[2026].capital_below is None
    assert all(one.source.startswith("https://") for one in Edition.objects.all())
    Edition.objects.filter(year=2026).update(capital_below=5)
    call_command("load_programme")
    assert Edition.objects.get(year=2026).capital_below == 5


def test_a_company_is_one_organisation_and_each_labs_own_record(company: Company) -> None:
    other = company_of(FUKUOKA, capital=1)
    assert other.organisation == company.organisation
    assert Organisation.objects.filter(corporate_number=NUMBERS[0]).count() == 1
    assert company.organisation.name == "架空精機株式会社"


def test_only_a_lab_with_a_dx_designation_in_force_begins(edition: Edition, viewer_of: Any) -> None:
    by = viewer_of("lab_office", lab=FUKUOKA)
    assert not selectors.may_recommend(Lab.objects.get(slug=FUKUOKA), on=timezone.localdate())
    assert selectors.may_recommend(Lab.objects.get(slug=SAGA), on=timezone.localdate())
    with pytest.raises(NotAllowed, match="選定中"):
        recommended(company_of(FUKUOKA), edition, by)


def test_the_pledge_keeps_who_and_when(recommendation: Recommendation, office: Viewer) -> None:
    assert recommendation.pledged_by_label == office.display_name
    assert recommendation.pledged_at is not None
    recommendation.pledge = ""
    slips.save_recommendation(recommendation, by=office)
    assert (recommendation.pledged_by_label, recommendation.pledged_at) == ("", None)


def test_nothing_is_sent_without_consent(recommendation: Recommendation, office: Viewer) -> None:
    with pytest.raises(NotAllowed, match="同意がない"):
        slips.send(recommendation=recommendation, by=office)
    consenting.ask(recommendation=recommendation, by=office)
    with pytest.raises(NotAllowed, match="同意がない"):
        slips.send(recommendation=recommendation, by=office)


def test_what_is_sent_is_what_was_agreed(recommendation: Recommendation, office: Viewer) -> None:
    consent = consented(recommendation, office, "capital", "results", "name", "no such")
    one = fresh(recommendation)
    assert (one.state, one.struck) == (Step.CONSENTED, ["capital", "results"])
    lines = selectors.sent_lines(one)
    assert {"capital", "results"}.isdisjoint(line.key for line in lines)
    assert "name" in {line.key for line in lines}
    assert consent.digest == wording.digest_of(lines)
    sent = slips.send(recommendation=one, by=office)
    assert sent.state == Step.SENT
    # What was struck may change; what was sent does not follow what changes later.
    Company.objects.filter(pk=one.company_id).update(staff=9999)
    assert selectors.sent_lines(fresh(one)) == lines
    assert Reminder.objects.filter(line__contains="同意した").count() == 1


CHANGES: list[tuple[str, Callable[[Recommendation, Viewer], object]]] = [
    ("reasons", lambda one, by: slips.save_recommendation(_with(one, reasons="別の理由。"), by=by)),
    ("planned", lambda one, by: slips.save_recommendation(_with(one, planned_filing_on=timezone.localdate()), by=by)),
    ("company", lambda one, by: slips.save_company(_with(one.company, staff=46))),
    ("organisation", lambda one, by: Organisation.objects.filter(pk=one.company.organisation_id).update(name="改名株式会社")),
    ("edition", lambda one, by: Edition.objects.filter(pk=one.edition_id).update(title="別の回")),
]  # fmt: skip


def _with(record: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(record, name, value)
    return record


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[name for name, _change in CHANGES])
def test_a_later_change_needs_consent_again(
    what: str,
    change: Callable[[Recommendation, Viewer], object],
    recommendation: Recommendation,
    office: Viewer,
) -> None:
    consent = consented(recommendation, office)
    change(fresh(recommendation), office)
    with pytest.raises(NotAllowed, match="同意がない"):
        slips.send(recommendation=recommendation, by=office)
    assert fresh(recommendation).state == Step.DRAFT
    consent.refresh_from_db()
    assert consent.answer == Answer.REPLACED


def test_saving_without_a_change_keeps_the_consent(recommendation: Recommendation, office: Viewer) -> None:
    consented(recommendation, office, "results")
    slips.save_recommendation(_with(fresh(recommendation), results="消された項目は変えてもよい"), by=office)
    slips.save_company(Company.objects.get(pk=recommendation.company_id))
    assert fresh(recommendation).state == Step.CONSENTED


def test_a_link_to_a_text_that_changed_is_worth_nothing(
    recommendation: Recommendation, office: Viewer
) -> None:
    asked = consenting.ask(recommendation=recommendation, by=office)
    slips.save_recommendation(_with(fresh(recommendation), reasons="別の理由。"), by=office)
    with pytest.raises(NotAllowed, match="内容が変わった"):
        consenting.consent_to(consent=asked, name="太郎", struck=[])
    again = consenting.ask(recommendation=recommendation, by=office)
    third = consenting.ask(recommendation=recommendation, by=office)
    with pytest.raises(NotAllowed, match="内容が変わった"):
        consenting.consent_to(consent=again, name="太郎", struck=[])
    consenting.consent_to(consent=third, name="太郎", struck=[])
    with pytest.raises(NotAllowed, match="すでに返事"):
        consenting.refuse(consent=third, name="太郎", reason="やはり")


def test_an_old_link_no_longer_answers(recommendation: Recommendation, office: Viewer) -> None:
    asked = consenting.ask(recommendation=recommendation, by=office)
    Consent.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotAllowed, match="期限"):
        consenting.consent_to(consent=asked, name="太郎", struck=[])


def test_a_refusal_stays_until_the_text_changes(recommendation: Recommendation, office: Viewer) -> None:
    asked = consenting.ask(recommendation=recommendation, by=office)
    consenting.refuse(consent=asked, name="太郎", reason="公にしたくない")
    assert fresh(recommendation).state == Step.REFUSED
    slips.save_company(Company.objects.get(pk=recommendation.company_id))
    assert fresh(recommendation).state == Step.REFUSED
    slips.save_recommendation(_with(fresh(recommendation), reasons="書き直した。"), by=office)
    assert fresh(recommendation).state == Step.DRAFT
    assert Reminder.objects.filter(line__contains="断った").count() == 1


def test_the_mail_keeps_its_link_from_everybody_else(recommendation: Recommendation, office: Viewer) -> None:
    asked = consenting.ask(recommendation=recommendation, by=office)
    mail = Mail.objects.get(kind="recommending:consent")
    assert (mail.to_email, mail.state, mail.is_secret) == ("hanako@example.invalid", "queued", True)
    assert asked.token in mail.body
    Company.objects.update(contact_email="")
    with pytest.raises(NotAllowed, match="メールアドレス"):
        consenting.ask(recommendation=recommendation, by=office)


def test_sending_keeps_the_rules_of_the_day(
    recommendation: Recommendation, office: Viewer, edition: Edition, today: date
) -> None:
    consented(recommendation, office)
    Edition.objects.filter(pk=edition.pk).update(closes_on=today - timedelta(days=1))
    with pytest.raises(NotAllowed, match="受付は"):
        slips.send(recommendation=recommendation, by=office)


def test_striking_the_reasons_leaves_nothing_to_send(recommendation: Recommendation, office: Viewer) -> None:
    consented(recommendation, office, "reasons")
    with pytest.raises(NotAllowed, match="推薦する理由がありません"):
        slips.send(recommendation=recommendation, by=office)


def test_what_was_sent_no_longer_changes(recommendation: Recommendation, office: Viewer) -> None:
    consented(recommendation, office)
    slips.send(recommendation=recommendation, by=office)
    with pytest.raises(NotAllowed, match="変えられません"):
        slips.save_recommendation(_with(fresh(recommendation), pledge=""), by=office)
    with pytest.raises(NotAllowed, match="求められません"):
        consenting.ask(recommendation=recommendation, by=office)


def test_two_people_at_once(recommendation: Recommendation, office: Viewer) -> None:
    first, second = fresh(recommendation), fresh(recommendation)
    slips.save_recommendation(_with(first, results="1人目"), by=office, seen=first.version)
    with pytest.raises(EditConflict):
        slips.save_recommendation(_with(second, results="2人目"), by=office, seen=second.version)


def business(day: date) -> date:
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def test_reminders_go_on_until_it_is_filed(
    recommendation: Recommendation, office: Viewer, edition: Edition, today: date
) -> None:
    due = edition.filing_deadline
    assert due is not None
    assert following.remind_of_filings(today=business(due)) == 0, "nothing was sent yet"
    consented(recommendation, office)
    slips.send(recommendation=recommendation, by=office)
    ours = Reminder.objects.filter(key__startswith="recommending:filing")
    for day in range(100):
        following.remind_of_filings(today=today + timedelta(days=day))
    before = ours.filter(key__contains=":before-").count()
    late = ours.filter(key__contains=":late-").count()
    assert before == 6
    assert 5 <= late <= 7
    assert "あと20営業日" in ours.order_by("pk")[0].line
    ours.delete()
    slips.record_filing(recommendation=recommendation, filed_on=today, note="R-1")
    for day in range(100):
        following.remind_of_filings(today=today + timedelta(days=day))
    assert not ours.exists()
    company = Company.objects.get(pk=recommendation.company_id)
    assert company.nintei == "filed"
    assert str(today) in company.nintei_source


def test_open_duties_are_shown_until_filed(
    recommendation: Recommendation, office: Viewer, viewer_of: Any
) -> None:
    consented(recommendation, office)
    slips.send(recommendation=recommendation, by=office)
    for viewer, seen in (
        (office, True), (viewer_of("ipa"), True), (viewer_of("bureau", bureau="kyushu"), True),
        (viewer_of("bureau", bureau="kanto"), False), (viewer_of("lab_office", lab=FUKUOKA), False),
    ):  # fmt: skip
        assert (selectors.open_duties(viewer) != []) == seen
    with pytest.raises(NotAllowed, match="今日まで"):
        slips.record_filing(
            recommendation=recommendation, filed_on=timezone.localdate() + timedelta(days=1), note=""
        )
    slips.record_filing(recommendation=recommendation, filed_on=timezone.localdate(), note="")
    assert selectors.open_duties(office) == []


def test_results_are_kept_and_exclude_the_winner_next_time(
    recommendation: Recommendation, office: Viewer, edition: Edition, today: date
) -> None:
    with pytest.raises(NotAllowed, match="推薦したものだけ"):
        slips.record_result(recommendation=recommendation, state="selected", result_on=today, source="x")
    consented(recommendation, office)
    slips.send(recommendation=recommendation, by=office)
    slips.record_result(recommendation=recommendation, state="selected", result_on=today, source="発表")
    with pytest.raises(NotAllowed, match="取り下げられません"):
        slips.withdraw(recommendation=recommendation, reason="x")
    Edition.objects.filter(pk=edition.pk).update(year=2098)
    later = Edition.objects.create(year=2099, title="次", past_winners_excluded=True, source="x")
    # Another lab that knows nothing of it meets the same rule.
    elsewhere = Recommendation(company=company_of(FUKUOKA), edition=later, reasons="x")
    assert "company" in {one.field for one in selectors.problems_of(elsewhere) if one.stops}


def test_withdrawing_frees_the_company_for_a_new_one(
    recommendation: Recommendation, office: Viewer, edition: Edition
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        recommended(recommendation.company, edition, office)
    asked = consenting.ask(recommendation=recommendation, by=office)
    slips.withdraw(recommendation=recommendation, reason="会社の都合")
    with pytest.raises(NotAllowed):
        consenting.consent_to(consent=asked, name="太郎", struck=[])
    recommended(recommendation.company, edition, office)


def test_a_company_that_holds_nintei_owes_no_filing(
    recommendation: Recommendation, office: Viewer, today: date
) -> None:
    consented(recommendation, office)
    slips.send(recommendation=recommendation, by=office)
    assert fresh(recommendation).duty is not None
    Company.objects.update(nintei="held", nintei_from=today, nintei_to=today + timedelta(days=700))
    assert fresh(recommendation).duty is None
    Company.objects.update(nintei="held", nintei_from=None, nintei_to=today - timedelta(days=1))
    assert fresh(recommendation).duty is not None
