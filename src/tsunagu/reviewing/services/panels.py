"""Opening panels and cases, inviting reviewers, and keeping the conflicts of interest up to date."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.registry.models import Lab, Organisation
from tsunagu.reviewing.models import (
    Conflict,
    CriteriaSet,
    Declaration,
    MemberState,
    Panel,
    PanelMember,
    ReviewCase,
    ReviewerProfile,
    ReviewState,
)
from tsunagu.reviewing.rules import Phase, Relation
from tsunagu.reviewing.services.relations import (
    end_barred_assignments,
    look_at_panel,
    look_for_conflicts,
)
from tsunagu.sharing.viewer import Viewer


class NotPossible(ValueError):
    """What was asked for cannot be done; the message says why, for the person who asked: one reason a line."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


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
    least_cases: int = 0,
    subject: str = "",
) -> Panel:
    """Open a panel; asked again for the same `subject` it gives the one there is."""
    known = Panel.objects.filter(subject=subject).first() if subject else None
    return known or Panel.objects.create(
        title=title, criteria_set=criteria_set, opens_at=opens_at, closes_at=closes_at, subject=subject,
        discussion_until=discussion_until, reviews_wanted=reviews_wanted, most_cases=most_cases,
        least_cases=least_cases,
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
    look_for_conflicts(cases=[case], profiles=list(panel.members.values_list("profile_id", flat=True)))
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
    cases = list(ReviewCase.objects.filter(panel__in=panels, closed_at=None))
    look_for_conflicts(cases=cases, profiles=[profile.pk])


@transaction.atomic
def invite(*, panel: Panel, profile: ReviewerProfile, is_chair: bool = False) -> PanelMember:
    """Ask somebody to review in a panel."""
    member, made = PanelMember.objects.get_or_create(
        panel=panel, profile=profile, defaults={"is_chair": is_chair}
    )
    if made:
        look_at_panel(panel=panel, only=profile)
    return member


@transaction.atomic
def answer_invitation(
    *, member: PanelMember, accepts: bool, most_cases: int | None = None, note: str = ""
) -> PanelMember:
    """Accept, accept with fewer cases, or decline; who declines has no cases any more.

    Raises `NotPossible` once scoring is over: what was agreed then is a fact.
    """
    if member.panel.phase in {Phase.DISCUSSION, Phase.DECIDING}:
        raise NotPossible(_("採点の期間が終わったので、返事は変えられません。事務局に知らせてください。"))
    member.state = MemberState.ACCEPTED if accepts else MemberState.DECLINED
    member.most_cases = most_cases if accepts else None
    member.answer_note = note[:300]
    member.save(update_fields=["state", "most_cases", "answer_note"])
    if not accepts:
        member.assignments.filter(ended_at=None).exclude(review__state=ReviewState.SUBMITTED).update(
            ended_at=timezone.now(), end_reason=_("審査の辞退")
        )
    return member


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
        end_barred_assignments(cases=[case.pk], profiles=[profile.pk])
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
    if by.person_id is not None and by.person_id == conflict.profile.person_id:
        raise NotPossible(_("自分の利益相反は、自分では外せません。ほかの人が判断してください。"))
    if not reason.strip():
        raise NotPossible(_("問題ないと判断した理由を書いてください。"))
    conflict.dismissed_at, conflict.dismissed_by_id, conflict.dismiss_reason = (
        timezone.now(),
        by.person_id,
        reason,
    )
    conflict.save(update_fields=["dismissed_at", "dismissed_by", "dismiss_reason"])
    return conflict
