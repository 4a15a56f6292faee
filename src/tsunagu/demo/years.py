"""What the made-up labs did, and reported, from fiscal year 2023 to 2025."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.selectors import viewer_for
from tsunagu.activities.models import Activity, ActivityCompany, ActivityKind, KindGroup, PolicyUse
from tsunagu.activities.rules import Company
from tsunagu.demo import MARK, SEED
from tsunagu.demo.labs import DemoLab
from tsunagu.engines.dates import fiscal_year_range
from tsunagu.questionnaires.models import Form
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.registry.models import Policy
from tsunagu.reporting.models import IndicatorActual, Report, ReportYear, TimeSpent
from tsunagu.reporting.services import deciding, writing
from tsunagu.reporting.services import years as rounds
from tsunagu.sharing.viewer import Viewer

YEARS = (2023, 2024, 2025)
A_YEAR = 40
COMPANIES = 1200
KINDS = {
    KindGroup.PROJECT: ("project",), KindGroup.SUPPORT: ("seminar", "help_desk", "accompaniment"),
    KindGroup.SUBSIDY: ("subsidy",), KindGroup.HUB: ("roll_out", "matching"),
}  # fmt: skip
TITLES = {
    "project": "農業の人手不足をセンサーで補う実証", "seminar": "はじめてのDXセミナー", "help_desk": "DX相談の日",
    "accompaniment": "現場の見える化の伴走", "subsidy": "デジタル化補助の採択", "roll_out": "事例を学ぶ会",
    "matching": "企業とITベンダーの交流会", "training": "デジタル推進人材の講座", "other": "打合せ",
}  # fmt: skip
POLICY_OF = {
    "accompaniment": "it_hojo",
    "training": "manabi_dx",
    "project": "soumu_regional_dx",
    "help_desk": "dx_guidance",
    "subsidy": "monozukuri",
}


def _days(one: DemoLab, year: int) -> tuple[date, int]:
    first, last = fiscal_year_range(year)
    first = max(first, one.since)
    return first, max((last - first).days, 0)


@transaction.atomic
def log_activities(labs: list[DemoLab]) -> int:
    """Three years of activities: a lab only does what its groups say, and each of them in every year."""
    dice = random.Random(SEED + 1)  # noqa: S311 - the same made-up world every time
    kinds = {one.code: one for one in ActivityKind.objects.all()}
    policies = {one.code: one for one in Policy.objects.all()}
    rows: list[Activity] = []
    for one in labs:
        codes = [code for group in sorted(one.groups) for code in KINDS[KindGroup(group)]] + [
            "training",
            "other",
        ]
        for year in YEARS:
            first, span = _days(one, year)
            if span <= 0:
                continue
            for number in range(max(A_YEAR * span // 365, len(codes))):
                code = codes[number % len(codes)]
                rows.append(
                    Activity(
                        lab=one.lab, kind=kinds[code], title=f"{TITLES[code]} 第{number // len(codes) + 1}回{MARK}",
                        started_on=first + timedelta(days=_spread(number, code, span, dice)), people=dice.randrange(4, 60),
                        summary="参加した企業が次にすることを決めた。", audience="public" if code != "other" else "labs", origin="demo",
                    )
                )  # fmt: skip
    made = Activity.objects.bulk_create(rows, batch_size=2000)
    helped, used = [], []
    for activity in made:
        code = activity.kind.code
        for number in {dice.randrange(COMPANIES) for _each in range(dice.randrange(4))}:
            company = Company(f"見本商店{number:04d}{MARK}")
            helped.append(
                ActivityCompany(activity=activity, name=company.name, company_key=f"demo:{number:04d}")
            )
        if code in POLICY_OF and dice.random() < 0.2:
            used.append(
                Activity.policies.through(activity_id=activity.pk, policy_id=policies[POLICY_OF[code]].pk)
            )
    ActivityCompany.objects.bulk_create(helped, batch_size=4000)
    Activity.policies.through.objects.bulk_create(used, batch_size=4000)
    return len(made)


def _spread(number: int, code: str, span: int, dice: random.Random) -> int:
    """A day of the year; the first of each kind early, so that every year up to any day in spring holds one."""
    del code
    return min(span, dice.randrange(span + 1) if number >= 12 else span * number // 24)


def make_reports(labs: list[DemoLab], *, tell: Any = None) -> int:
    """Reports of the three years; the last is still coming in, so that every state can be seen."""
    staff = Viewer(roles=frozenset({"ipa"}), display_name="見本の事務局")
    form, made = Form.objects.get(key="annual_report"), 0
    dice = random.Random(SEED + 2)  # noqa: S311 - the same made-up world every time
    zone = timezone.get_current_timezone()
    for year in YEARS:
        due = (
            datetime(year + 1, 5, 31, 17, 0, tzinfo=zone)
            if year < 2025
            else timezone.now() + timedelta(days=5)
        )
        its_year, _new = ReportYear.objects.get_or_create(
            fiscal_year=year, defaults={"form": form, "due_at": due}
        )
        rounds.open_year(year=its_year)
        ReportYear.objects.filter(pk=its_year.pk).update(
            opened_at=datetime(year + 1, 4, 10, 9, 0, tzinfo=zone)
        )
        for number, one in enumerate(labs):
            report = Report.objects.filter(year=its_year, lab=one.lab).first()
            if report is None:
                continue
            _report(report, one, _fate(year, number), staff, dice)
            made += 1
        if tell:
            tell(year)
    return made


def _fate(year: int, number: int) -> str:
    if year < 2025:
        return "accepted"
    return ("accepted", "accepted", "accepted", "submitted", "returned", "draft", "expected")[number % 7]


@transaction.atomic
def _report(report: Report, one: DemoLab, fate: str, staff: Viewer, dice: random.Random) -> None:
    if fate == "expected":
        return
    by = viewer_for(one.office, on=timezone.localdate())
    report = writing.start_report(report=report, by=by, measure=dice.random() < 0.6)
    assert report.sheet is not None
    answers = answers_of(report.sheet)
    year = report.year.fiscal_year
    rows = [_actual(row, dice) for row in answers.get("indicators") or []]
    policies = [
        {**row, "result": "使った企業の作業時間が減った。", "again": dice.choice(("yes", "yes", "unsure"))}
        for row in answers.get("policies") or []
    ]
    values: dict[str, Any] = {
        "contact_person": "見本 太郎", "contact_email": one.office.email, "indicators": rows,
        "results": f"{year}年度は、参加した企業の多くが紙の台帳をやめた。{MARK}", "next_year": "伴走する企業を増やし、事例を隣の地域に広げる。",
        "summary": f"企業と大学が一緒に、現場の困りごとに取り組みました。{MARK}", "may_publish": "yes", "wants_award": "yes" if dice.random() < 0.3 else "no",
        "issues": dice.sample(["people", "awareness", "budget", "knowledge", "continuity"], 2),
        "needs": dice.sample(["cases", "experts", "ties", "training"], 2),
    }  # fmt: skip
    values |= {"policies": policies} if policies else {"no_policies": "yes"}
    write_answers(sheet=report.sheet, by=by, values=values)
    if report.measures_time:
        TimeSpent.objects.create(
            report=report, section="review", seconds=dice.randrange(400, 1100), seen_at=timezone.now()
        )
    if fate != "draft":
        writing.submit_report(report=report, by=by)
    if fate == "returned":
        deciding.return_sections(report=report, sections={"review": "成果を、数で書いてください。"}, by=staff)
    if fate == "accepted":
        deciding.accept_report(report=report, by=staff)
    _date(report, year, fate, dice)


def _actual(row: dict[str, str], dice: random.Random) -> dict[str, str]:
    target = float(row.get("target") or 10)
    value = max(1, round(target * dice.uniform(0.6, 1.4)))
    last = float(row.get("last") or 0)
    far = bool(last) and abs(value - last) * 2 >= last
    return {
        **row,
        "actual": str(value),
        "comment": "新しい講座を始めたため。" if far and dice.random() < 0.7 else "",
    }


def _date(report: Report, year: int, fate: str, dice: random.Random) -> None:
    """Reports of past years came in the spring after; what they handed on is dated so too."""
    if year == 2025:
        return
    zone = timezone.get_current_timezone()
    sent = datetime(year + 1, 5, 10, 10, 0, tzinfo=zone) + timedelta(days=dice.randrange(28))
    accepted = sent + timedelta(days=12)
    Report.objects.filter(pk=report.pk).update(
        started_at=sent - timedelta(days=9),
        submitted_at=sent,
        accepted_at=accepted if fate == "accepted" else None,
    )
    report.steps.update(at=sent)
    IndicatorActual.objects.filter(report=report).update(recorded_at=accepted)
    PolicyUse.objects.filter(lab=report.lab, fiscal_year=year).update(recorded_at=accepted)
