"""Giving cases to reviewers: by hand, by file, automatically. Every way goes through the same gate."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.matching import LEVEL, TOTAL, Edge, Forbidden, Node, Problem, Solution, solve
from tsunagu.engines.tables import Table
from tsunagu.engines.textsearch.folding import fold
from tsunagu.reviewing.models import (
    Assignment,
    How,
    MemberState,
    Panel,
    PanelMember,
    Review,
    ReviewCase,
    ReviewState,
)
from tsunagu.reviewing.rules import Relation
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.relations import look_at_panel, look_for_conflicts, standing


def barred(case: ReviewCase, member: PanelMember) -> str:
    """Why this member may not have this case, in words; '' when they may."""
    found = standing(case=case).filter(profile=member.profile_id).first()
    if found is not None:
        return _("利益相反: %(relation)s（%(evidence)s）") % {
            "relation": found.get_relation_display(),
            "evidence": found.evidence,
        }
    if case.panel_id != member.panel_id:
        return _("別の審査会の審査員です。")
    if member.state == MemberState.DECLINED:
        return _("審査を辞退しています。")
    if case.closed_at is not None:
        return _("審査を終えた案件です。")
    return ""


def load_of(member: PanelMember) -> int:
    """How many cases a member has now."""
    return member.assignments.filter(ended_at=None).count()


def assign(*, case: ReviewCase, member: PanelMember, how: str, reason: str = "") -> Assignment:
    """Give a case to a member. Raises `NotPossible` for a conflict of interest, a full load, a refusal.

    Conflicts are looked for once more: organisations may have been merged since. What is found stays when the
    assignment is refused, so the two are transactions of their own.
    """
    look_for_conflicts(cases=[case], profiles=[member.profile_id])
    return _give(case=case, member=member, how=how, reason=reason)


@transaction.atomic
def _give(*, case: ReviewCase, member: PanelMember, how: str, reason: str = "") -> Assignment:
    member = (
        PanelMember.objects.select_for_update(of=("self",))
        .select_related("profile", "panel")
        .get(pk=member.pk)
    )
    if why := barred(case, member):
        raise NotPossible(
            _("%(member)s さんには割り当てられません。%(why)s") % {"member": member, "why": why}
        )
    known = Assignment.objects.filter(case=case, member=member).first()
    if known is not None and known.ended_at is None:
        return known
    if load_of(member) >= member.cap:
        raise NotPossible(
            _("%(member)s さんは、引き受けた%(cap)d件に達しています。")
            % {"member": member, "cap": member.cap}
        )
    made, _made = Assignment.objects.update_or_create(
        case=case,
        member=member,
        defaults={"how": how, "reason": reason[:300], "ended_at": None, "end_reason": ""},
    )
    Review.objects.get_or_create(assignment=made)
    return made


@transaction.atomic
def unassign(*, assignment: Assignment, reason: str) -> None:
    """Take a case away again; what was written stays readable for the secretariat."""
    Assignment.objects.filter(pk=assignment.pk).update(ended_at=timezone.now(), end_reason=reason[:300])


@dataclass(frozen=True)
class FileProblem:
    """One row of a file that cannot be taken, with what to mend."""

    row: int
    message: str


@transaction.atomic
def assign_from_file(*, panel: Panel, table: Table) -> tuple[int, list[FileProblem]]:
    """Assign by rows of (受付番号, メールアドレス or 氏名). All problems at once; with any, nothing is taken."""
    numbers = {one.number: one for one in panel.cases.filter(closed_at=None)}
    people = _people(panel)
    problems: list[FileProblem] = []
    made = 0
    look_at_panel(panel=panel)
    with transaction.atomic():
        for row, cells in zip(table.row_numbers, table.rows, strict=True):
            number, name = (cells[0].strip() if cells else ""), (cells[1].strip() if len(cells) > 1 else "")
            case, member = numbers.get(number), people.get(fold(name))
            if case is None:
                problems.append(
                    FileProblem(row, _("受付番号「%(number)s」の案件がありません。") % {"number": number})
                )
            elif member is None:
                problems.append(
                    FileProblem(
                        row,
                        _(
                            "審査員「%(name)s」がこの審査会にいないか、同じ名前の人がいます。メールアドレスで書いてください。"
                        )
                        % {"name": name},
                    )
                )
            else:
                try:
                    _give(case=case, member=member, how=How.FILE)
                    made += 1
                except NotPossible as refusal:
                    problems.append(FileProblem(row, str(refusal)))
        if problems:
            transaction.set_rollback(True)
    return (0 if problems else made), problems


def _people(panel: Panel) -> dict[str, PanelMember]:
    """Members by address, and by name where only one has it."""
    members = list(panel.members.select_related("profile__person", "panel"))
    found = {fold(one.profile.person.email): one for one in members}
    names = [fold(one.profile.person.name) for one in members]
    for one, name in zip(members, names, strict=True):
        if names.count(name) == 1:
            found.setdefault(name, one)
    return found


@dataclass(frozen=True)
class Proposal:
    """An automatic assignment before it is applied."""

    solution: Solution
    rows: list[tuple[ReviewCase, PanelMember, str]]
    unmet: list[tuple[ReviewCase, int, str]]
    loads: list[tuple[PanelMember, int]]

    @property
    def digest(self) -> str:
        """Stands for exactly these new assignments."""
        pairs = sorted((case.pk, member.pk) for case, member, _reason in self.rows)
        return hashlib.sha256(repr(pairs).encode()).hexdigest()


def problem_of(
    panel: Panel, *, seed: str = ""
) -> tuple[Problem, dict[str, ReviewCase], dict[str, PanelMember]]:
    """The panel as a problem for the engine: what is assigned already is pinned, conflicts are forbidden."""
    cases = {str(one.pk): one for one in panel.cases.filter(closed_at=None)}
    members = {
        str(one.pk): one
        for one in panel.members.exclude(state=MemberState.DECLINED).select_related(
            "profile__person", "panel"
        )
    }
    by_profile = {one.profile_id: key for key, one in members.items()}
    forbidden = [
        Forbidden(
            str(one.case_id), by_profile[one.profile_id], str(Relation(one.relation).label), one.evidence
        )
        for one in standing(panel=panel)
        if one.profile_id in by_profile and str(one.case_id) in cases
    ]
    pins = [
        (str(case), str(member))
        for case, member in Assignment.objects.filter(case__panel=panel, case__closed_at=None, ended_at=None)
        .exclude(member__state=MemberState.DECLINED)
        .values_list("case_id", "member_id")
    ]
    # An assignment a conflict bars ends by itself; should one be left, it is not held on to.
    barred_pairs = {(one.left, one.right) for one in forbidden}
    pins = [pair for pair in pins if pair not in barred_pairs]
    taken = set(pins)
    done = Review.objects.filter(
        assignment__case__panel=panel, state=ReviewState.ABSTAINED, assignment__ended_at=None
    )
    abstained: dict[str, int] = {}
    for case in done.values_list("assignment__case_id", flat=True):
        abstained[str(case)] = abstained.get(str(case), 0) + 1
    edges = [Edge(case, member, *_worth(one)) for case in cases for member, one in members.items()]
    ended = {
        (str(case), str(member))
        for case, member in Assignment.objects.filter(case__panel=panel)
        .exclude(ended_at=None)
        .values_list("case_id", "member_id")
    }
    problem = Problem(
        left=[Node(key, 0, panel.reviews_wanted + abstained.get(key, 0)) for key in cases],
        right=[
            Node(key, 0, max(one.cap, sum(1 for pair in taken if pair[1] == key)))
            for key, one in members.items()
        ],
        edges=[one for one in edges if (one.left, one.right) not in ended],
        forbidden=forbidden,
        pins=pins,
        objectives=[LEVEL, TOTAL],
        seed=seed or str(panel.pk),
    )
    return problem, cases, members


def _worth(member: PanelMember) -> tuple[int, tuple[str, ...]]:
    """What a reviewer's expertise adds, and why; the load is levelled by the engine itself."""
    known = {key: int(value) for key, value in member.profile.expertise.items() if str(value).isdecimal()}
    return sum(known.values()), (_("得意さの合計 %(sum)d") % {"sum": sum(known.values())},)


def propose(*, panel: Panel, seed: str = "") -> Proposal:
    """An automatic assignment to look at; nothing is changed."""
    problem, cases, members = problem_of(panel, seed=seed)
    solution = solve(problem)
    rows = [
        (cases[one.left], members[one.right], "、".join(one.reasons))
        for one in solution.matches
        if not one.is_pinned
    ]
    unmet = [(cases[one.left], one.missing, "、".join(one.reasons)) for one in solution.unmet]
    loads = [(members[key], count) for key, count in solution.loads.items()]
    return Proposal(solution, rows, unmet, sorted(loads, key=lambda one: (-one[1], str(one[0]))))


@transaction.atomic
def assign_automatically(*, panel: Panel, seed: str = "", expected: str | None = None) -> int:
    """Apply the automatic assignment; returns how many were made.

    `expected` is the digest of the proposal the person saw: another one by now raises `NotPossible`.
    """
    Panel.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    list(panel.members.select_for_update(of=("self",)).order_by("pk"))
    # Organisations may have been merged since conflicts were looked for.
    look_at_panel(panel=panel)
    proposal = propose(panel=panel, seed=seed)
    if expected is not None and proposal.digest != expected:
        raise NotPossible(_("画面を見たあとに状況が変わりました。もう一度確かめてください。"))
    barring = set(standing(panel=panel).values_list("case_id", "profile_id"))
    if any((case.pk, member.profile_id) in barring for case, member, _reason in proposal.rows):
        raise NotPossible(_("利益相反のある組が案に入っています。割り当てていません。"))
    made = Assignment.objects.bulk_create(
        [
            Assignment(case=case, member=member, how=How.AUTO, reason=reason[:300])
            for case, member, reason in proposal.rows
        ]
    )
    Review.objects.bulk_create([Review(assignment=one) for one in made])
    return len(made)
