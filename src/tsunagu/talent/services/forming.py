"""From the engine's proposal to teams: everybody is asked, and it holds when all said yes and still have the hours."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.sharing.viewer import Viewer
from tsunagu.talent import telling
from tsunagu.talent.knowing import bringing_of, know, taken, wanted_of
from tsunagu.talent.matching import lacking, propose
from tsunagu.talent.models import (
    Answer,
    Brief,
    BriefState,
    Edition,
    Entry,
    EntryState,
    Run,
    Seat,
    Step,
    Team,
    TeamState,
)
from tsunagu.talent.models.pairing import LIVE
from tsunagu.talent.rules import NotAllowed, barred
from tsunagu.talent.services.beginning import begin
from tsunagu.talent.services.editions import locked

FORMING = (Step.PAIRING, Step.RUNNING)


@transaction.atomic
def run(*, edition: Edition, by: Viewer) -> Run:
    """Let the engine propose, for briefs without a team; teams that live are not touched. Raises `NotAllowed`."""
    one = locked(edition)
    if one.step not in FORMING:
        raise NotAllowed(_("「組み合わせ中」にしてから計算してください。"))
    if not one.seed.strip():
        raise NotAllowed(_("くじの種を決めてから計算してください。"))
    result = propose(know(one), way=one.way, seed=one.seed)
    return Run.objects.create(
        edition=one,
        way=one.way,
        seed=one.seed,
        digest=result["digest"],
        result=result,
        made_by_id=by.person_id,
    )


@transaction.atomic
def put_to_all(*, run: Run) -> int:
    """Ask everybody of the proposal; returns how many teams. Raises `NotAllowed` when something changed since."""
    edition = locked(run.edition)
    now = propose(know(edition), way=run.way, seed=run.seed)
    if now["digest"] != run.digest:
        raise NotAllowed(_("計算したあとに状況が変わりました。もう一度計算して、確かめてください。"))
    for one in run.result["chosen"]:
        _make(edition, run, one)
    return len(run.result["chosen"])


def _make(edition: Edition, run: Run, chosen: dict[str, Any]) -> Team:
    brief = Brief.objects.select_related("company__contact").prefetch_related("needs").get(pk=chosen["brief"])
    names = {one.code: one.name for one in brief.needs.all()}
    reasons = [f"T-{entry}: {'、'.join(said)}" for entry, said in chosen["reasons"].items()]
    team = Team.objects.create(
        edition=edition, brief=brief, run=run, score=chosen["score"], reasons=[one[:300] for one in reasons]
    )
    for entry in chosen["members"]:
        brings = [names.get(code, code) for code in chosen["brings"][str(entry)]]
        Seat.objects.create(team=team, entry_id=entry, brings=brings)
    telling.tell_team(
        team, _("「%(title)s」のチームの案ができました。参加するかどうかを答えてください。"), "made"
    )
    return team


@transaction.atomic
def put_together(*, brief: Brief, entries: Sequence[Entry], reason: str) -> Team:
    """The coordinator puts a team together by hand, among those both sides wish. Raises `NotAllowed`, saying all that stands against it."""
    edition = locked(brief.edition)
    brief = Brief.objects.select_for_update(of=("self",)).select_related("company__contact").get(pk=brief.pk)
    if edition.step not in FORMING or brief.state != BriefState.PUBLISHED:
        raise NotAllowed(_("いまは、この相談書のチームを作れません。"))
    if brief.teams.filter(state__in=LIVE).exists():
        raise NotAllowed(_("この相談書には、もうチームがあります。"))
    if not reason.strip():
        raise NotAllowed(_("なぜこの組み合わせにしたかを書いてください。記録に残ります。"))
    if against := _against(edition, brief, entries):
        raise NotAllowed("".join(against))
    needs = {one.code: one.name for one in brief.needs.all()}
    team = Team.objects.create(edition=edition, brief=brief, reasons=[reason.strip()[:300]])
    for one in entries:
        brings = [needs[skill.code] for skill in one.talent.skills.all() if skill.code in needs]
        Seat.objects.create(team=team, entry=one, brings=brings)
    telling.tell_team(
        team, _("「%(title)s」のチームの案ができました。参加するかどうかを答えてください。"), "made"
    )
    return team


def _against(edition: Edition, brief: Brief, entries: Sequence[Entry]) -> list[str]:
    """What stands against a team put together by hand."""
    found = []
    if not brief.smallest <= len(entries) <= brief.largest:
        found.append(
            _("人数は%(least)d〜%(most)d人です。") % {"least": brief.smallest, "most": brief.largest}
        )
    wanted, skills = wanted_of(brief), frozenset[str]()
    hours, places = taken(edition)
    for one in entries:
        known = bringing_of(one, hours_taken=hours[one.pk], places_taken=places[one.pk])
        skills |= known.skills
        if not brief.interests.filter(entry=one, opened_at__isnull=False).exists():
            found.append(_("%(who)s: 互いに希望していません。") % {"who": one.label})
        elif rule := barred(wanted, known):
            found.append(f"{one.label}: {rule}。")
    if short := lacking(wanted, skills):
        names = [one.name for one in brief.needs.all() if one.code in short]
        found.append(_("足りない技能があります: %(names)s。") % {"names": "、".join(names)})
    return found


@transaction.atomic
def answer(*, team: Team, person_id: int, yes: bool, why_not: str = "") -> Team:
    """The company's or a member's answer. With the last yes the team begins, if everybody still has the hours. Raises `NotAllowed`."""
    edition = locked(team.edition)
    one = (
        Team.objects.select_for_update(of=("self",)).select_related("brief__company__contact").get(pk=team.pk)
    )
    one.edition = edition
    if one.state != TeamState.PROPOSED:
        raise NotAllowed(_("このチームへの返事は、もう決まっています。"))
    if not yes and not why_not.strip():
        raise NotAllowed(_("断る理由を書いてください。次の組み合わせに使います。"))
    seat = one.seats.select_related("entry").filter(entry__talent__person_id=person_id).first()
    if one.brief.company.contact_id == person_id:
        one.of_company = Answer.YES if yes else Answer.NO
        one.save(update_fields=["of_company"])
    elif seat is not None:
        seat.answer, seat.why_not = (Answer.YES, "") if yes else (Answer.NO, why_not[:300])
        seat.save(update_fields=["answer", "why_not"])
    else:
        raise NotAllowed(_("このチームに答えるのは、会社の担当者とメンバーです。"))
    if not yes:
        _end(one, TeamState.REFUSED, why_not)
        telling.tell_coordinators(
            edition, _("「%(title)s」のチームが断られました。") % {"title": one.brief.title}, f"no:{one.pk}"
        )
    elif one.of_company == Answer.YES and not one.seats.exclude(answer=Answer.YES).exists():
        _check_room(one)
        begin(team=one)
    return one


def _check_room(team: Team) -> None:
    """Whether everybody still has the hours and the place at this moment. Raises `NotAllowed`."""
    hours, places = taken(team.edition, besides=team.pk, states=[TeamState.RUNNING])
    wanted = wanted_of(team.brief)
    for seat in team.seats.select_related("entry__talent"):
        entry = seat.entry
        if entry.state != EntryState.ACCEPTED:
            raise NotAllowed(
                _("%(who)s は辞退しました。コーディネーターが組み直します。") % {"who": entry.label}
            )
        known = bringing_of(entry, hours_taken=hours[entry.pk], places_taken=places[entry.pk])
        if rule := barred(wanted, known):
            raise NotAllowed(
                _("返事のあいだに状況が変わりました（%(who)s: %(rule)s）。コーディネーターが組み直します。")
                % {"who": entry.label, "rule": rule}
            )


def _end(team: Team, state: TeamState, why: str) -> None:
    team.state, team.ended_at, team.why = state, timezone.now(), why.strip()[:300]
    team.save(update_fields=["state", "ended_at", "why"])


@transaction.atomic
def stop_team(*, team: Team, why: str) -> None:
    """A coordinator ends a team that cannot go on; its people are free for others. Raises `NotAllowed`."""
    one = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if one.state not in LIVE:
        raise NotAllowed(_("もう終わっています。"))
    if not why.strip():
        raise NotAllowed(_("やめる理由を書いてください。"))
    _end(one, TeamState.STOPPED if one.state == TeamState.RUNNING else TeamState.REFUSED, why)
    telling.tell_team(one, _("「%(title)s」のチームを終えました。"), "stopped")
