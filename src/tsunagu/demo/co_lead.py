"""Made-up editions of Co-LEAD: one whose final report is out, one that is being matched."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.cases.models import Industry
from tsunagu.demo import MARK, STAFF
from tsunagu.registry.models import Lab, LocalGovernment
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import (
    Brief,
    Company,
    Deliverable,
    Edition,
    Entry,
    Kind,
    Mood,
    Outcome,
    Reached,
    Skill,
    Talent,
    Team,
    TeamState,
)
from tsunagu.talent.services import accompanying, briefing, forming, registering, wishing
from tsunagu.talent.services.editions import go_on, keep_edition

COMPANIES = (
    (
        "食品の製造",
        "E",
        "紙の受注をなくし、在庫が見えるようにしたい",
        "data no_code",
        "受注を紙で書き写していて、欠品に気づくのが遅れる。",
    ),
    (
        "旅館",
        "M",
        "予約と清掃の段取りを1つにまとめたい",
        "no_code design",
        "予約表と清掃の表が別で、毎朝書き写している。",
    ),
    (
        "金属加工",
        "E",
        "機械の止まりを早く知り、見積もりに生かしたい",
        "iot data",
        "機械が止まっても、夕方まで分からない。",
    ),
    (
        "農産物の直売",
        "I",
        "売れ残りを減らす仕入れの目安がほしい",
        "data marketing",
        "売れ残りは日によって3倍も違う。",
    ),
)
TALENTS = (
    ("製造業の在庫を表計算から作り直した", "data no_code"), ("現場の聞き取りから画面を作る", "design no_code"), ("工場のセンサーをつないだ", "iot"),
    ("売上の予測をした", "data ai"), ("ネット販売を立ち上げた", "marketing design"), ("業務を小さく直すのが得意", "no_code business"),
    ("機械の記録を分析した", "iot data"), ("社内の研修を続けている", "people marketing"),
)  # fmt: skip


def make_co_lead() -> int:
    """Both editions; how many teams there are."""
    past = _edition("sample-2025", 2025, begins=timezone.localdate() - timedelta(days=200))
    _end(past)
    _edition("sample-2026", 2026, begins=timezone.localdate() - timedelta(days=10))
    return Team.objects.count()


@transaction.atomic
def _edition(key: str, year: int, *, begins: date) -> Edition:
    edition = keep_edition(
        Edition(
            key=key,
            fiscal_year=year,
            title=f"見本のCo-LEAD {year}{MARK}",
            title_en=f"Sample Co-LEAD {year} (made up)",
            outcome_type="nintei",
            summary="画面を試すための回です。",
            opens_on=begins,
            closes_on=timezone.localdate() + timedelta(days=5),
            starts_on=begins,
            reports_on=begins + timedelta(days=150),
            purpose="画面を試すため",
            seed=f"見本の種{year}",
        )
    )
    edition = go_on(edition=edition, to="open")
    briefs = [_brief(edition, number) for number in range(len(COMPANIES))]
    entries = [_entry(edition, number) for number in range(len(TALENTS))]
    for at, brief in enumerate(briefs):
        needs = {one.code for one in brief.needs.all()}
        wished = [one for one in entries if needs & {each.code for each in one.talent.skills.all()}]
        for rank, entry in enumerate(wished[:4], start=1):
            wishing.wish(brief=brief, entry=entry, side="company", rank=rank)
            wishing.wish(brief=brief, entry=entry, side="talent", rank=(rank + at) % 4 + 1)
    edition = go_on(edition=edition, to="pairing")
    run = forming.run(edition=edition, by=STAFF)
    forming.put_to_all(run=run)
    return edition


def _person(label: str, name: str) -> Person:
    return Person.objects.create_person(f"{label}@demo.invalid", f"{name}{MARK}", is_demo=True)


def _viewer(person: Person) -> Viewer:
    return viewer_for(person, on=timezone.localdate())


def _brief(edition: Edition, number: int) -> Brief:
    trade, industry, title, needs, situation = COMPANIES[number]
    person = _person(f"co-lead-c{number}-{edition.key}", f"{trade}の会社の担当")
    registering.agree(person_id=person.pk, edition=edition, kind=Kind.COMPANY)
    lab = Lab.objects.order_by("slug")[number * 9]
    company = registering.register_company(
        company=Company(
            contact=person, name=f"見本{trade}{edition.fiscal_year}{MARK}", prefecture=lab.region.prefecture or LocalGovernment.objects.get(pk="130001"),
            industry=Industry.objects.get(code=industry), staff=20 + 10 * number, lab=lab,
        ),
        edition=edition, by=_viewer(person),
    )  # fmt: skip
    brief = briefing.keep_brief(
        Brief(
            edition=edition, company=company, title=f"{title}{MARK}", gist=situation, situation=situation,
            goal="半年で、書き写しをやめる。", hours=10, smallest=2, largest=3,
        ),
        needs=Skill.objects.filter(code__in=needs.split()), side="company",
    )  # fmt: skip
    for side in ("company", "coordinator"):
        brief = briefing.say_yes(brief=brief, side=side, seen=briefing.digest_of(brief))
    return brief


def _entry(edition: Edition, number: int) -> Entry:
    headline, skills = TALENTS[number]
    person = _person(f"co-lead-t{number}-{edition.key}", f"見本の人材{number + 1}")
    registering.agree(person_id=person.pk, edition=edition, kind=Kind.TALENT)
    home = LocalGovernment.objects.filter(prefecture=None).order_by("lg_code")[number * 5]
    entry = registering.enter(
        talent=Talent(headline=headline, home=home), entry=Entry(edition=edition, hours=20, most=1 + number % 2),
        skills=Skill.objects.filter(code__in=skills.split()), by=_viewer(person),
    )  # fmt: skip
    return registering.decide_entry(entry=entry, accept=True)


@transaction.atomic
def _end(edition: Edition) -> None:
    """Everybody says yes, works and tells what came of it; the report is published."""
    for number, team in enumerate(
        edition.teams.filter(state=TeamState.PROPOSED).select_related("brief__company__contact")
    ):
        forming.answer(team=team, person_id=team.brief.company.contact_id, yes=True)
        for seat in team.seats.select_related("entry__talent"):
            forming.answer(team=team, person_id=seat.entry.talent.person_id, yes=True)
        by = _viewer(team.brief.company.contact)
        accompanying.note_week(
            team=team, mood=Mood.GOING, done="流れを書き出した", next_step="表を1つにする", by=by
        )
        for step in team.milestones.all()[: 9 - number]:
            accompanying.tick(milestone=step, done=True)
        accompanying.hand_over(
            deliverable=Deliverable(team=team, title="手順書", link="https://example.jp/"), upload=None, by=by
        )
        filed = timezone.localdate() - timedelta(days=20) if number % 2 == 0 else None
        accompanying.keep_outcome(
            Outcome(
                team=team, reached=list(Reached)[number % 3], told="書き写しがなくなり、1日に1時間が空いた。", filed_on=filed,
                learned="はじめに、だれが決めるかを決めておくとよい。", goes_on=number % 2 == 0, may_publish=number == 0,
            )
        )  # fmt: skip
        accompanying.finish(team=team)
    edition = Edition.objects.get(pk=edition.pk)
    edition.report = "4社と8人が参加しました。数はすべて架空です。"
    edition = keep_edition(edition)
    for step_name in ("running", "reported"):
        edition = go_on(edition=edition, to=step_name)
