"""Conflicts looked for in many cases at once: what a merge changes, who may dismiss, what a refusal ends, how many statements."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tsunagu.registry.merging import merge_organisations
from tsunagu.registry.models import LocalGovernment
from tsunagu.reviewing.models import Assignment, Conflict, How, Panel, PanelMember, ReviewCase
from tsunagu.reviewing.services import assigning, proposing
from tsunagu.reviewing.services.panels import NotPossible, answer_invitation, dismiss, invite, profile_changed
from tsunagu.reviewing.services.relations import look_at_panel, standing
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db


def test_a_merge_of_organisations_neither_hides_nor_lifts_a_conflict(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember], organisation: Callable[[str], Any]
) -> None:
    old, new = organisation("株式会社ふるい"), organisation("株式会社あたらしい")
    known = reviewer("所属の人", affiliation=old)
    partner, former = (
        reviewer("取引の人", business_partners=[old]),
        reviewer("元の人", former_employers=[old]),
    )
    one, other = case("M-1", member_organisations=[old]), case("M-2", member_organisations=[new])
    merge_organisations(keep=new, drop=old, reason="同じ会社")
    for member in (known, partner, former):
        for each in (one, other):
            with pytest.raises(NotPossible, match="利益相反"):
                assigning.assign(case=each, member=member, how=How.HAND)
    assert standing().count() == 6


def test_nobody_dismisses_a_conflict_of_their_own(relations: Callable[[str], Any]) -> None:
    case, member = relations("vendor")
    conflict = Conflict.objects.get(case=case)
    with pytest.raises(NotPossible, match="自分では外せません"):
        dismiss(conflict=conflict, by=Viewer(person_id=member.profile.person_id), reason="問題ない")
    assert standing(case=case).exists()


def test_who_declines_has_no_cases_left(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("断る人")
    assigning.assign(case=case(), member=member, how=How.HAND)
    answer_invitation(member=member, accepts=False)
    assert Assignment.objects.get().end_reason == "審査の辞退"
    Panel.objects.filter(pk=panel.pk).update(
        closes_at=timezone.now() - timedelta(hours=1), discussion_until=None
    )
    page = Client().post(reverse("review:invitation", args=[member.token]), {"action": "accept"})
    assert page.status_code == 422
    assert "返事は変えられません" in page.text


def test_the_automatic_assignment_is_the_one_that_was_looked_at(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    members = [reviewer(f"審査員{number}") for number in range(4)]
    one = case("P-1")
    seen = proposing.propose(panel=panel)
    place = LocalGovernment.objects.get(pk="410004")
    members[0].profile.prefectures.add(place)
    ReviewCase.objects.filter(pk=one.pk).update(prefectures=["410004"])
    # As many as before, but another person among them: counting alone would not tell.
    look_at_panel(panel=panel)
    again = proposing.propose(panel=panel)
    taken = {member.pk for _case, member, _reason in seen.rows}
    if members[0].pk in taken:
        assert (len(again.rows), again.digest == seen.digest) == (3, False)
        with pytest.raises(NotPossible, match="画面を見たあと"):
            assigning.assign_automatically(panel=panel, expected=seen.digest)
    assert assigning.assign_automatically(panel=panel, expected=again.digest) == 3
    assert not Assignment.objects.filter(member=members[0]).exists()


def test_when_a_reviewer_declines_the_fewest_change(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    """Two cases, three reviewers wanted for each; who is full makes way only where more reviews come of it."""
    Panel.objects.filter(pk=panel.pk).update(most_cases=1, reviews_wanted=1)
    panel.refresh_from_db()
    members = [reviewer(f"審査員{number}") for number in range(3)]
    one, other = case("R-1"), case("R-2")
    assert assigning.assign_automatically(panel=panel) == 2
    before = {(each.case_id, each.member_id) for each in Assignment.objects.filter(ended_at=None)}
    gone = next(each for each in members if (one.pk, each.pk) in before)
    answer_invitation(member=gone, accepts=False)
    seen = proposing.propose(panel=panel)
    assert (len(seen.rows), seen.moved) == (1, [])
    # The one who is left may not have that case: the other case's reviewer changes places with them.
    left = next(each for each in members if each.pk != gone.pk and (other.pk, each.pk) not in before)
    left.profile.prefectures.add(LocalGovernment.objects.get(pk="410004"))
    ReviewCase.objects.filter(pk=one.pk).update(prefectures=["410004"])
    look_at_panel(panel=panel)
    seen = proposing.propose(panel=panel)
    assert (len(seen.rows), len(seen.moved), seen.unmet) == (2, 1, [])
    assert assigning.assign_automatically(panel=panel, expected=seen.digest) == 2
    now = {(each.case_id, each.member_id) for each in Assignment.objects.filter(ended_at=None)}
    assert {each for each, _member in now} == {one.pk, other.pk}
    assert (other.pk, left.pk) in now


def test_the_lot_is_drawn_once_and_beforehand(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    lot = assigning.draw_lot(panel=panel)
    panel.refresh_from_db()
    assert panel.lot == lot
    with pytest.raises(NotPossible, match="もう決まって"):
        assigning.draw_lot(panel=panel)
    case("L-1")
    for number in range(4):
        reviewer(f"審査員{number}")
    assert proposing.propose(panel=panel).digest == proposing.propose(panel=panel).digest


def statements(what: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        what()
    return len(queries)


def test_looking_takes_as_many_statements_for_many_cases_as_for_few(
    panel: Panel,
    case: Callable[..., ReviewCase],
    reviewer: Callable[..., PanelMember],
    organisation: Callable[[str], Any],
) -> None:
    body = organisation("構成員株式会社")
    profile = reviewer("一人目", affiliation=body).profile
    case("S-0", member_organisations=[body])
    few = statements(lambda: look_at_panel(panel=panel))
    for number in range(1, 8):
        case(f"S-{number}", member_organisations=[body])
    reviewer("二人目", business_partners=[body])
    assert statements(lambda: look_at_panel(panel=panel)) == few
    assert Conflict.objects.count() == 16
    Conflict.objects.filter(profile=profile).update(dismissed_at=timezone.now(), dismiss_reason="よい")
    profile_changed(profile=profile)
    assert standing().count() == 8
    assert invite(panel=panel, profile=profile).pk
