"""A lab's report from opening to correction, and what it hands on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tsunagu.activities.models import PolicyUse
from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.registry.models import MemberOrg
from tsunagu.reporting import selectors, telling
from tsunagu.reporting.models import FieldRead, IndicatorActual, Report, TimeSpent
from tsunagu.reporting.rules import NotAllowed, State
from tsunagu.reporting.services import deciding, writing, years


def test_opens_filled_from_the_log(world: Any) -> None:
    started = writing.start_report(report=world.report, by=world.office)
    assert started.opened_filled >= 60
    answers = answers_of(started.sheet)
    seminar = next(one for one in answers["activities"] if one["kind"] == "セミナー")
    assert (seminar["count"], seminar["people"]) == ("7", str(sum(5 + n for n in range(0, 40, 6))))
    assert [one["target"] for one in answers["indicators"]] == ["10", "20", "30", "40", "50"]
    assert [one["policy"] for one in answers["policies"]] == ["it_hojo"]
    source = started.sheet.answers.get(field="activities").source
    assert "活動の記録" in source
    assert "2025-04-01" in source


def test_a_box_names_its_source_and_a_log_entry_flows_in(world: Any) -> None:
    started = writing.start_report(report=world.report, by=world.office)
    activity = world.lab.activities.first()
    activity.people = 1000
    activity.save()
    before = answers_of(started.sheet)["activities"]
    write_answers(
        sheet=started.sheet,
        by=world.office,
        values={"activities": [{**before[0], "comment": "増えた"}, *before[1:]]},
    )
    writing.refresh(report=world.fresh())
    after = answers_of(started.sheet)["activities"]
    assert after != before
    assert after[0]["comment"] == "増えた"


def test_what_the_page_sends_into_fixed_columns_does_not_count(world: Any) -> None:
    started = writing.start_report(report=world.report, by=world.office)
    rows = answers_of(started.sheet)["activities"]
    write_answers(
        sheet=started.sheet, by=world.office, values={"activities": [{**rows[0], "count": "999"}, *rows[1:]]}
    )
    from bench.report_world import fill_report

    fill_report(world.fresh(), world.office)
    writing.submit_report(report=world.fresh(), by=world.office)
    assert answers_of(started.sheet)["activities"] == rows


def test_incomplete_is_not_sent(world: Any) -> None:
    writing.start_report(report=world.report, by=world.office)
    with pytest.raises(NotSent) as refusal:
        writing.submit_report(report=world.fresh(), by=world.office)
    assert refusal.value.problems
    assert world.fresh().state == State.DRAFT


def test_nothing_this_year_is_complete(world: Any) -> None:
    world.lab.activities.all().delete()
    report = world.submit(
        no_activities="yes", no_activities_why="担当者が決まらなかった。", no_policies="yes"
    )
    assert report.state == State.SUBMITTED
    done = deciding.accept_report(report=report, by=world.ipa)
    assert selectors.published(world.lab)[0].is_nothing
    assert done.state == State.ACCEPTED


def test_returned_corrected_accepted(world: Any) -> None:
    report = world.submit()
    deciding.return_sections(report=report, sections={"review": "成果を具体的に。"}, by=world.ipa)
    assert world.fresh().state == State.RETURNED
    sheet = world.fresh().sheet
    write_answers(sheet=sheet, by=world.office, values={"results": "30社が受発注を電子にした。"})
    writing.submit_report(report=world.fresh(), by=world.office)
    deciding.accept_report(report=world.fresh(), by=world.ipa)
    done = world.fresh()
    assert done.state == State.ACCEPTED
    assert done.is_public
    assert done.accepted_snapshot.answers["results"] == "30社が受発注を電子にした。"
    with pytest.raises(NotAllowed):
        deciding.accept_report(report=world.fresh(), by=world.ipa)


def test_accepting_hands_facts_on(world: Any) -> None:
    deciding.accept_report(report=world.submit(), by=world.ipa)
    values = IndicatorActual.objects.filter(indicator__lab=world.lab).order_by("indicator__position")
    assert [one.value for one in values] == [Decimal(12 + n) for n in range(5)]
    assert {one.state for one in values} == {"self_reported"}
    uses = PolicyUse.objects.filter(lab=world.lab, fiscal_year=2025, replaced_at=None)
    assert [one.policy.code for one in uses] == ["it_hojo"]
    assert "佐賀県" in {
        one.organisation.name for one in MemberOrg.objects.filter(lab=world.lab, valid_to=None)
    }


def test_a_correction_is_dated_and_earlier_days_keep_the_earlier_value(world: Any) -> None:
    deciding.accept_report(report=world.submit(), by=world.ipa)
    past = timezone.now() - timedelta(days=10)
    IndicatorActual.objects.update(recorded_at=past)
    Report.objects.update(accepted_at=past)
    writing.begin_correction(report=world.fresh(), by=world.office, sections={"indicators": "数えまちがい。"})
    rows = answers_of(world.fresh().sheet)["indicators"]
    write_answers(
        sheet=world.fresh().sheet,
        by=world.office,
        values={"indicators": [{**rows[0], "actual": "99"}, *rows[1:]]},
    )
    writing.submit_report(report=world.fresh(), by=world.office)
    deciding.accept_report(report=world.fresh(), by=world.ipa)
    first = IndicatorActual.objects.filter(indicator__lab=world.lab, indicator__position=0)
    assert first.get(replaced_at=None).value == 99
    earlier = selectors.actuals(as_of=timezone.localdate() - timedelta(days=5)).filter(
        indicator__lab=world.lab
    )
    assert {one.value for one in earlier} == {Decimal(12 + n) for n in range(5)}
    assert [one.text for one in selectors.published(world.lab)[0].corrections] == ["数えまちがい。"]


def test_next_year_opens_with_this_years_texts_and_values(world: Any) -> None:
    deciding.accept_report(report=world.submit(), by=world.ipa)
    from bench.report_world import open_year

    open_year(2026)
    following = Report.objects.get(lab=world.lab, year__fiscal_year=2026)
    started = writing.start_report(report=following, by=world.office)
    answers = answers_of(started.sheet)
    assert answers["results"] == "窓口に来た会社の半分が、仕事の進め方を変えた。"
    assert answers["indicators"][0]["last"] == "12"
    assert "2025年度" in started.sheet.answers.get(field="results").source
    from tsunagu.reporting.host import ReportHost

    found = {one.field for one in ReportHost().doubts(started.sheet, answers)}
    assert "results" in found


def test_only_late_labs_are_reminded(world: Any) -> None:
    from tsunagu.outbox.models import Reminder

    Report.objects.exclude(pk=world.report.pk).delete()
    due = timezone.localdate(world.report.due_at)
    from tsunagu.reporting.rules import days_to_remind

    first = days_to_remind(due)[0]
    assert telling.remind_the_late(today=due) == 0
    assert telling.remind_the_late(today=first) == 1
    assert telling.remind_the_late(today=first) == 1
    assert Reminder.objects.count() == 1
    world.submit()
    assert telling.remind_the_late(today=days_to_remind(due)[1]) == 0


def test_more_time(world: Any) -> None:
    until = timezone.now() + timedelta(days=30)
    years.extend(report=world.report, until=until, reason="担当の交代", by=world.ipa)
    assert world.fresh().due_at == until
    with pytest.raises(NotAllowed):
        years.extend(report=world.report, until=timezone.now() + timedelta(days=1), reason="", by=world.ipa)


def test_time_is_measured_only_with_consent_and_goes_with_it(world: Any) -> None:
    writing.start_report(report=world.report, by=world.office, measure=False)
    writing.note_work(report=world.fresh(), section="lab")
    assert not TimeSpent.objects.exists()
    writing.set_measuring(report=world.fresh(), measure=True)
    writing.note_work(report=world.fresh(), section="lab")
    TimeSpent.objects.update(seen_at=timezone.now() - timedelta(seconds=90))
    writing.note_work(report=world.fresh(), section="lab")
    assert 85 <= TimeSpent.objects.get().seconds <= 95
    TimeSpent.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    writing.note_work(report=world.fresh(), section="lab")
    assert TimeSpent.objects.get().seconds <= 95
    writing.set_measuring(report=world.fresh(), measure=False)
    assert not TimeSpent.objects.exists()


def test_pages_of_the_lab_and_the_staff(world: Any) -> None:
    lab, staff = Client(), Client()
    lab.force_login(world.office_person)
    staff.force_login(world.ipa_person)
    own = lab.get(reverse("reporting:report", args=[world.report.pk]))
    assert "報告を書き始める" in own.content.decode()
    assert staff.get(reverse("reports_office:report", args=[world.report.pk])).status_code == 200
    report = world.submit()
    board = staff.get(reverse("reports_office:board")).content.decode()
    assert "提出率" in board
    page = staff.get(reverse("reports_office:section", args=[report.pk, "activities"])).content.decode()
    assert "セミナー" in page
    assert FieldRead.objects.filter(field="activities").exists()
    unread = {
        one.field.key for one in selectors.unread_questions(report.year.form, today=timezone.localdate())
    }
    assert "activities" not in unread
    assert "results" in unread
    staff.post(reverse("reports_office:accept", args=[report.pk]))
    public = Client().get(reverse("portal:lab_activities", args=[world.lab.slug])).content.decode()
    assert "60社を支援しました。" in public
    assert "saga@example.invalid" not in public
    assert Client().get(reverse("reports:reports")).status_code == 200
    assert staff.get(reverse("reports_office:actuals")).status_code == 200
    assert staff.get(reverse("reports_office:questions")).status_code == 200


def test_numbers_of_the_report_are_hidden_until_sent(world: Any) -> None:
    staff = Client()
    staff.force_login(world.ipa_person)
    started = writing.start_report(report=world.report, by=world.office)
    assert staff.get(reverse("answers:check", args=[started.sheet.key])).status_code == 404
    assert staff.get(reverse("reports_office:section", args=[started.pk, "review"])).status_code == 404
