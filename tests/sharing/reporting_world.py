"""The log, reports and awards of the walk, each with texts that are not for everybody."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tsunagu.sharing.policy import RecordAudience

# Whose an object is decides here, as in `world`.
TENDED = {
    "activities:lab": "slug", "activities:new": "slug", "activities:upload": "slug", "activities:new_use": "slug",
    "activities:lab_file": "lab_file", "activities:edit": "activity", "activities:remove": "activity",
    "activities:evidence": "evidence", "activities:import": "activity_import", "activities:columns": "activity_import",
    "activities:apply": "activity_import", "activities:errors": "activity_import", "activities:edit_use": "use",
    "reporting:report": "report",
}  # fmt: skip
OF_A_LAB = {
    "activities:verify_use": "use", "reports_office:report": "report", "reports_office:section": "report_section",
    "reports_office:return": "report", "reports_office:accept": "report", "reports_office:extend": "draft_report",
    "reports_office:verify": "actual",
}  # fmt: skip
OFFICES_OWN = {
    "reporting:start": "draft_report", "reporting:refresh": "draft_report", "reporting:measure": "draft_report",
    "reporting:correct": "accepted_report", "awards:enter": "enter", "awards:entry": "entry", "awards:withdraw": "entry",
}  # fmt: skip
FOR_ALL = {
    "activities:policies_file": "kind", "statistics:file": "kind", "reports_office:board_file": "kind",
    "reports_office:edit_year": "report_year", "reports_office:open_year": "report_year",
    "reports_office:extend_all": "report_year", "awards_office:award": "award", "awards_office:edit": "award",
    "awards_office:jury": "award", "awards_office:announce": "award", "awards_office:choose": "choose",
}  # fmt: skip


def make_reporting(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]], list[Any]]:
    """The keys, the texts with whose they are, and activities with their audiences."""
    from tsunagu.activities.importing.batches import upload
    from tsunagu.activities.models import Activity, ActivityCompany, ActivityKind, PolicyUse
    from tsunagu.activities.services import attach_evidence, record_use
    from tsunagu.awards.models import Award, AwardEntry
    from tsunagu.questionnaires.models import Answer, Form, Sheet, Snapshot
    from tsunagu.registry.models import Indicator, Policy
    from tsunagu.reporting.models import IndicatorActual, Report, ReportStep, ReportYear
    from tsunagu.reviewing.models import CriteriaSet
    from tsunagu.sharing.viewer import Viewer

    now, by = timezone.now(), Viewer()
    kind = ActivityKind.objects.get(code="seminar")
    activities = [
        Activity.objects.create(
            lab=lab, kind=kind, title=f"活動秘{where}-{audience.value}", started_on=date(2026, 5, 1), people=3, audience=audience,
        )
        for audience in RecordAudience
    ]  # fmt: skip
    own = next(one for one in activities if one.audience == RecordAudience.PARTIES)
    company = ActivityCompany.objects.create(
        activity=own, name=f"企業秘{where}", company_key=f"企業秘{where}|"
    )
    file = attach_evidence(activity=own, upload=SimpleUploadedFile(f"裏づけ秘{where}.txt", b"x"), by=by)
    batch = upload(
        lab=lab, by=by, file_name=f"活動一覧秘{where}.csv", content="日付,種別,題名\n,,\n".encode()
    )
    use = record_use(
        lab=lab,
        policy=Policy.objects.get(code="it_hojo"),
        fiscal_year=2025,
        source="",
        audience="public",
        result=f"施策秘{where}",
    )
    PolicyUse.objects.filter(pk=use.pk).update(audience="parties")
    form = Form.objects.get(key="annual_report")
    years = [
        ReportYear.objects.get_or_create(
            fiscal_year=year, defaults={"form": form, "due_at": now + timedelta(days=9)}
        )[0]
        for year in (2023, 2024, 2025)
    ]
    reports = []
    for year, state in zip(years, ("accepted", "submitted", "draft"), strict=True):
        report = Report.objects.create(year=year, lab=lab, state=state, due_at=year.due_at)
        sheet = Sheet.objects.create(
            form_version=form.versions.get(number=1), subject=f"report:{report.pk}", owner_id=_somebody(), lab=lab,
            is_locked=state != "draft",
        )  # fmt: skip
        text = f"報告秘{state}-{where}"
        Answer.objects.create(sheet=sheet, field="results", value=text)
        Answer.objects.create(sheet=sheet, field="contact_person", value=f"担当秘{state}-{where}")
        if state != "draft":
            snapshot = Snapshot.objects.create(
                sheet=sheet, number=1, kind="submitted", form_version=sheet.form_version, digest="",
                answers={"results": text, "contact_person": f"担当秘{state}-{where}"},
            )  # fmt: skip
            report.accepted_snapshot = snapshot if state == "accepted" else None
        report.sheet = sheet
        report.save()
        reports.append(report)
    accepted, submitted, draft = reports
    step = ReportStep.objects.create(report=submitted, kind="submitted", text=f"経過秘{where}")
    indicator = Indicator.objects.create(lab=lab, name="指標", unit="社")
    actual = IndicatorActual.objects.create(
        indicator=indicator, fiscal_year=2023, value=1, evidence=f"指標秘{where}", report=accepted
    )
    award, _made = Award.objects.get_or_create(
        key="walk", defaults={
            "fiscal_year": 2026, "title": "歩く表彰", "summary": "x", "criteria_set": CriteriaSet.objects.get(key="award"),
            "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1),
        },
    )  # fmt: skip
    other, _made = Award.objects.get_or_create(
        key="walk-2", defaults={
            "fiscal_year": 2026, "title": "もう1つの表彰", "summary": "x", "criteria_set": CriteriaSet.objects.get(key="award"),
            "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=1),
        },
    )  # fmt: skip
    entry = AwardEntry.objects.create(
        award=award, lab=lab, report=accepted, number=f"W{where}", title=f"応募秘{where}", story="x"
    )
    keys = {
        "activity": {"pk": own.pk},
        "lab_file": {"slug": lab.slug, "kind": "csv"},
        "evidence": {"pk": file.pk},
        "activity_import": {"pk": batch.pk},
        "use": {"pk": use.pk},
        "report": {"pk": submitted.pk},
        "draft_report": {"pk": draft.pk},
        "accepted_report": {"pk": accepted.pk},
        "report_section": {"pk": submitted.pk, "key": "review"},
        "actual": {"pk": actual.pk},
        "report_year": {"pk": years[0].pk},
        "award": {"pk": award.pk},
        "entry": {"pk": entry.pk},
        "enter": {"pk": other.pk, "report": accepted.pk},
        "choose": {"pk": award.pk, "entry": entry.pk},
    }

    def rewrite(record: Any, name: str) -> Any:
        return lambda text: type(record).objects.filter(pk=record.pk).update(**{name: text})

    def answered(report: Any, name: str) -> Any:
        def change(text: str) -> None:
            Answer.objects.filter(sheet=report.sheet, field=name).update(value=text)
            for one in Snapshot.objects.filter(sheet=report.sheet):
                one.answers[name] = text
                one.save()

        return change

    texts = {
        f"企業秘{where}": ("tending", rewrite(company, "name")),
        f"裏づけ秘{where}": ("tending", rewrite(file.stored_file, "name")),
        f"活動一覧秘{where}": ("tending", rewrite(batch, "file_name")),
        f"施策秘{where}": ("party", rewrite(use, "result")),
        f"報告秘draft-{where}": ("draft", answered(draft, "results")),
        f"担当秘draft-{where}": ("draft", answered(draft, "contact_person")),
        f"報告秘submitted-{where}": ("sent", answered(submitted, "results")),
        f"担当秘submitted-{where}": ("sent", answered(submitted, "contact_person")),
        f"担当秘accepted-{where}": ("sent", answered(accepted, "contact_person")),
        f"経過秘{where}": ("sent", rewrite(step, "text")),
        f"指標秘{where}": ("sent", rewrite(actual, "evidence")),
        f"応募秘{where}": ("entry", rewrite(entry, "title")),
    }
    return keys, texts, activities


def _somebody() -> int:
    from tsunagu.accounts.services import welcome_person

    return int(welcome_person(email="writer@example.invalid", name="書く人").pk)
