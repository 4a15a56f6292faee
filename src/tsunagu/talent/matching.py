"""The edition's matching by the engine: teams, or one person for each company, with everything that explains it.

Pairs of both sides' wishes have a stable matching, and it is found. Teams need not have one: those who would rather
regroup are listed, and nobody is told that a choice of teams is stable.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.matching import STABLE, Edge, Node, Problem, solve
from tsunagu.talent.knowing import Known
from tsunagu.talent.models import Way
from tsunagu.talent.rules import Wanted

FAR = 1_000


def propose(known: Known, *, way: str, seed: str) -> dict[str, Any]:
    """What the engine proposes, as it is kept: chosen teams, briefs without one and why, coalitions, a fingerprint."""
    result = _teams(known, seed) if way == Way.TEAMS else _pairs(known, seed)
    result["unused"] = _unused(known, result)
    result["digest"] = fingerprint(result)
    return result


def fingerprint(result: dict[str, Any]) -> str:
    """Stands for who was put together with whom, whatever order the rows came in."""
    pairs = sorted((one["brief"], sorted(one["members"])) for one in result["chosen"])
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def _lot(seed: str, *keys: int) -> int:
    """A number below a thousand that the seed and the names decide: the last word between equals, open to everybody."""
    return int.from_bytes(hashlib.sha256(f"{seed}|{keys}".encode()).digest()[:4]) % 1_000


def _teams(known: Known, seed: str) -> dict[str, Any]:
    # Only here: a process that shows pages goes without the solver.
    from tsunagu.engines.matching.teams import Project, Talent, choose_teams

    able = {pair: its for pair, its in known.fits.items() if not its.barred}
    # Scores keep their order; the lot only parts equals (scores are rounded to thousandths of a thousandth).
    scores = {
        (str(brief), str(entry)): its.score // FAR * FAR + _lot(seed, brief, entry)
        for (brief, entry), its in able.items()
    }
    projects = [
        Project(str(pk), known.wanted[pk].needs, one.hours, one.smallest, one.largest)
        for pk, one in known.briefs.items()
    ]
    talents = [
        Talent(str(pk), one.skills, one.hours, max(0, one.places)) for pk, one in known.bringing.items()
    ]
    found = choose_teams(projects, talents, scores)
    return {
        "way": Way.TEAMS.value,
        "chosen": [
            _chosen(known, int(one.project), [int(key) for key in one.members], one.score) for one in found.chosen
        ],
        "without": [
            {"brief": int(project), "why": _why_no_team(known, int(project), why)} for project, why in found.without
        ],
        "blocking": [
            {"brief": int(one.project), "members": [int(key) for key in one.members], "score": one.score}
            for one in found.blocking
        ],
        "total": found.total,
        "gap": found.gap,
        "said": _("なるべく多くの会社にチームを作り、そのうえで合い具合の合計をいちばん高くしました（最善との差 %(gap).4f%%）。") % {"gap": 100 * found.gap},
    }  # fmt: skip


def _pairs(known: Known, seed: str) -> dict[str, Any]:
    able = {pair: its for pair, its in known.fits.items() if not its.barred}

    of_briefs: dict[int, list[int]] = {pk: [] for pk in sorted(known.briefs)}
    of_entries: dict[int, list[int]] = {pk: [] for pk in sorted(known.entries)}
    # The dearest first on both sides.
    for brief, entry in sorted(able, key=lambda pair: _dear(known.interests[pair].company_rank, seed, *pair)):
        of_briefs[brief].append(entry)
    for brief, entry in sorted(able, key=lambda pair: _dear(known.interests[pair].talent_rank, seed, *pair)):
        of_entries[entry].append(brief)
    left = [Node(f"b{pk}", 0, 1, tuple(f"t{one}" for one in wishes)) for pk, wishes in of_briefs.items()]
    right = [
        Node(f"t{pk}", 0, _room(known, pk), tuple(f"b{one}" for one in wishes))
        for pk, wishes in of_entries.items()
    ]
    edges = [
        Edge(f"b{brief}", f"t{entry}", its.score, its.reasons) for (brief, entry), its in sorted(able.items())
    ]
    solution = solve(Problem(left, right, edges, objectives=[STABLE], seed=seed))
    given = {int(one.left[1:]): int(one.right[1:]) for one in solution.matches}
    blocking = _blocking(of_briefs, of_entries, [one.most for one in right], given)
    return {
        "way": Way.PAIRS.value,
        "chosen": [_chosen(known, brief, [entry], known.fits[brief, entry].score) for brief, entry in sorted(given.items())],
        "without": [
            {"brief": pk, "why": _why_no_pair(known, pk)} for pk in sorted(known.briefs) if pk not in given
        ],
        "blocking": [{"brief": brief, "members": [entry], "score": 0} for brief, entry in blocking],
        "total": sum(known.fits[pair].score for pair in given.items()),
        "gap": 0.0,
        "said": _("会社が希望の順に申し込む方法で決めました。互いに今より望み合う組は%(n)d組です。") % {"n": len(blocking)},
    }  # fmt: skip


def _room(known: Known, entry: int) -> int:
    """How many companies' hours somebody has left, by the largest wish of theirs."""
    hours = [
        known.wanted[brief].hours
        for (brief, one), its in known.fits.items()
        if one == entry and not its.barred
    ]
    one = known.bringing[entry]
    return max(0, min(one.places, one.hours // max(hours))) if hours else 0


def _dear(rank: int | None, seed: str, brief: int, entry: int) -> tuple[int, int]:
    return (FAR if rank is None else rank, _lot(seed, brief, entry))


def _blocking(
    of_briefs: dict[int, list[int]],
    of_entries: dict[int, list[int]],
    places: list[int],
    given: dict[int, int],
) -> list[tuple[int, int]]:
    """Pairs that would rather have each other, counted by the checker that knows no solver."""
    from tsunagu.engines.matching.check import blocking_pairs

    briefs, entries = list(of_briefs), list(of_entries)
    place_of_brief = {pk: at for at, pk in enumerate(briefs)}
    place_of_entry = {pk: at for at, pk in enumerate(entries)}
    found = blocking_pairs(
        [[place_of_entry[one] for one in of_briefs[pk]] for pk in briefs],
        [[place_of_brief[one] for one in of_entries[pk]] for pk in entries],
        places,
        [place_of_entry[given[pk]] if pk in given else -1 for pk in briefs],
    )
    return [(briefs[one], entries[other]) for one, other in found]


def _chosen(known: Known, brief: int, members: list[int], score: int) -> dict[str, Any]:
    wanted = known.wanted[brief]
    return {
        "brief": brief,
        "members": sorted(members),
        "score": score,
        "brings": {str(one): sorted(known.bringing[one].skills & wanted.needs) for one in sorted(members)},
        "reasons": {str(one): list(known.fits[brief, one].reasons) for one in sorted(members)},
    }


def _why_no_team(known: Known, brief: int, why: str) -> str:
    """The engine's account in words; a skill by its name."""
    kind, _space, codes = why.partition(" ")
    names = {one.code: one.name for one in known.briefs[brief].needs.all()}
    skills = "、".join(names.get(code, code) for code in codes.split("、") if code)
    if kind == "skill":
        open_ = sum(1 for one, _entry in known.fits if one == brief)
        if not open_:
            return _("互いに希望した人がまだいません。")
        return _("互いに希望した人のなかに、この技能を持つ人がいません: %(skills)s") % {"skills": skills}
    if kind == "hours":
        return _("技能を持つ人の使える時間が足りません: %(skills)s") % {"skills": skills}
    if kind == "taken":
        return _("組める人が、みなほかのチームに入りました。")
    return _("人数が足りません（%(least)d人から）。") % {"least": known.briefs[brief].smallest}


def _why_no_pair(known: Known, brief: int) -> str:
    fits = [its for (one, _entry), its in known.fits.items() if one == brief]
    if not fits:
        return _("互いに希望した人がまだいません。")
    if all(its.barred for its in fits):
        return _("組めません: %(rules)s") % {"rules": "、".join(sorted({its.barred for its in fits}))}
    return _("希望した人が、みなほかの会社に決まりました。")


def _unused(known: Known, result: dict[str, Any]) -> list[int]:
    """Talents whom nothing was proposed to though somebody wishes them."""
    chosen = {entry for one in result["chosen"] for entry in one["members"]}
    return sorted({entry for _brief, entry in known.fits} - chosen)


def lacking(wanted: Wanted, skills: frozenset[str]) -> frozenset[str]:
    """Needed skills nobody of a team has."""
    return wanted.needs - skills
