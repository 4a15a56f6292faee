"""Giving cases to reviewers: by hand, by file, automatically. Every way goes through the same gate."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.matching import (
    CHANGES,
    LEVEL,
    LEXIMIN,
    TOTAL,
    Edge,
    Forbidden,
    Node,
    NothingFits,
    Problem,
    Solution,
    solve,
)
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
    ReviewCriterion,
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
    """An automatic assignment before it is applied.

    `rows`: new assignments with their reasons; `moved`: assignments not yet begun that make way for them.
    """

    solution: Solution
    rows: list[tuple[ReviewCase, PanelMember, str]]
    moved: list[tuple[ReviewCase, PanelMember]]
    unmet: list[tuple[ReviewCase, int, str]]
    loads: list[tuple[PanelMember, int]]
    shared: tuple[list[ReviewCase], list[PanelMember]]

    @property
    def digest(self) -> str:
        """Stands for exactly these changes."""
        pairs = [
            sorted((case.pk, member.pk) for case, member, *_reason in part)
            for part in (self.rows, self.moved)
        ]
        return hashlib.sha256(repr(pairs).encode()).hexdigest()


SCORE = 1_000_000
MOST_EXPERT = 3
# Nobody shall have only reviewers who hardly know the matter: fewest below a third, then below two thirds.
LEVELS = (SCORE // 3, 2 * SCORE // 3)


@dataclass(frozen=True)
class _Held:
    """What is assigned now: what has begun stays, the rest may move if more cases are served by it."""

    begun: list[tuple[str, str]]
    waiting: list[tuple[str, str]]


def _held(panel: Panel, barred_pairs: set[tuple[str, str]]) -> _Held:
    """Assignments a conflict bars end by themselves; should one be left, it is not held on to."""
    rows = Assignment.objects.filter(case__panel=panel, case__closed_at=None, ended_at=None).exclude(
        member__state=MemberState.DECLINED
    )
    begun: list[tuple[str, str]] = []
    waiting: list[tuple[str, str]] = []
    untouched = Q(review=None) | Q(review__state=ReviewState.DRAFT, review__scores=None, review__comment="")
    for case, member, is_new in (
        rows.annotate(is_new=Case(When(untouched, then=True), default=False))
        .values_list("case_id", "member_id", "is_new")
        .distinct()
    ):
        pair = (str(case), str(member))
        if pair not in barred_pairs:
            (waiting if is_new else begun).append(pair)
    return _Held(begun, waiting)


def problem_of(panel: Panel) -> tuple[Problem, dict[str, ReviewCase], dict[str, PanelMember]]:
    """The panel as a problem for the engine: reviews that have begun are pinned, conflicts are forbidden.

    First as many reviews as are wanted, then the fewest changes of what is assigned, level loads, nobody with only
    reviewers who hardly know the matter, the most expertise; what is still equal is decided by the panel's lot.
    """
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
    held = _held(panel, {(one.left, one.right) for one in forbidden})
    taken = {*held.begun, *held.waiting}
    ended = {
        (str(case), str(member))
        for case, member in Assignment.objects.filter(case__panel=panel)
        .exclude(ended_at=None)
        .values_list("case_id", "member_id")
    }
    criteria = list(panel.criteria_set.criteria.order_by("position"))
    worth = {key: _worth(one, criteria) for key, one in members.items()}
    problem = Problem(
        left=[Node(key, 0, panel.reviews_wanted + extra) for key, extra in _abstained(panel, cases).items()],
        right=[
            Node(key, 0, max(one.cap, sum(1 for pair in taken if pair[1] == key))) for key, one in members.items()
        ],
        edges=[
            Edge(case, member, *worth[member]) for case in cases for member in members if (case, member) not in ended - taken
        ],
        forbidden=forbidden,
        pins=held.begun,
        before=[*held.begun, *held.waiting],
        objectives=[CHANGES, LEVEL, LEXIMIN, TOTAL],
        levels=LEVELS,
        seed=panel.lot or str(panel.pk),
    )  # fmt: skip
    return problem, cases, members


def _abstained(panel: Panel, cases: dict[str, ReviewCase]) -> dict[str, int]:
    """How many reviewers of each case abstained: somebody else is needed for each."""
    found = dict.fromkeys(cases, 0)
    done = Review.objects.filter(
        assignment__case__panel=panel, state=ReviewState.ABSTAINED, assignment__ended_at=None
    )
    for case in done.values_list("assignment__case_id", flat=True):
        if str(case) in found:
            found[str(case)] += 1
    return found


def _worth(member: PanelMember, criteria: Sequence[ReviewCriterion]) -> tuple[int, tuple[str, ...]]:
    """A reviewer's expertise by criterion, weighed as the criteria are, and in words."""
    known = {key: int(value) for key, value in member.profile.expertise.items() if str(value).isdecimal()}
    weights = sum(one.weight for one in criteria) or 1
    score = sum(one.weight * min(MOST_EXPERT, known.get(one.code, 0)) for one in criteria)
    best = [f"{one.title}{known[one.code]}" for one in criteria if known.get(one.code)]
    return int(score * SCORE / (MOST_EXPERT * weights)), (
        _("得意さ %(what)s") % {"what": "・".join(best) or "—"},
    )


def propose(*, panel: Panel) -> Proposal:
    """An automatic assignment to look at; nothing is changed. Raises `NotPossible`."""
    problem, cases, members = problem_of(panel)
    try:
        solution = solve(problem)
    except NothingFits as refusal:
        raise NotPossible("\n".join(refusal.reasons)) from refusal
    now, before = {(one.left, one.right) for one in solution.matches}, set(problem.before)
    rows = [
        (cases[one.left], members[one.right], "、".join(one.reasons))
        for one in solution.matches
        if (one.left, one.right) not in before
    ]
    unmet = [(cases[one.left], one.missing, "、".join(one.reasons)) for one in solution.unmet]
    loads = [(members[key], count) for key, count in solution.loads.items()]
    return Proposal(
        solution,
        rows,
        [(cases[one], members[other]) for one, other in sorted(before - now)],
        unmet,
        sorted(loads, key=lambda one: (-one[1], str(one[0]))),
        ([cases[one] for one in solution.shared[0]], [members[one] for one in solution.shared[1]]),
    )


@transaction.atomic
def draw_lot(*, panel: Panel) -> str:
    """Fix the number that decides between equals, before anything is assigned; it never changes. Raises `NotPossible`."""
    one = Panel.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    if one.lot:
        raise NotPossible(_("くじの種は、もう決まっています。"))
    if Assignment.objects.filter(case__panel=one, how=How.AUTO).exists():
        raise NotPossible(_("自動の割当てのあとでは決められません。"))
    one.lot, one.lot_at = secrets.token_hex(16), timezone.now()
    one.save(update_fields=["lot", "lot_at"])
    return one.lot


@transaction.atomic
def assign_automatically(*, panel: Panel, expected: str | None = None) -> int:
    """Apply the automatic assignment; returns how many were made.

    `expected` is the digest of the proposal the person saw: another one by now raises `NotPossible`.
    """
    Panel.objects.select_for_update(of=("self",)).get(pk=panel.pk)
    list(panel.members.select_for_update(of=("self",)).order_by("pk"))
    # Organisations may have been merged since conflicts were looked for.
    look_at_panel(panel=panel)
    proposal = propose(panel=panel)
    if expected is not None and proposal.digest != expected:
        raise NotPossible(_("画面を見たあとに状況が変わりました。もう一度確かめてください。"))
    barring = set(standing(panel=panel).values_list("case_id", "profile_id"))
    if any((case.pk, member.profile_id) in barring for case, member, _reason in proposal.rows):
        raise NotPossible(_("利益相反のある組が案に入っています。割り当てていません。"))
    for case, member in proposal.moved:
        Assignment.objects.filter(case=case, member=member, ended_at=None).update(
            ended_at=timezone.now(), end_reason=_("割当ての組み直し")
        )
    for case, member, reason in proposal.rows:
        made, _made = Assignment.objects.update_or_create(
            case=case, member=member,
            defaults={"how": How.AUTO, "reason": reason[:300], "ended_at": None, "end_reason": ""},
        )  # fmt: skip
        Review.objects.get_or_create(assignment=made)
    return len(proposal.rows)
