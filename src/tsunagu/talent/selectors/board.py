"""What a coordinator sees of an edition: what waits, who is wished by whom, which teams stall."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from tsunagu.talent.knowing import Known, know
from tsunagu.talent.models import (
    Brief,
    BriefState,
    Edition,
    Entry,
    EntryState,
    Interest,
    Milestone,
    Mood,
    PointAnswer,
    Run,
    Team,
    TeamState,
    WeeklyNote,
)
from tsunagu.talent.rules import is_late, stalls


@dataclass(frozen=True)
class Progress:
    """How a team is on its way."""

    steps: int = 0
    done: int = 0
    last_note: WeeklyNote | None = None
    stalls: Sequence[str] = ()

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.steps) if self.steps else 0


def progress_of(teams: Collection[Team], *, today: date) -> dict[int, Progress]:
    """How each team stands; two queries for any number."""
    steps: defaultdict[int, list[Milestone]] = defaultdict(list)
    for one in Milestone.objects.filter(team__in=teams):
        steps[one.team_id].append(one)
    last: dict[int, WeeklyNote] = {}
    for note in WeeklyNote.objects.filter(team__in=teams).order_by("week_of"):
        last[note.team_id] = note
    return {team.pk: _progress(team, steps[team.pk], last.get(team.pk), today) for team in teams}


def _progress(team: Team, steps: Sequence[Milestone], note: WeeklyNote | None, today: date) -> Progress:
    found: list[str] = []
    if team.state == TeamState.RUNNING and team.agreed_at is not None:
        began = max(timezone.localdate(team.agreed_at), team.edition.starts_on or date.min)
        found = stalls(
            today=today,
            began_on=began,
            last_note=timezone.localdate(note.written_at) if note else None,
            is_stuck=note is not None and note.mood == Mood.STUCK,
            late=[one.title for one in steps if is_late(one.due_on, one.done_on, today)],
            stall_days=team.edition.stall_days,
        )
    return Progress(len(steps), sum(1 for one in steps if one.done_on), note, found)


@dataclass(frozen=True)
class Board:
    """An edition as its coordinator works on it."""

    entries: Sequence[Entry]
    briefs: Sequence[tuple[Brief, int, int]]
    teams: Sequence[tuple[Team, Progress]]
    runs: Sequence[Run]
    asked: Sequence[tuple[str, int, int]]
    waiting: int = 0


def board(edition: Edition, *, today: date) -> Board:
    """Everything of an edition: teams that stall come first, entries that wait before the others."""
    entries = list(
        Entry.objects.filter(edition=edition)
        .select_related("talent__person", "talent__home")
        .prefetch_related("talent__skills")
    )
    entries.sort(key=lambda one: (one.state != EntryState.SENT, one.pk))
    wished, opened = _interests(edition)
    briefs = list(
        Brief.objects.filter(edition=edition)
        .select_related("company__prefecture", "company__industry", "company__lab", "company__contact")
        .prefetch_related("needs")
    )
    teams = list(
        Team.objects.filter(edition=edition)
        .select_related("edition", "brief__company")
        .prefetch_related("seats__entry__talent__person")
    )
    seen = progress_of(teams, today=today)
    order = {TeamState.RUNNING: 0, TeamState.PROPOSED: 1, TeamState.DONE: 2}
    teams.sort(
        key=lambda one: (not seen[one.pk].stalls, order.get(TeamState(one.state), 3), one.brief.number)
    )
    waiting = sum(one.state == EntryState.SENT for one in entries)
    waiting += sum(one.state == BriefState.WRITING and bool(one.company_ok) for one in briefs)
    return Board(
        entries,
        [(one, wished[one.pk], opened[one.pk]) for one in briefs],
        [(one, seen[one.pk]) for one in teams],
        list(edition.runs.all()[:5]),
        _asked(edition),
        waiting,
    )


def _interests(edition: Edition) -> tuple[Counter[int], Counter[int]]:
    wished: Counter[int] = Counter()
    opened: Counter[int] = Counter()
    for brief, opened_at in Interest.objects.filter(brief__edition=edition).values_list(
        "brief_id", "opened_at"
    ):
        wished[brief] += 1
        opened[brief] += opened_at is not None
    return wished, opened


def _asked(edition: Edition) -> list[tuple[str, int, int]]:
    """For each point how many were asked and how many answered."""
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    found = PointAnswer.objects.filter(edition=edition)
    labels = dict(PointAnswer._meta.get_field("point").choices or [])
    for point, day in found.values_list("point", "answered_on"):
        asked[point] += 1
        answered[point] += day is not None
    return [(str(labels[one]), asked[one], answered[one]) for one in labels if asked[one]]


@dataclass(frozen=True)
class ShownTeam:
    """A proposed or possible team with who is in it, in names for the coordinator."""

    brief: Brief | None
    members: Sequence[Entry]
    score: int = 0
    brings: Sequence[tuple[Entry, str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class ShownRun:
    """A proposal in words: chosen teams, briefs without one and why, those who would rather regroup, talents nobody took."""

    run: Run
    said: str
    chosen: Sequence[ShownTeam]
    without: Sequence[tuple[Brief | None, str]]
    blocking: Sequence[ShownTeam]
    unused: Sequence[Entry]
    is_teams: bool
    is_current: bool


def shown_run(run: Run) -> ShownRun:
    """A kept proposal with the records it names; whether the same would come out now."""
    from tsunagu.talent.matching import propose

    edition, result = run.edition, run.result
    briefs = {
        one.pk: one
        for one in Brief.objects.filter(edition=edition).select_related("company").prefetch_related("needs")
    }
    entries = {one.pk: one for one in Entry.objects.filter(edition=edition).select_related("talent__person")}
    known: Known = know(edition)
    now = propose(known, way=run.way, seed=run.seed)
    return ShownRun(
        run,
        result["said"],
        [_team(one, briefs, entries) for one in result["chosen"]],
        [(briefs.get(one["brief"]), one["why"]) for one in result["without"]],
        [_team(one, briefs, entries) for one in result["blocking"]],
        [entries[pk] for pk in result["unused"] if pk in entries],
        run.way == "teams",
        now["digest"] == run.digest,
    )


def _team(one: dict[str, Any], briefs: dict[int, Brief], entries: dict[int, Entry]) -> ShownTeam:
    brief = briefs.get(one["brief"])
    names = {each.code: each.name for each in brief.needs.all()} if brief else {}
    members = [entries[pk] for pk in one["members"] if pk in entries]
    brings = [
        (
            each,
            "、".join(names.get(code, code) for code in one.get("brings", {}).get(str(each.pk), [])),
            "、".join(one.get("reasons", {}).get(str(each.pk), [])),
        )
        for each in members
    ]
    return ShownTeam(brief, members, one["score"], brings)
