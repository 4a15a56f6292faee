"""Teams of a few people whose skills together cover what a project needs: enumerate the teams, then choose among them.

With teams and limited hours there may be no choice in which nobody would rather regroup. So none is promised: the
coalitions that would rather have each other are listed.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

MOST_COLUMNS = 150


@dataclass(frozen=True)
class Talent:
    """Somebody with skills, hours a month, and how many projects they will join at most."""

    key: str
    skills: frozenset[str]
    hours: int
    most: int = 1


@dataclass(frozen=True)
class Project:
    """What a company needs: skills, hours of each member, and how large the team may be."""

    key: str
    needs: frozenset[str]
    hours: int
    smallest: int = 2
    largest: int = 4


@dataclass(frozen=True)
class Team:
    """People for a project: `covers` says who brings which skill."""

    project: str
    members: tuple[str, ...]
    score: int
    covers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Teams:
    """The teams chosen; projects without one and why; coalitions that would rather regroup; how far from the best."""

    chosen: tuple[Team, ...]
    without: tuple[tuple[str, str], ...]
    blocking: tuple[Team, ...]
    total: int
    gap: float


def possible_teams(
    project: Project,
    talents: Sequence[Talent],
    scores: Mapping[tuple[str, str], int],
    *,
    most: int = MOST_COLUMNS,
) -> list[Team]:
    """Teams in which nobody is needless, the best first: whoever is taken away, a skill or the size is missing.

    `scores[project, talent]` counts for each member; who has none does not want the project or is not wanted.
    """
    able = [
        one
        for one in talents
        if (project.key, one.key) in scores and one.hours >= project.hours and one.skills & project.needs
    ]
    able.sort(key=lambda one: (-scores[project.key, one.key], one.key))
    found: list[Team] = []
    for size in range(max(1, project.smallest), project.largest + 1):
        for members in itertools.combinations(able[:40], size):
            if _covers(members, project) and (size == project.smallest or _none_needless(members, project)):
                found.append(_team(members, project, scores))
                if len(found) > 20 * most:
                    break
    found.sort(key=lambda one: (-one.score, one.members))
    return found[:most]


def _covers(members: Sequence[Talent], project: Project) -> bool:
    return project.needs <= frozenset().union(*(one.skills for one in members))


def _none_needless(members: Sequence[Talent], project: Project) -> bool:
    return not any(_covers([one for one in members if one is not out], project) for out in members)


def _team(members: Sequence[Talent], project: Project, scores: Mapping[tuple[str, str], int]) -> Team:
    covers = {
        skill: tuple(one.key for one in members if skill in one.skills) for skill in sorted(project.needs)
    }
    # The mean, so that a large team is not better for being large.
    score = sum(scores[project.key, one.key] for one in members) // len(members)
    return Team(project.key, tuple(sorted(one.key for one in members)), score, covers)


def choose_teams(
    projects: Sequence[Project],
    talents: Sequence[Talent],
    scores: Mapping[tuple[str, str], int],
    *,
    gap: float = 1e-6,
) -> Teams:
    """As many projects as possible get a team, then the best sum of scores; nobody joins more than they can carry."""
    columns = [
        team
        for project in sorted(projects, key=lambda one: one.key)
        for team in possible_teams(project, talents, scores)
    ]
    taken, left_gap = _packed(columns, projects, talents, gap)
    chosen = tuple(team for team, is_in in zip(columns, taken, strict=True) if is_in)
    served = {one.project for one in chosen}
    without = tuple(
        (one.key, _why(one, columns, talents, scores)) for one in projects if one.key not in served
    )
    return Teams(
        chosen,
        without,
        tuple(_blocking(columns, chosen, projects, talents, scores)),
        sum(one.score for one in chosen),
        left_gap,
    )


def _packed(
    columns: Sequence[Team], projects: Sequence[Project], talents: Sequence[Talent], gap: float
) -> tuple[list[bool], float]:
    if not columns:
        return [], 0.0
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", gap)):
        solver.setOptionValue(name, value)
    count = len(columns)
    solver.addVars(count, np.zeros(count), np.ones(count))
    places = np.arange(count, dtype=np.int32)
    # A project more is worth more than any sum of scores.
    most = 1 + sum(abs(one.score) for one in columns) // 1_000_000 + len(projects)
    solver.changeColsCost(count, places, np.array([most + one.score / 1_000_000 for one in columns]))
    solver.changeColsIntegrality(count, places, np.full(count, highspy.HighsVarType.kInteger))
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    hours = {one.key: one.hours for one in projects}
    for project in projects:
        own = [place for place, one in enumerate(columns) if one.project == project.key]
        if own:
            solver.addRow(0.0, 1.0, len(own), np.array(own, np.int32), np.ones(len(own)))
    for talent in talents:
        own = [place for place, one in enumerate(columns) if talent.key in one.members]
        if own:
            each = np.array([hours[columns[place].project] for place in own], float)
            solver.addRow(0.0, float(talent.most), len(own), np.array(own, np.int32), np.ones(len(own)))
            solver.addRow(0.0, float(talent.hours), len(own), np.array(own, np.int32), each)
    solver.run()
    solution = np.asarray(solver.getSolution().col_value)
    return (solution > 0.5).tolist(), float(solver.getInfo().mip_gap)


def _why(
    project: Project,
    columns: Sequence[Team],
    talents: Sequence[Talent],
    scores: Mapping[tuple[str, str], int],
) -> str:
    """The nearest reason a project has no team: a skill nobody has, too few hours, or everybody is taken."""
    wanting = [one for one in talents if (project.key, one.key) in scores]
    lacking = (
        project.needs - frozenset().union(*(one.skills for one in wanting)) if wanting else project.needs
    )
    if lacking:
        return "skill " + "、".join(sorted(lacking))
    rested = [one for one in wanting if one.hours >= project.hours]
    short = project.needs - frozenset().union(*(one.skills for one in rested)) if rested else project.needs
    if short:
        return "hours " + "、".join(sorted(short))
    return "taken" if any(one.project == project.key for one in columns) else "size"


def _blocking(
    columns: Sequence[Team],
    chosen: Sequence[Team],
    projects: Sequence[Project],
    talents: Sequence[Talent],
    scores: Mapping[tuple[str, str], int],
) -> list[Team]:
    """Teams whose project would gain by forming it, and whose every member would gain too or stays with that project."""
    own = {one.project: one.score for one in chosen}
    hours = {one.key: one.hours for one in projects}
    known = {one.key: one for one in talents}
    has: dict[str, list[str]] = {}
    for team in chosen:
        for member in team.members:
            has.setdefault(member, []).append(team.project)
    taken = {(one.project, one.members) for one in chosen}

    def would_join(member: str, project: str) -> bool:
        """Beside what they have, or in place of the project they like least."""
        now = [one for one in has.get(member, ()) if one != project]
        left = known[member].hours - sum(hours[one] for one in now)
        if len(now) < known[member].most and left >= hours[project]:
            return True
        if not now:
            return False
        worst = min(now, key=lambda one: scores[one, member])
        return scores[project, member] > scores[worst, member] and left + hours[worst] >= hours[project]

    return [
        team
        for team in columns
        if (team.project, team.members) not in taken
        and team.score > own.get(team.project, -1)
        and all(would_join(member, team.project) for member in team.members)
    ]
