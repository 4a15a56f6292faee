"""Giving cases to reviewers: by hand, by file, automatically. Every way goes through the same gate."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.matching.reading import document
from tsunagu.engines.tables import Table
from tsunagu.engines.textsearch.folding import fold
from tsunagu.reviewing import telling
from tsunagu.reviewing.models import (
    Assignment,
    AssignmentRun,
    How,
    MemberState,
    Panel,
    PanelMember,
    Review,
    ReviewCase,
)
from tsunagu.reviewing.services.explaining import without_evidence
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.proposing import propose
from tsunagu.reviewing.services.relations import look_at_panel, look_for_conflicts, standing
from tsunagu.sharing.viewer import Viewer


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
    telling.tell_lot(one)
    return one.lot


@transaction.atomic
def assign_automatically(*, panel: Panel, expected: str | None = None, by: Viewer | None = None) -> int:
    """Apply the automatic assignment and keep the problem it answers; returns how many were made.

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
    if proposal.rows or proposal.moved:
        AssignmentRun.objects.create(
            panel=panel,
            made_by_id=by.person_id if by else None,
            document=document(without_evidence(proposal.problem)),
            answer=[[one.left, one.right] for one in proposal.solution.matches],
            digest=proposal.solution.digest,
        )
    return len(proposal.rows)
