"""A team on its way: its plan, a note a week, what it hands over, what came of it."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.services import record_use
from tsunagu.engines.dates import fiscal_year
from tsunagu.files.services import store_file
from tsunagu.registry.models import Policy
from tsunagu.registry.services import save_record
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent import telling
from tsunagu.talent.models import (
    Deliverable,
    Milestone,
    Mood,
    Outcome,
    Team,
    TeamState,
    WeeklyNote,
)
from tsunagu.talent.rules import NotAllowed, monday_of
from tsunagu.talent.services.beginning import log_with_the_lab

POLICY = "co_lead"
OPEN = (TeamState.RUNNING, TeamState.DONE)


def running(team: Team, *states: str) -> Team:
    """The team, held, while it runs. Raises `NotAllowed`."""
    found = Team.objects.select_for_update(of=("self",)).select_related("edition", "brief__company__lab")
    one = found.get(pk=team.pk)
    if one.state not in (states or (TeamState.RUNNING,)):
        raise NotAllowed(_("伴走中のチームではありません。"))
    return one


@transaction.atomic
def note_week(
    *, team: Team, mood: str, done: str, next_step: str, by: Viewer, today: date | None = None
) -> WeeklyNote:
    """One line on the week; the same week again corrects it. A cry for help reaches the coordinators at once. Raises `NotAllowed`."""
    one = running(team)
    week = monday_of(today or timezone.localdate())
    note, _made = WeeklyNote.objects.update_or_create(
        team=one, week_of=week,
        defaults={"mood": mood, "done": done[:200], "next_step": next_step[:200], "by_id": by.person_id},
    )  # fmt: skip
    if mood == Mood.STUCK:
        telling.tell_coordinators(
            one.edition, _("「%(title)s」のチームが相談を求めています。") % {"title": one.brief.title},
            f"stuck:{one.pk}:{week}", team=one,
        )  # fmt: skip
    return note


@transaction.atomic
def keep_milestone(milestone: Milestone, *, seen: int | None = None) -> Milestone:
    """Store a step of the plan. Raises `EditConflict`, `NotAllowed`."""
    running(milestone.team)
    if milestone.done_on is not None and milestone.done_on > timezone.localdate():
        raise NotAllowed(_("できた日が先の日になっています。"))
    if milestone.pk is None:
        last = milestone.team.milestones.order_by("-position").first()
        milestone.position = last.position + 1 if last else 0
    save_record(milestone, seen=seen)
    return milestone


@transaction.atomic
def tick(*, milestone: Milestone, done: bool) -> None:
    """A step is done today, or not after all. Raises `NotAllowed`."""
    running(milestone.team)
    milestone.done_on = timezone.localdate() if done else None
    milestone.save(update_fields=["done_on"])


@transaction.atomic
def hand_over(*, deliverable: Deliverable, upload: UploadedFile | None, by: Viewer) -> Deliverable:
    """What the team made: a file or a page. Raises `NotAllowed`, `FileNotTaken`."""
    running(deliverable.team, *OPEN)
    if upload is None and not deliverable.link:
        raise NotAllowed(_("ファイルを選ぶか、ページのアドレスを書いてください。"))
    if upload is not None:
        deliverable.stored_file = store_file(upload=upload, by_label=by.display_name)
    deliverable.save()
    return deliverable


@transaction.atomic
def keep_outcome(outcome: Outcome, *, seen: int | None = None) -> Outcome:
    """What came of it, as the team and the company say; changed words are self-reported again. Raises `EditConflict`, `NotAllowed`."""
    running(outcome.team, *OPEN)
    today = timezone.localdate()
    if any(one is not None and one > today for one in (outcome.filed_on, outcome.granted_on)):
        raise NotAllowed(_("申請した日・認定を受けた日が先の日になっています。"))
    outcome.verified_at, outcome.evidence = None, ""
    save_record(outcome, seen=seen)
    return outcome


@transaction.atomic
def finish(*, team: Team) -> Team:
    """The team is done: its result stands in the lab's policy use too. Raises `NotAllowed` without an outcome or a deliverable."""
    one = running(team)
    missing = []
    if not Outcome.objects.filter(team=one).exists():
        missing.append(_("成果を書いてください。"))
    if not one.deliverables.exists():
        missing.append(_("成果物を渡してください。"))
    if missing:
        raise NotAllowed("".join(missing))
    one.state, one.ended_at = TeamState.DONE, timezone.now()
    one.save(update_fields=["state", "ended_at"])
    log_with_the_lab(one)
    _note_policy_use(one)
    telling.tell_team(one, _("「%(title)s」のチームが終わりました。おつかれさまでした。"), "done")
    return one


def _note_policy_use(team: Team) -> None:
    """政策活用実績 of the lab beside the company, for the fiscal year in which the team ended."""
    lab, policy = team.brief.company.lab, Policy.objects.filter(code=POLICY).first()
    if lab is None or policy is None or team.ended_at is None:
        return
    year = fiscal_year(timezone.localdate(team.ended_at))
    ended = [
        one
        for one in Team.objects.filter(brief__company__lab=lab, state=TeamState.DONE).select_related("brief")
        if one.ended_at and fiscal_year(timezone.localdate(one.ended_at)) == year
    ]
    companies = {one.brief.company_id for one in ended}
    record_use(
        lab=lab, policy=policy, fiscal_year=year, source=str(_("ふるさとCo-LEADの記録")), companies=len(companies), count=len(ended),
    )  # fmt: skip


@transaction.atomic
def verify_outcome(*, outcome: Outcome, evidence: str) -> Outcome:
    """The secretariat saw proof. Raises `NotAllowed` without saying what."""
    if not evidence.strip():
        raise NotAllowed(_("確かめたもの（公表ページや書類の名前）を書いてください。"))
    one = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    one.verified_at, one.evidence = timezone.now(), evidence.strip()[:300]
    one.save(update_fields=["verified_at", "evidence"])
    return one
