"""An edition with a company and talents, made for tests through the room's own services."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.services import welcome_person
from tsunagu.cases.models import Industry
from tsunagu.registry.models import Lab, LocalGovernment
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import Brief, Company, Edition, Entry, Kind, Skill, Talent
from tsunagu.talent.services import briefing, registering, wishing
from tsunagu.talent.services.editions import go_on, keep_edition


def as_viewer(person: Person) -> Viewer:
    return viewer_for(person, on=timezone.localdate())


def make_edition(**more: Any) -> Edition:
    """An edition that takes people in today."""
    today = timezone.localdate()
    known: dict[str, Any] = {
        "key": f"e{Edition.objects.count()}", "fiscal_year": 2026, "title": "ふるさとCo-LEAD 2026", "summary": "募集します。",
        "outcome_type": "nintei", "opens_on": today - timedelta(days=5), "closes_on": today + timedelta(days=20),
        "starts_on": today, "reports_on": today + timedelta(days=150), "purpose": "連絡と記録のため", "seed": "朝刊の見出し",
    }  # fmt: skip
    edition = keep_edition(Edition(**{**known, **more}))
    return go_on(edition=edition, to="open")


def make_company(edition: Edition, name: str = "株式会社ひみつ", lab: str = "410004") -> Company:
    person = welcome_person(email=f"c{Person.objects.count()}@example.jp", name=f"{name}の担当")
    registering.agree(person_id=person.pk, edition=edition, kind=Kind.COMPANY)
    company = Company(
        contact=person, name=name, prefecture=LocalGovernment.objects.get(pk="410004"), staff=30,
        industry=Industry.objects.get(code="E"), lab=Lab.objects.get(slug=lab) if lab else None,
    )  # fmt: skip
    return registering.register_company(company=company, edition=edition, by=as_viewer(person))


def make_brief(
    company: Company, edition: Edition, needs: str = "data ai", publish: bool = True, **more: Any
) -> Brief:
    known: dict[str, Any] = {
        "title": "紙の受注をなくしたい", "gist": "受注を紙で書き写している食品の製造。", "situation": "毎日3時間かかる", "goal": "半分にする",
        "hours": 10, "smallest": 2, "largest": 4,
    }  # fmt: skip
    brief = Brief(edition=edition, company=company, **{**known, **more})
    briefing.keep_brief(brief, needs=Skill.objects.filter(code__in=needs.split()), side="company")
    if publish:
        for side in ("company", "coordinator"):
            brief = briefing.say_yes(brief=brief, side=side, seen=briefing.digest_of(brief))
    return brief


def make_entry(
    edition: Edition, name: str, skills: str, *, accept: bool = True, hours: int = 20, most: int = 1
) -> Entry:
    person = welcome_person(email=f"t{Person.objects.count()}@example.jp", name=name)
    registering.agree(person_id=person.pk, edition=edition, kind=Kind.TALENT)
    talent = Talent(headline="現場を見て直します", home=LocalGovernment.objects.get(pk="130001"))
    entry = registering.enter(
        talent=talent, entry=Entry(edition=edition, hours=hours, most=most),
        skills=Skill.objects.filter(code__in=skills.split()), by=as_viewer(person),
    )  # fmt: skip
    return registering.decide_entry(entry=entry, accept=True) if accept else entry


def both_wish(
    brief: Brief, entry: Entry, company_rank: int | None = None, talent_rank: int | None = None
) -> None:
    wishing.wish(brief=brief, entry=entry, side="company", rank=company_rank)
    wishing.wish(brief=brief, entry=entry, side="talent", rank=talent_rank)
