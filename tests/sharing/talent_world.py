"""Co-LEAD of the walk: an edition that takes people in, a company beside a lab, its brief, a team that runs."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

FOR_ALL = {
    "co_lead:edition": "colead", "co_lead:join": "colead", "co_lead_desk:talent": "colead", "co_lead_desk:company": "colead",
    "co_lead_office:edit": "colead",
}  # fmt: skip
# The company's contact, those who took part, and whoever was asked are nobody of the walk.
NOBODYS = {
    "co_lead:paper": "colead", "co_lead_desk:new_brief": "colead", "co_lead_desk:order": "colead",
    "co_lead_desk:leave": "colead_entry", "co_lead_desk:answer": "colead_answer", "co_lead_desk:prolong": "colead_consent",
}  # fmt: skip
COORDINATED = {
    "co_lead_desk:board": "colead", "co_lead_desk:board_act": "colead", "co_lead_desk:report": "colead",
    "co_lead_desk:decide": "colead_entry", "co_lead_desk:run": "colead_run", "co_lead_desk:edit_brief": "colead_brief",
    "co_lead_desk:talents": "colead_brief", "co_lead_desk:together": "colead_brief", "co_lead_desk:week": "colead_team",
    "co_lead_desk:new_step": "colead_team", "co_lead_desk:step": "colead_step", "co_lead_desk:hand_over": "colead_team",
    "co_lead_desk:outcome": "colead_team",
}  # fmt: skip
# The office of the lab beside the company reads with the secretariat.
READ = {
    "co_lead_desk:brief": "colead_brief", "co_lead_desk:brief_act": "colead_brief", "co_lead_desk:team": "colead_team",
    "co_lead_desk:team_act": "colead_team", "co_lead_desk:file": "colead_file",
}  # fmt: skip


def make_co_lead(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and what not everybody reads."""
    from tsunagu.accounts.models import Person
    from tsunagu.cases.models import Industry
    from tsunagu.files.services import store_file
    from tsunagu.registry.models import LocalGovernment
    from tsunagu.talent import models as co_lead

    today, now = timezone.localdate(), timezone.now()
    edition = co_lead.Edition.objects.create(
        key=f"walk-{where}", fiscal_year=2026, title=f"歩く回{where}", summary="募集", outcome_type="model", step="open",
        opens_on=today, closes_on=today + timedelta(days=9), purpose="目的", seed="種",
    )  # fmt: skip
    contact = Person.objects.create_person(f"contact-{where}@example.jp", f"窓口の人秘{where}")
    company = co_lead.Company.objects.create(
        contact=contact, name=f"参加会社秘{where}", prefecture=LocalGovernment.objects.get(pk="410004"),
        industry=Industry.objects.all()[0], lab=lab,
    )  # fmt: skip
    brief = co_lead.Brief.objects.create(
        edition=edition, company=company, number=f"CL-9{where[0]}", state="published", title="題名", gist="ひとこと",
        situation=f"相談書秘{where}", goal="目標", secrets=f"開いてから秘{where}", company_ok="x", coordinator_ok="x", published_at=now,
    )  # fmt: skip
    talent = co_lead.Talent.objects.create(
        person=Person.objects.create_person(f"member-{where}@example.jp", f"人材秘{where}"), headline="できる",
        home=LocalGovernment.objects.get(pk="130001"),
    )  # fmt: skip
    entry = co_lead.Entry.objects.create(edition=edition, talent=talent, state="accepted", hours=10)
    run = co_lead.Run.objects.create(
        edition=edition,
        way="teams",
        seed="種",
        digest="x",
        result={"said": "", "chosen": [], "without": [], "blocking": [], "unused": []},
    )
    team = co_lead.Team.objects.create(
        edition=edition,
        brief=brief,
        run=run,
        state="running",
        of_company="yes",
        agreed_at=now,
        reasons=[f"組んだ秘{where}"],
    )
    co_lead.Seat.objects.create(team=team, entry=entry, answer="yes")
    step = co_lead.Milestone.objects.create(team=team, title=f"段階秘{where}")
    file = store_file(upload=SimpleUploadedFile(f"colead{where}.txt", where.encode()), by_label="")
    made = co_lead.Deliverable.objects.create(team=team, title="成果物", stored_file=file)
    answer = co_lead.PointAnswer.objects.create(
        edition=edition, person=contact, side="company", point="start", asked_on=today
    )
    consent = co_lead.Consent.objects.create(
        person=contact, edition=edition, kind="company", text="文", keep_until=today + timedelta(days=99)
    )
    keys = {
        "colead": {"key": edition.key}, "colead_entry": {"pk": entry.pk}, "colead_answer": {"pk": answer.pk},
        "colead_consent": {"pk": consent.pk}, "colead_run": {"pk": run.pk}, "colead_brief": {"number": brief.number},
        "colead_team": {"pk": team.pk}, "colead_step": {"pk": team.pk, "step": step.pk},
        "colead_file": {"pk": team.pk, "item": made.pk},
    }  # fmt: skip

    def change(record: Any, name: str) -> Any:
        return lambda text: type(record).objects.filter(pk=record.pk).update(**{name: text})

    texts = {
        f"参加会社秘{where}": ("entry", change(company, "name")),
        f"相談書秘{where}": ("entry", change(brief, "situation")),
        f"段階秘{where}": ("entry", change(step, "title")),
        f"開いてから秘{where}": ("secretariat", change(brief, "secrets")),
        f"窓口の人秘{where}": ("secretariat", change(contact, "name")),
        f"人材秘{where}": ("secretariat", change(talent.person, "name")),
    }
    return keys, texts
