"""Records of the log, reports and awards in every state, for pages to be looked at; made once per site."""

from datetime import timedelta
from typing import Any

from bench.report_world import fill_report
from django.utils import timezone

from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.services import invite_person
from tsunagu.activities.importing.batches import upload
from tsunagu.activities.models import ActivityImport
from tsunagu.awards.models import Award, AwardEntry, Prize
from tsunagu.awards.services import enter
from tsunagu.questionnaires.models import Form
from tsunagu.reporting.models import IndicatorActual, Report, ReportYear
from tsunagu.reporting.services import deciding, writing
from tsunagu.reviewing.models import CriteriaSet
from tsunagu.sharing.viewer import Viewer


def make(lab: Any) -> dict[str, Any]:
    """The keys of the pages' addresses."""
    person = invite_person(email="made-office@example.invalid", name="事務局", role="lab_office", lab=lab)
    by = viewer_for(person, on=timezone.localdate())
    reports: dict[str, Report] = {}
    now = timezone.now()
    for number, state in ((2022, "accepted"), (2023, "sent"), (2025, "draft")):
        year, _new = ReportYear.objects.get_or_create(
            fiscal_year=number,
            defaults={
                "form": Form.objects.get(key="annual_report"),
                "due_at": now + timedelta(days=9),
                "opened_at": now,
            },
        )
        report, new = Report.objects.get_or_create(year=year, lab=lab, defaults={"due_at": year.due_at})
        if new:
            writing.start_report(report=report, by=by)
            report.refresh_from_db()
            if state != "draft":
                fill_report(report, by, no_policies="yes")
                writing.submit_report(report=report, by=by)
            if state == "accepted":
                deciding.accept_report(report=report, by=Viewer())
        reports[state] = Report.objects.get(pk=report.pk)
    batch = ActivityImport.objects.filter(lab=lab).first() or upload(
        lab=lab, by=Viewer(), file_name="誤り.csv", content="日付,種別,題名\nきのう,なぞ,\n".encode()
    )
    award, _new = Award.objects.get_or_create(
        key="looked-at", defaults={
            "fiscal_year": 2026, "title": "見る表彰", "summary": "x", "criteria_set": CriteriaSet.objects.get(key="award"),
            "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=5),
        },
    )  # fmt: skip
    Prize.objects.get_or_create(award=award, position=1, name="最優秀賞")
    entry = AwardEntry.objects.filter(award=award).first() or enter(award=award, report=reports["accepted"])
    actual = IndicatorActual.objects.filter(indicator__lab=lab, state="self_reported").first()
    activity = lab.activities.first()
    assert reports["draft"].sheet is not None
    return {
        "activity": activity.pk, "batch": batch.pk, "draft": reports["draft"].pk, "sent": reports["sent"].pk,
        "accepted": reports["accepted"].pk, "sheet": str(reports["draft"].sheet.key), "year": reports["sent"].year_id,
        "award": award.pk, "entry": entry.pk, "actual": actual.pk if actual else 0,
    }  # fmt: skip
