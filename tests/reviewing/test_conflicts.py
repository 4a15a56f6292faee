"""Five relations × five entry points: everywhere a conflict of interest bars (house rule of the programme's reviews)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tsunagu.engines.tables import Table
from tsunagu.outbox.models import Mail
from tsunagu.reviewing import selectors
from tsunagu.reviewing.models import Assignment, Conflict, How, PanelMember, ReviewCase
from tsunagu.reviewing.rules import Relation
from tsunagu.reviewing.services import assigning, meeting, scoring
from tsunagu.reviewing.services.panels import NotPossible, declare, dismiss, open_case, profile_changed
from tsunagu.reviewing.telling import tell_remark
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
RELATIONS = [one for one in Relation.values if one != Relation.DECLARED]


def by_hand(case: ReviewCase, member: PanelMember) -> bool:
    if "利益相反" in assigning.barred(case, member):
        with pytest.raises(NotPossible, match="利益相反"):
            assigning.assign(case=case, member=member, how=How.HAND)
        return False
    assigning.assign(case=case, member=member, how=How.HAND)
    return True


def by_file(case: ReviewCase, member: PanelMember) -> bool:
    table = Table(("受付番号", "審査員"), [(case.number, member.profile.person.email)], [2], "utf-8")
    made, problems = assigning.assign_from_file(panel=case.panel, table=table)
    assert made or "利益相反" in problems[0].message
    return bool(made)


def automatically(case: ReviewCase, member: PanelMember) -> bool:
    assigning.assign_automatically(panel=case.panel)
    return Assignment.objects.filter(case=case, member=member, ended_at=None).exists()


def in_the_committee(case: ReviewCase, member: PanelMember) -> bool:
    day = meeting.begin_day(panel=case.panel)
    meeting.call_case(day=day, case=case)
    client = Client()
    client.force_login(member.profile.person)
    page = client.get(reverse("review:day", args=[case.panel_id]))
    assert page.status_code == 200
    return case.title in page.text


def by_mail(case: ReviewCase, member: PanelMember) -> bool:
    author = Viewer(person_id=PanelMember.objects.exclude(pk=member.pk).get().profile.person_id)
    remark = scoring.remark(
        case=case, by=author, text=f"@{member.profile.person.name} どう思いますか", level="panel"
    )
    tell_remark(remark)
    return Mail.objects.filter(to_email=member.profile.person.email).exists()


ENTRIES = [by_hand, by_file, automatically, in_the_committee, by_mail]


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("relation", RELATIONS)
def test_a_conflict_bars_everywhere(
    relation: str,
    entry: Callable[..., bool],
    relations: Callable[[str], Any],
    reviewer: Callable[..., PanelMember],
) -> None:
    case, member = relations(relation)
    reviewer("ほかの人")
    assert [one.relation for one in Conflict.objects.filter(case=case, profile=member.profile)] == [relation]
    assert entry(case, member) is False


@pytest.mark.parametrize("entry", ENTRIES)
def test_without_a_conflict_nothing_bars(
    entry: Callable[..., bool], case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("だれでも")
    reviewer("ほかの人")
    assert entry(case(), member) is True


@pytest.mark.parametrize("relation", RELATIONS)
def test_dismissed_with_a_reason_it_bars_no_more(relation: str, relations: Callable[[str], Any]) -> None:
    case, member = relations(relation)
    conflict = Conflict.objects.get(case=case, profile=member.profile)
    with pytest.raises(NotPossible):
        dismiss(conflict=conflict, by=Viewer(), reason=" ")
    dismiss(conflict=conflict, by=Viewer(), reason="15年前のこと")
    assert by_hand(case, member)


def test_what_one_declares_oneself_cannot_be_dismissed(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one, member = case(), reviewer("申告する人")
    assigning.assign(case=one, member=member, how=How.HAND)
    declare(case=one, profile=member.profile, has_conflict=True, explanation="親族がいる")
    assert Assignment.objects.get(case=one, member=member).ended_at is not None
    with pytest.raises(NotPossible):
        dismiss(conflict=Conflict.objects.get(case=one), by=Viewer(), reason="x")
    assert not by_hand(one, member)


def test_a_conflict_that_comes_up_later_takes_the_case_away(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember], organisation: Callable[[str], Any]
) -> None:
    member, body = reviewer("転職した人"), organisation("あとの勤め先")
    one = case(member_organisations=[body])
    assigning.assign(case=one, member=member, how=How.HAND)
    member.profile.affiliation = body
    member.profile.save()
    profile_changed(profile=member.profile)
    assert Assignment.objects.get().end_reason == "利益相反のため"
    assert not selectors.may_see(
        one, Viewer(person_id=member.profile.person_id, roles=frozenset({"reviewer"}))
    )


def test_other_evidence_brings_a_dismissed_conflict_back(
    relations: Callable[[str], Any], organisation: Callable[[str], Any]
) -> None:
    case, member = relations("member_organisation")
    dismiss(conflict=Conflict.objects.get(), by=Viewer(), reason="名前が似ているだけ")
    other = organisation("ほかの会社")
    member.profile.affiliation = other
    member.profile.save()
    open_case(
        panel=case.panel,
        subject=case.subject,
        title=case.title,
        applicant="x",
        number=case.number,
        member_organisations=[other],
    )
    assert not by_hand(case, member)


def test_the_secretariat_too_sees_a_wall_for_its_own_conflict(relations: Callable[[str], Any]) -> None:
    case, member = relations("vendor")
    from tsunagu.accounts.services import invite_person

    invite_person(email=member.profile.person.email, name="x", role="ipa")
    viewer = Viewer(person_id=member.profile.person_id, roles=frozenset({"ipa", "reviewer"}))
    assert viewer.is_secretariat
    assert not selectors.may_see(case, viewer)
