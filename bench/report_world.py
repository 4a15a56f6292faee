"""A lab with a year of logged activities and a plan's indicators, ready to report. Never part of the product."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
KINDS = ("seminar", "help_desk", "accompaniment", "project", "matching", "training")


def log_year(lab: Any, by: Any, year: int, count: int = 40) -> None:
    """So many activities over a fiscal year, with companies and policies as a lab would log them."""
    from tsunagu.activities.models import Activity, ActivityKind
    from tsunagu.activities.rules import Company
    from tsunagu.activities.services import Details, save_activity
    from tsunagu.registry.models import Policy

    kinds = {one.code: one for one in ActivityKind.objects.all()}
    policies = [Policy.objects.get(code="it_hojo"), Policy.objects.get(code="manabi_dx")]
    for number in range(count):
        kind = kinds[KINDS[number % len(KINDS)]]
        activity = Activity(
            lab=lab, kind=kind, title=f"{kind.label} 第{number + 1}回", started_on=date(year, 4, 5) + timedelta(days=number * 8 % 350),
            people=5 + number, summary="参加した会社が、次の一歩を決めた。", audience=kind.default_audience,
        )  # fmt: skip
        companies = [Company(f"株式会社見本{(number * 3 + each) % 25}") for each in range(3)]
        details = Details(companies=companies, policies=[policies[number % 2]] if number % 4 == 0 else [])
        save_activity(activity, details=details, by=by)


def plan_indicators(lab: Any, year: int, count: int = 5) -> None:
    """Indicators with targets, as a selected plan leaves them in the registry."""
    from tsunagu.registry.models import Indicator, IndicatorTarget

    for number in range(count):
        one = Indicator.objects.create(
            lab=lab, position=number, name=f"支援した会社（{number + 1}）", unit="社", source="窓口の記録"
        )
        for each in (year - 1, year, year + 1):
            IndicatorTarget.objects.create(indicator=one, year=each, value=10 * (number + 1) + each - year)


def open_year(year: int, *, due: datetime | None = None) -> Any:
    """A fiscal year's round, opened."""
    from tsunagu.questionnaires.models import Form
    from tsunagu.reporting.models import ReportYear
    from tsunagu.reporting.services.years import open_year as ask

    made, _new = ReportYear.objects.get_or_create(
        fiscal_year=year,
        defaults={
            "form": Form.objects.get(key="annual_report"),
            "due_at": due or datetime(year + 1, 5, 31, 17, 0, tzinfo=JST),
        },
    )
    ask(year=made)
    return made


TYPED: dict[str, Any] = {
    "contact_person": "佐賀太郎", "contact_email": "saga@example.invalid",
    "results": "窓口に来た会社の半分が、仕事の進め方を変えた。", "next_year": "伴走する会社を増やす。", "summary": "60社を支援しました。", "may_publish": "yes",
}  # fmt: skip


def fill_report(report: Any, by: Any, *, actual: int = 12, **more: Any) -> None:
    """What a person types into a report that opened filled in."""
    from tsunagu.questionnaires.services.versions import answers_of
    from tsunagu.questionnaires.services.writing import write_answers

    answers = answers_of(report.sheet)
    rows = [
        {**one, "actual": str(actual + number)} for number, one in enumerate(answers.get("indicators") or [])
    ]
    values = {**TYPED, "indicators": rows, **more}
    if not answers.get("members"):
        values["members"] = [
            {"organisation": {"name": "佐賀県"}, "kind": "local_government", "role": "事務局"}
        ]
    if not answers.get("lab_name"):
        values["lab_name"] = "佐賀県DX推進ラボ"
    if not answers.get("office"):
        values["office"] = "佐賀県産業DX・スタートアップ推進グループ"
    write_answers(sheet=report.sheet, by=by, values=values)
