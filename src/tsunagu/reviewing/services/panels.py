"""Opening panels and cases, inviting reviewers, and keeping the conflicts of interest up to date."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.reviewing.models import (
    Assignment,
    Conflict,
    CriteriaSet,
    Declaration,
    MemberState,
    Panel,
    PanelMember,
    ReviewCase,
    ReviewerProfile,
)
from tsunagu.reviewing.rules import CaseFacts, Relation, ReviewerFacts, conflicts
from tsunagu.sharing.viewer import Viewer


class NotPossible(ValueError):
    """What was asked for cannot be done; the message says why, for the person who asked."""


@transaction.atomic
def open_panel(
    *,
    title: str,
    criteria_set: CriteriaSet,
    opens_at: datetime,
    closes_at: datetime,
    discussion_until: datetime | None = None,
    reviews_wanted: int = 3,
    most_cases: int = 20,
    subject: str = "",
) -> Panel:
    """Open a panel; asked again for the same `subject` it gives the one there is."""
    known = Panel.objects.filter(subject=subject).first() if subject else None
    return known or Panel.objects.create(
        title=title, criteria_set=criteria_set, opens_at=opens_at, closes_at=closes_at, subject=subject,
        discussion_until=discussion_until, reviews_wanted=reviews_wanted, most_cases=most_cases,
    )  # fmt: skip


@transaction.atomic
def open_case(
    *,
    panel: Panel,
    subject: str,
    title: str,
    applicant: str,
    number: str = "",
    lab: Lab | None = None,
    prefectures: Iterable[str] = (),
    member_organisations: Iterable[Organisation] = (),
    vendor_organisations: Iterable[Organisation] = (),
    address: str = "",
) -> ReviewCase:
    """Put something before a panel, or bring what is there up to date; conflicts are looked for at once."""
    case, _made = ReviewCase.objects.update_or_create(
        panel=panel,
        subject=subject,
        defaults={
            "title": title[:200], "applicant": applicant[:200], "number": number, "lab": lab,
            "prefectures": sorted(set(prefectures)), "address": address, "closed_at": None,
        },
    )  # fmt: skip
    case.members.set(member_organisations)
    case.vendors.set(vendor_organisations)
    refresh_conflicts(case=case)
    return case


@transaction.atomic
def close_case(*, panel: Panel, subject: str) -> None:
    """The case is no longer before the panel: withdrawn or decided. What was written stays."""
    ReviewCase.objects.filter(panel=panel, subject=subject, closed_at=None).update(closed_at=timezone.now())


@transaction.atomic
def profile_of(*, person: Person) -> ReviewerProfile:
    """The reviewer's record, made on first use."""
    return ReviewerProfile.objects.get_or_create(person=person)[0]


@transaction.atomic
def profile_changed(*, profile: ReviewerProfile) -> None:
    """After a reviewer's record changed: look for conflicts in every open case of their panels."""
    panels = PanelMember.objects.filter(profile=profile).values("panel")
    for case in ReviewCase.objects.filter(panel__in=panels, closed_at=None):
        refresh_conflicts(case=case, only=profile)


@transaction.atomic
def invite(*, panel: Panel, profile: ReviewerProfile, is_chair: bool = False) -> PanelMember:
    """Ask somebody to review in a panel."""
    member, made = PanelMember.objects.get_or_create(
        panel=panel, profile=profile, defaults={"is_chair": is_chair}
    )
    if made:
        for case in panel.cases.filter(closed_at=None):
            refresh_conflicts(case=case, only=profile)
    return member


@transaction.atomic
def answer_invitation(
    *, member: PanelMember, accepts: bool, most_cases: int | None = None, note: str = ""
) -> PanelMember:
    """Accept, accept with fewer cases, or decline."""
    member.state = MemberState.ACCEPTED if accepts else MemberState.DECLINED
    member.most_cases = most_cases if accepts else None
    member.answer_note = note[:300]
    member.save(update_fields=["state", "most_cases", "answer_note"])
    return member


def reviewer_facts(profile: ReviewerProfile) -> ReviewerFacts:
    """What the rules look at of a reviewer."""
    return ReviewerFacts(
        affiliation=profile.affiliation_id,
        former_employers=dict.fromkeys(profile.former_employers.values_list("pk", flat=True), ""),
        prefectures=list(profile.prefectures.values_list("pk", flat=True)),
        mentored_labs=list(profile.mentored_labs.values_list("pk", flat=True)),
        business_partners=list(profile.business_partners.values_list("pk", flat=True)),
    )


def case_facts(case: ReviewCase) -> CaseFacts:
    """What the rules look at of a case."""
    return CaseFacts(
        lab=case.lab_id,
        prefectures=case.prefectures,
        members=list(case.members.values_list("pk", flat=True)),
        vendors=list(case.vendors.values_list("pk", flat=True)),
    )


def _evidence(relation: str, evidence: str) -> str:
    """The evidence in words."""
    if relation == Relation.SAME_PREFECTURE:
        found = LocalGovernment.objects.filter(pk=evidence).first()
        return found.name if found else evidence
    if relation == Relation.PAST_MENTOR:
        return str(Lab.objects.filter(pk=evidence).select_related("region").first() or evidence)
    return str(Organisation.objects.filter(pk=evidence).first() or evidence)


@transaction.atomic
def refresh_conflicts(*, case: ReviewCase, only: ReviewerProfile | None = None) -> None:
    """Look at a case with every reviewer of its panel: new relations are kept, those that are gone marked so.

    A conflict dismissed for its evidence stays dismissed; other evidence brings it back. Assignments that a conflict
    bars end with it.
    """
    facts = case_facts(case)
    members = case.panel.members.select_related("profile")
    for member in members.filter(profile=only) if only else members:
        found = {
            one.relation: _evidence(one.relation, one.evidence)
            for one in conflicts(reviewer_facts(member.profile), facts)
        }
        known = {one.relation: one for one in Conflict.objects.filter(case=case, profile=member.profile)}
        for relation, evidence in found.items():
            _keep_conflict(case, member.profile, relation, evidence, known.get(relation))
        for relation, one in known.items():
            if relation not in found and relation != Relation.DECLARED and one.gone_at is None:
                one.gone_at = timezone.now()
                one.save(update_fields=["gone_at"])
        end_barred_assignments(case=case, profile=member.profile)


def _keep_conflict(
    case: ReviewCase, profile: ReviewerProfile, relation: str, evidence: str, known: Conflict | None
) -> None:
    if known is None:
        Conflict.objects.create(case=case, profile=profile, relation=relation, evidence=evidence[:300])
    elif known.gone_at is not None or known.evidence != evidence[:300]:
        known.gone_at, known.evidence = None, evidence[:300]
        known.dismissed_at, known.dismissed_by, known.dismiss_reason = None, None, ""
        known.save()


def end_barred_assignments(*, case: ReviewCase, profile: ReviewerProfile) -> None:
    """Take a case away from a reviewer whom a standing conflict bars."""
    if not standing(case=case).filter(profile=profile).exists():
        return
    Assignment.objects.filter(case=case, member__profile=profile, ended_at=None).update(
        ended_at=timezone.now(), end_reason=_("利益相反のため")
    )


def standing(*, case: ReviewCase | None = None, panel: Panel | None = None) -> QuerySet[Conflict]:
    """The conflicts that bar: neither dismissed nor gone."""
    found = Conflict.objects.filter(dismissed_at=None, gone_at=None)
    if case is not None:
        found = found.filter(case=case)
    return found.filter(case__panel=panel) if panel is not None else found


@transaction.atomic
def declare(
    *, case: ReviewCase, profile: ReviewerProfile, has_conflict: bool, explanation: str = ""
) -> Declaration:
    """The reviewer answers the question of conflicts, before the text opens. A conflict bars at once."""
    if has_conflict and not explanation.strip():
        raise NotPossible(_("どのような関係か、ひとこと書いてください。"))
    answer, _made = Declaration.objects.update_or_create(
        case=case, profile=profile, defaults={"has_conflict": has_conflict, "explanation": explanation[:300]}
    )
    if has_conflict:
        Conflict.objects.update_or_create(
            case=case, profile=profile, relation=Relation.DECLARED,
            defaults={"evidence": explanation[:300], "gone_at": None, "dismissed_at": None, "dismiss_reason": ""},
        )  # fmt: skip
        end_barred_assignments(case=case, profile=profile)
    else:
        Conflict.objects.filter(case=case, profile=profile, relation=Relation.DECLARED, gone_at=None).update(
            gone_at=timezone.now()
        )
    return answer


@transaction.atomic
def dismiss(*, conflict: Conflict, by: Viewer, reason: str) -> Conflict:
    """The secretariat finds that a suggested conflict is none, with a reason. What a reviewer declared stays."""
    if conflict.relation == Relation.DECLARED:
        raise NotPossible(_("本人が申告した利益相反は、事務局では外せません。"))
    if not reason.strip():
        raise NotPossible(_("問題ないと判断した理由を書いてください。"))
    conflict.dismissed_at, conflict.dismissed_by_id, conflict.dismiss_reason = (
        timezone.now(),
        by.person_id,
        reason,
    )
    conflict.save(update_fields=["dismissed_at", "dismissed_by", "dismiss_reason"])
    return conflict
