"""Teams against plain search on small instances: as many projects as can be, then the best sum, and every coalition."""

import itertools
import random

import pytest

from tsunagu.engines.matching.teams import Project, Talent, Team, choose_teams, possible_teams

SKILLS = ("a", "b", "c")
INSTANCES = range(60)
PER_TEST = 5


def instance(seed: int) -> tuple[list[Project], list[Talent], dict[tuple[str, str], int]]:
    chance = random.Random(seed)
    talents = [
        Talent(
            f"t{n}",
            frozenset(chance.sample(SKILLS, chance.randint(1, 2))),
            chance.choice((5, 10, 20)),
            chance.randint(1, 2),
        )
        for n in range(chance.randint(2, 6))
    ]
    projects = [
        Project(
            f"p{n}",
            frozenset(chance.sample(SKILLS, chance.randint(1, 3))),
            chance.choice((5, 10)),
            chance.randint(1, 2),
            3,
        )
        for n in range(chance.randint(1, 3))
    ]
    scores = {
        (project.key, talent.key): chance.randrange(1, 10) * 100_000
        for project in projects
        for talent in talents
        if chance.random() < 0.8
    }
    return projects, talents, scores


def fits(teams: tuple[Team, ...], projects: list[Project], talents: list[Talent]) -> bool:
    hours = {one.key: one.hours for one in projects}
    if len({one.project for one in teams}) < len(teams):
        return False
    for talent in talents:
        mine = [one for one in teams if talent.key in one.members]
        if len(mine) > talent.most or sum(hours[one.project] for one in mine) > talent.hours:
            return False
    return True


def searched(
    projects: list[Project], talents: list[Talent], scores: dict[tuple[str, str], int]
) -> tuple[int, int]:
    """(projects with a team, best sum) by trying every choice."""
    by_project = [[None, *possible_teams(one, talents, scores)] for one in projects]
    best = (0, 0)
    for choice in itertools.product(*by_project):
        teams = tuple(one for one in choice if one is not None)
        if fits(teams, projects, talents):
            best = max(best, (len(teams), sum(one.score for one in teams)))
    return best


def rather(
    team: Team,
    chosen: tuple[Team, ...],
    projects: list[Project],
    talents: list[Talent],
    scores: dict[tuple[str, str], int],
) -> bool:
    """Whether a team would rather be formed, said a second time: its project gains, each member drops at most one worse project."""
    hours = {one.key: one.hours for one in projects}
    if team.score <= max((one.score for one in chosen if one.project == team.project), default=-1):
        return False
    for member in team.members:
        talent = next(one for one in talents if one.key == member)
        others = [one.project for one in chosen if member in one.members and one.project != team.project]
        ways = [others] + [
            [one for one in others if one != out]
            for out in others
            if scores[out, member] < scores[team.project, member]
            and scores[out, member] == min(scores[one, member] for one in others)
        ]
        if not any(
            len(left) < talent.most and sum(hours[one] for one in left) + hours[team.project] <= talent.hours
            for left in ways
        ):
            return False
    return True


@pytest.mark.parametrize("block", INSTANCES)
def test_the_choice_is_the_best_and_every_coalition_is_listed(block: int) -> None:
    for seed in range(block * PER_TEST, (block + 1) * PER_TEST):
        projects, talents, scores = instance(seed)
        found = choose_teams(projects, talents, scores)
        assert fits(found.chosen, projects, talents), seed
        assert (len(found.chosen), found.total) == searched(projects, talents, scores), seed
        formed = {(one.project, one.members) for one in found.chosen}
        wanted = {
            (one.project, one.members)
            for project in projects
            for one in possible_teams(project, talents, scores)
            if (one.project, one.members) not in formed
            and rather(one, found.chosen, projects, talents, scores)
        }
        assert {(one.project, one.members) for one in found.blocking} == wanted, seed
        assert {one for one, _why in found.without} == {one.key for one in projects} - {
            one.project for one in found.chosen
        }


def test_a_team_has_nobody_needless_and_covers_every_need() -> None:
    for seed in range(200):
        projects, talents, scores = instance(seed)
        skills = {one.key: one.skills for one in talents}
        for project in projects:
            for team in possible_teams(project, talents, scores):
                assert project.smallest <= len(team.members) <= project.largest
                assert project.needs <= frozenset().union(*(skills[one] for one in team.members))
                if len(team.members) > project.smallest:
                    for out in team.members:
                        rest = [skills[one] for one in team.members if one != out]
                        assert not project.needs <= frozenset().union(*rest)
