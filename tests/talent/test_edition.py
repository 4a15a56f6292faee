"""An edition from the call to the final report, and what is refused on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.talent.people import as_viewer, both_wish, make_brief, make_company, make_edition, make_entry

from tsunagu.activities.models import Activity, PolicyUse
from tsunagu.outbox.models import Reminder
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.recommending.models import Company as SupportedCompany
from tsunagu.registry.models import Organisation
from tsunagu.talent import tasks
from tsunagu.talent.models import (
    Brief,
    Deliverable,
    Edition,
    Interest,
    Milestone,
    Mood,
    Outcome,
    PointAnswer,
    Run,
    Seat,
    Team,
    TeamState,
    WeeklyNote,
)
from tsunagu.talent.rules import NotAllowed
from tsunagu.talent.selectors import board as boards
from tsunagu.talent.selectors import desk
from tsunagu.talent.selectors.report import report_of
from tsunagu.talent.services import accompanying, asking, briefing, forming, registering, wishing
from tsunagu.talent.services.editions import go_on, keep_edition

pytestmark = pytest.mark.django_db


def form_team(edition: Edition, brief: Brief, *names: tuple[str, str]) -> Team:
    """A team that everybody accepted."""
    for name, skills in names:
        both_wish(brief, make_entry(edition, name, skills))
    if edition.step == "open":
        edition = go_on(edition=edition, to="pairing")
    run = forming.run(edition=edition, by=as_viewer(brief.company.contact))
    forming.put_to_all(run=run)
    team = Team.objects.get(brief=brief, state=TeamState.PROPOSED)
    return accept(team)


def accept(team: Team) -> Team:
    forming.answer(team=team, person_id=team.brief.company.contact_id, yes=True)
    for seat in team.seats.select_related("entry__talent"):
        forming.answer(team=team, person_id=seat.entry.talent.person_id, yes=True)
    team.refresh_from_db()
    return team


def test_from_the_call_to_the_final_report() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    assert Organisation.objects.filter(name="株式会社ひみつ").count() == 1
    team = form_team(edition, brief, ("分析 花子", "data"), ("人工 太郎", "ai"))
    assert team.state == TeamState.RUNNING
    assert {tuple(one.brings) for one in team.seats.all()} == {("データの整理と分析",), ("AIの活用",)}
    # One fact once: the lab's log, and its page on the way to DX認定, are there without anybody typing.
    logged = Activity.objects.get(origin="co_lead")
    assert (logged.lab.slug, logged.audience, logged.kind.code) == ("410004", "parties", "accompaniment")
    assert "ひみつ" not in logged.title + logged.summary
    assert SupportedCompany.objects.get(lab__slug="410004").organisation.name == "株式会社ひみつ"
    assert Milestone.objects.filter(team=team).count() == 9
    assert PointAnswer.objects.filter(point="start").count() == 3
    edition = go_on(edition=Edition.objects.get(pk=edition.pk), to="running")
    accompanying.note_week(
        team=team,
        mood=Mood.GOING,
        done="受注の流れを書き出した",
        next_step="",
        by=as_viewer(brief.company.contact),
    )
    with pytest.raises(NotAllowed, match=r"成果を書いて.*成果物を渡して"):
        accompanying.finish(team=team)
    accompanying.hand_over(
        deliverable=Deliverable(team=team, title="受注表", link="https://example.jp/"),
        upload=None,
        by=as_viewer(brief.company.contact),
    )
    today = timezone.localdate()
    accompanying.keep_outcome(
        Outcome(team=team, reached="yes", told="半分になった", filed_on=today, goes_on=True)
    )
    with pytest.raises(NotAllowed, match="最終報告のことば"):
        go_on(edition=edition, to="reported")
    accompanying.finish(team=team)
    used = PolicyUse.objects.get(policy__code="co_lead", replaced_at=None)
    assert (used.lab.slug, used.companies, used.count) == ("410004", 1, 1)
    edition.report = "1社で受注の時間が半分になりました。"
    edition = keep_edition(edition)
    edition = go_on(edition=edition, to="reported")
    report = report_of(edition)
    assert (report.talents, report.companies, report.teams, report.done, report.filed, report.going_on) == (
        2,
        1,
        1,
        1,
        1,
        1,
    )
    page = Client().get(f"/co-lead/{edition.key}/").content.decode()
    assert "半分になりました" in page
    assert "半分になった" in page
    # The company did not say that its name may stand there.
    assert "株式会社ひみつ" not in page
    Outcome.objects.update(may_publish=True)
    assert "株式会社ひみつ" in Client().get(f"/co-lead/{edition.key}/").content.decode()
    assert Client().get(f"/co-lead/{edition.key}/report.pdf").content.startswith(b"%PDF")


def test_a_stranger_registers_after_reading_what_happens_with_their_data(client: Client) -> None:
    edition = make_edition()
    page = client.get(f"/co-lead/{edition.key}/join/").content.decode()
    assert "使う目的: 連絡と記録のため" in page
    assert "12か月" in page
    form = {"kind": "talent", "name": "人材 一子", "email": "new@example.jp"}
    answer = client.post(f"/co-lead/{edition.key}/join/", form)
    assert answer.status_code == 422
    assert "同意しないと登録できません" in answer.content.decode()
    assert client.post(f"/co-lead/{edition.key}/join/", {**form, "agrees": "on"}).status_code == 302
    from tsunagu.accounts.models import Person
    from tsunagu.outbox.models import Mail

    person = Person.objects.get(email="new@example.jp")
    assert f"/co-lead-desk/editions/{edition.key}/talent/" in Mail.objects.get(to_email="new@example.jp").body
    assert mail.outbox == []
    client.force_login(person)
    given = {
        "headline": "在庫を直せます", "home": "130001", "mode": "either", "hours": "15", "most": "1",
        "skills": [str(one) for one in edition_skills("data")],
    }  # fmt: skip
    address = f"/co-lead-desk/editions/{edition.key}/talent/"
    assert client.post(address, {**given, "hours": "0"}).status_code == 422
    assert client.post(address, given).status_code == 302
    entry = desk.own_entries(as_viewer(person)).get()
    assert (entry.state, entry.hours) == ("sent", 15)
    # Nothing of the edition's briefs is open before somebody took them in.
    brief = make_brief(make_company(edition), edition)
    assert client.get(f"/co-lead-desk/briefs/{brief.number}/").status_code == 404
    registering.decide_entry(entry=entry, accept=True)
    page = client.get(f"/co-lead-desk/briefs/{brief.number}/").content.decode()
    assert "毎日3時間" in page
    assert "ひみつ" not in page


def edition_skills(*codes: str) -> list[int]:
    from tsunagu.talent.models import Skill

    return list(Skill.objects.filter(code__in=codes).values_list("pk", flat=True))


def test_a_brief_is_published_when_both_said_yes_to_the_same_words() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition, publish=False)
    before = briefing.digest_of(brief)
    brief = briefing.say_yes(brief=brief, side="company", seen=before)
    assert brief.state == "writing"
    brief = Brief.objects.get(pk=brief.pk)
    brief.goal = "3割減らす"
    briefing.keep_brief(brief, needs=brief.needs.all(), side="coordinator", seen=brief.version)
    assert brief.company_ok == ""
    with pytest.raises(NotAllowed, match="書き直されました"):
        briefing.say_yes(brief=brief, side="company", seen=before)
    for side in ("company", "coordinator"):
        brief = briefing.say_yes(brief=brief, side=side, seen=briefing.digest_of(brief))
    assert brief.state == "published"
    # Mended after it was published, it is hidden until both said yes again.
    brief.gist = "別の説明"
    briefing.keep_brief(brief, needs=brief.needs.all(), side="company")
    brief.refresh_from_db()
    assert (brief.state, brief.company_ok, brief.coordinator_ok) == ("writing", "", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Brief.objects.filter(pk=brief.pk).update(state="published")


def test_a_brief_that_names_its_company_is_not_published() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition, publish=False, gist="株式会社ひみつの受注")
    with pytest.raises(NotAllowed, match="会社の名前が入っています"):
        briefing.say_yes(brief=brief, side="company", seen=briefing.digest_of(brief))


def test_names_open_exactly_while_both_wish() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    entry = make_entry(edition, "名前 出子", "data")
    company, talent = Client(), Client()
    company.force_login(brief.company.contact)
    talent.force_login(entry.talent.person)

    def seen() -> tuple[bool, bool]:
        of_company = company.get(f"/co-lead-desk/briefs/{brief.number}/talents/").content.decode()
        of_talent = talent.get(f"/co-lead-desk/briefs/{brief.number}/").content.decode()
        return "名前 出子" in of_company, "株式会社ひみつ" in of_talent

    assert seen() == (False, False)
    company.post(f"/co-lead-desk/briefs/{brief.number}/act/", {"act": "wish", "entry": entry.pk, "rank": "1"})
    assert seen() == (False, False)
    assert Reminder.objects.filter(key__contains="wished").count() == 1
    talent.post(f"/co-lead-desk/briefs/{brief.number}/act/", {"act": "wish", "rank": "2"})
    assert seen() == (True, True)
    assert Reminder.objects.filter(key__contains="opened").count() == 2
    talent.post(f"/co-lead-desk/briefs/{brief.number}/act/", {"act": "unwish"})
    assert seen() == (False, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.update(opened_at=timezone.now())


def test_somebody_may_not_wish_in_anothers_name() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    entry, other = make_entry(edition, "甲", "data"), make_entry(edition, "乙", "ai")
    client = Client()
    client.force_login(entry.talent.person)
    client.post(f"/co-lead-desk/briefs/{brief.number}/act/", {"act": "wish", "entry": other.pk})
    assert list(Interest.objects.values_list("entry_id", flat=True)) == [entry.pk]
    for does in ("yes", "withdraw"):
        client.post(
            f"/co-lead-desk/briefs/{brief.number}/act/", {"act": does, "seen": briefing.digest_of(brief)}
        )
    brief.refresh_from_db()
    assert brief.state == "published"
    assert client.get(f"/co-lead-desk/briefs/{brief.number}/talents/").status_code == 404
    assert client.get(f"/co-lead-desk/briefs/{brief.number}/edit/").status_code == 404
    assert client.get(f"/co-lead-desk/editions/{edition.key}/board/").status_code == 404


def test_the_hours_are_looked_at_when_all_have_said_yes() -> None:
    edition = make_edition()
    first = make_brief(make_company(edition, "甲社"), edition, title="甲の相談")
    second = make_brief(make_company(edition, "乙社"), edition, title="乙の相談")
    people = [
        make_entry(edition, "共通 一子", "data", most=2),
        make_entry(edition, "共通 二郎", "ai", most=2),
    ]
    for brief in (first, second):
        for entry in people:
            both_wish(brief, entry)
    edition = go_on(edition=edition, to="pairing")
    made = [
        forming.put_together(brief=brief, entries=people, reason="2社とも急ぐ") for brief in (first, second)
    ]
    # The second is agreed only if they still have the hours then.
    people[0].refresh_from_db()
    people[0].hours = 15
    people[0].save()
    accept(made[0])
    for seat in made[1].seats.all():
        forming.answer(team=made[1], person_id=seat.entry.talent.person_id, yes=True)
    with pytest.raises(NotAllowed, match=r"状況が変わりました.*時間が足りない"):
        forming.answer(team=made[1], person_id=second.company.contact_id, yes=True)
    made[1].refresh_from_db()
    assert made[1].state == TeamState.PROPOSED


def test_a_refusal_frees_the_others_and_leaves_running_teams_alone() -> None:
    edition = make_edition()
    first = make_brief(make_company(edition, "甲社"), edition, title="甲の相談")
    running = form_team(edition, first, ("甲 一", "data"), ("甲 二", "ai"))
    edition = go_on(edition=Edition.objects.get(pk=edition.pk), to="open")
    second = make_brief(make_company(edition, "乙社"), edition, title="乙の相談")
    entries = [
        make_entry(edition, name, skills)
        for name, skills in (("乙 一", "data ai"), ("乙 二", "ai"), ("乙 三", "data"))
    ]
    for entry in entries:
        both_wish(second, entry)
    edition = go_on(edition=Edition.objects.get(pk=edition.pk), to="pairing")
    run = forming.run(edition=edition, by=as_viewer(second.company.contact))
    assert [one["brief"] for one in run.result["chosen"]] == [second.pk]
    forming.put_to_all(run=run)
    with pytest.raises(NotAllowed, match="状況が変わりました"):
        forming.put_to_all(run=run)
    team = Team.objects.get(brief=second)
    seat = team.seats.select_related("entry__talent").first()
    assert seat is not None
    with pytest.raises(NotAllowed, match="断る理由"):
        forming.answer(team=team, person_id=seat.entry.talent.person_id, yes=False)
    forming.answer(team=team, person_id=seat.entry.talent.person_id, yes=False, why_not="時間がない")
    team.refresh_from_db()
    running.refresh_from_db()
    assert (team.state, running.state) == (TeamState.REFUSED, TeamState.RUNNING)
    wishing.unwish(brief=second, entry=seat.entry, side="talent")
    again = forming.run(edition=edition, by=as_viewer(second.company.contact))
    (chosen,) = again.result["chosen"]
    assert seat.entry_id not in chosen["members"]


def test_teams_are_never_called_stable_and_coalitions_are_listed(client_of: Callable[..., Any]) -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    for name, skills in (("一", "data"), ("二", "ai"), ("三", "design")):
        both_wish(brief, make_entry(edition, name, skills))
    edition = go_on(edition=edition, to="pairing")
    run = forming.run(edition=edition, by=as_viewer(brief.company.contact))
    page = client_of("ipa").get(f"/co-lead-desk/runs/{run.pk}/").content.decode()
    assert "安定とは言わず" in page
    shown = boards.shown_run(run)
    assert [len(one.members) for one in shown.chosen] == [2]
    assert [entry.talent.person.name for entry in shown.unused] == ["三"]


def test_one_to_one_is_stable_and_checked() -> None:
    edition = make_edition(way="pairs", smallest=1, largest=1, outcome_type="model")
    briefs = [
        make_brief(
            make_company(edition, f"{name}社"),
            edition,
            needs="data",
            smallest=1,
            largest=1,
            title=f"{name}の相談",
        )
        for name in "甲乙"
    ]
    entries = [make_entry(edition, name, "data") for name in ("一", "二")]
    both_wish(briefs[0], entries[0], 1, 2)
    both_wish(briefs[0], entries[1], 2, 1)
    both_wish(briefs[1], entries[0], 1, 1)
    both_wish(briefs[1], entries[1], 2, 2)
    edition = go_on(edition=edition, to="pairing")
    run = forming.run(edition=edition, by=as_viewer(briefs[0].company.contact))
    assert {(one["brief"], *one["members"]) for one in run.result["chosen"]} == {
        (briefs[1].pk, entries[0].pk), (briefs[0].pk, entries[1].pk),
    }  # fmt: skip
    assert run.result["blocking"] == []
    assert "0組" in run.result["said"]


def test_what_stands_against_a_team_by_hand_is_said_at_once() -> None:
    edition = make_edition()
    brief = make_brief(make_company(edition), edition)
    busy, stranger = make_entry(edition, "忙 人", "data", hours=5), make_entry(edition, "未 知", "data")
    both_wish(brief, busy)
    go_on(edition=edition, to="pairing")
    with pytest.raises(NotAllowed) as refused:
        forming.put_together(brief=brief, entries=[busy, stranger], reason="急ぐ")
    said = str(refused.value)
    assert "時間が足りない" in said
    assert "互いに希望していません" in said
    assert "足りない技能があります: AIの活用" in said


def test_a_quiet_team_raises_the_alarm_once_a_week() -> None:
    edition = make_edition()
    team = form_team(edition, make_brief(make_company(edition), edition), ("一", "data"), ("二", "ai"))
    long_ago = timezone.now() - timedelta(days=20)
    Edition.objects.update(starts_on=long_ago.date())
    Team.objects.update(agreed_at=long_ago)
    Reminder.objects.all().delete()
    from tsunagu.accounts.services import invite_person

    invite_person(email="ipa@example.jp", name="事務局", role="ipa")
    for _day in range(2):
        tasks.daily(0)
    assert Reminder.objects.filter(key__contains="stall").count() == 1
    assert "20日、週の記録がありません" in Reminder.objects.get(key__contains="stall").line
    accompanying.note_week(
        team=team, mood=Mood.STUCK, done="止まった", next_step="", by=as_viewer(team.brief.company.contact)
    )
    (seen,) = boards.progress_of([Team.objects.get()], today=timezone.localdate()).values()
    assert list(seen.stalls) == ["「止まっている。相談したい」と書かれています。"]
    assert Reminder.objects.filter(key__contains="stuck").count() == 1
    accompanying.note_week(
        team=team, mood=Mood.GOING, done="動いた", next_step="", by=as_viewer(team.brief.company.contact)
    )
    assert WeeklyNote.objects.count() == 1


def test_questionnaires_are_ones_own_and_small_numbers_are_hidden(client_of: Callable[..., Any]) -> None:
    edition = make_edition()
    team = form_team(edition, make_brief(make_company(edition), edition), ("一", "data"), ("二", "ai"))
    asked = PointAnswer.objects.filter(side="talent", point="start")
    assert asked.count() == 2
    for one in asked:
        client = Client()
        client.force_login(one.person)
        client.post(f"/co-lead-desk/answers/{one.pk}/")
        one.refresh_from_db()
        assert one.sheet is not None
        assert client.get(f"/answers/{one.sheet.key}/").status_code == 200
        assert client_of("ipa").get(f"/answers/{one.sheet.key}/").status_code == 404
        answers = {"clear": "4", "going": "3", "hours": "12", "again": "yes"}
        write_answers(sheet=one.sheet, values=answers, by=as_viewer(one.person))
        asking.send_answers(answer=one, by=as_viewer(one.person))
    questions = dict(report_of(Edition.objects.get(pk=edition.pk)).questions)
    (shown, *_more) = questions["デジタル人材"]
    # Two people: nothing that would say who answered what.
    assert all(count is None for _label, counts in shown.rows for count in counts)
    assert team.state == TeamState.RUNNING


def test_seed_stays_once_something_was_matched_with_it() -> None:
    edition = make_edition()
    make_brief(make_company(edition), edition)
    edition = go_on(edition=edition, to="pairing")
    forming.run(edition=edition, by=as_viewer(Brief.objects.get().company.contact))
    edition.seed = "都合のよい種"
    with pytest.raises(NotAllowed, match="くじの種"):
        keep_edition(edition)
    assert Run.objects.count() == 1
    assert Seat.objects.count() == 0


def test_past_editions_are_there_with_their_sources() -> None:
    page = Client().get("/co-lead/").content.decode()
    assert "ふるさとCo-LEADプログラム（2022年度）" in page
    one = Client().get("/co-lead/fy2022/").content.decode()
    assert "govrephub" in one
    assert Client().get("/co-lead/fy2022/join/").status_code == 404
