"""Least loads that are kept or refused in words, the lot that everybody hears of, and why each case has whom it has."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.reviewing.conftest import SCORES

from tsunagu.engines.matching import solve
from tsunagu.engines.matching.reading import read_problem
from tsunagu.outbox.models import Reminder
from tsunagu.registry.models import LocalGovernment
from tsunagu.reviewing.models import Assignment, AssignmentRun, Panel, PanelMember, ReviewCase
from tsunagu.reviewing.services import assigning, explaining, proposing
from tsunagu.reviewing.services.panels import NotPossible, answer_invitation
from tsunagu.reviewing.services.relations import look_at_panel

pytestmark = pytest.mark.django_db
Reviewer, OfCase = Callable[..., PanelMember], Callable[..., ReviewCase]


def wanting(panel: Panel, **more: int) -> None:
    Panel.objects.filter(pk=panel.pk).update(**more)
    panel.refresh_from_db()


def loads(panel: Panel) -> list[int]:
    return sorted(one.assignments.filter(ended_at=None).count() for one in panel.members.all())


def test_everybody_gets_the_least(panel: Panel, case: OfCase, reviewer: Reviewer) -> None:
    wanting(panel, reviews_wanted=1, least_cases=1)
    for number in range(3):
        reviewer(f"審査員{number}")
    for number in range(4):
        case(f"M-{number}")
    assert assigning.assign_automatically(panel=panel) == 4
    assert loads(panel) == [1, 1, 2]


def test_a_least_that_cannot_be_is_said_of_whom_and_why(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    """Of three cases a reviewer may have one, being of the two others' prefecture; the least is two."""
    wanting(panel, reviews_wanted=3, least_cases=2)
    near = reviewer("近い人", prefectures=[LocalGovernment.objects.get(pk="410004")])
    for number in range(3):
        reviewer(f"遠い人{number}")
    case("N-1")
    for number in (2, 3):
        case(f"N-{number}", prefectures=["410004"])
    look_at_panel(panel=panel)
    with pytest.raises(NotPossible) as refusal:
        proposing.propose(panel=panel)
    told = refusal.value.reasons[0]
    assert "「近い人」は少なくとも2件" in told
    assert "N-1" in told
    assert "N-2" not in told
    assert "1件分しか" in told
    assert "案件3件のうち2件に利益相反" in told
    client = client_of("ipa")
    page = client.get(reverse("reviewing:assign_auto", args=[panel.pk]))
    assert "決まりを守れる割当てがありません" in page.text
    assert "この案で割り当てる" not in page.text
    client.post(reverse("reviewing:assign_auto", args=[panel.pk]), {"expected": ""})
    assert not Assignment.objects.exists()
    # The secretariat lets this one have fewer: nobody else's least is touched.
    near.refresh_from_db()
    form = {"most_cases": "", "least_cases": "1", "version": near.version}
    assert client.post(reverse("reviewing:limits", args=[near.pk]), form).status_code == 302
    assert assigning.assign_automatically(panel=panel) == 9
    assert loads(panel) == [1, 2, 3, 3]


def test_who_agreed_to_fewer_than_the_least_is_named(panel: Panel, case: OfCase, reviewer: Reviewer) -> None:
    wanting(panel, least_cases=2)
    answer_invitation(member=reviewer("忙しい人"), accepts=True, most_cases=1)
    case("K-1")
    with pytest.raises(NotPossible, match=r"忙しい人 さんの最少は2件ですが、引き受けた件数は1件まで"):
        assigning.assign_automatically(panel=panel)


def test_too_few_cases_for_everybodys_least(panel: Panel, case: OfCase, reviewer: Reviewer) -> None:
    wanting(panel, reviews_wanted=1, least_cases=1)
    for number in range(3):
        reviewer(f"審査員{number}")
    case("T-1")
    with pytest.raises(NotPossible, match="合わせて少なくとも") as refusal:
        proposing.propose(panel=panel)
    assert "最少の件数を下げる" in refusal.value.reasons[-1]


def test_the_least_is_not_above_the_most(
    panel: Panel, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Panel.objects.filter(pk=panel.pk).update(least_cases=99)
    member, client = reviewer("審査員"), client_of("ipa")
    member.refresh_from_db()
    form = {"most_cases": "1", "least_cases": "2", "version": member.version}
    page = client.post(reverse("reviewing:limits", args=[member.pk]), form)
    assert "最大の件数より多くできません" in page.text
    assert page.status_code == 422
    page = client.get(reverse("reviewing:panel", args=[panel.pk]))
    assert "0〜20" in page.text


def test_the_lot_is_told_to_everybody_before(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    member, out = reviewer("審査員"), reviewer("辞退した人")
    answer_invitation(member=out, accepts=False)
    client = client_of("ipa")
    client.post(reverse("reviewing:assign_auto", args=[panel.pk]), {"act": "lot"})
    panel.refresh_from_db()
    told = Reminder.objects.filter(key__startswith="reviewing:lot:")
    assert [one.to_email for one in told] == [member.profile.person.email]
    assert panel.lot in told[0].line
    own = Client()
    own.force_login(member.profile.person)
    assert panel.lot in own.get(reverse("review:queue")).text
    case("L-1")
    assigning.assign_automatically(panel=panel)
    run = AssignmentRun.objects.get()
    assert read_problem(run.document).seed == panel.lot


def expert_in(reviewer: Reviewer, name: str, level: int) -> PanelMember:
    return reviewer(name, expertise=dict.fromkeys(SCORES, 3) | {"direction": level})


def test_a_case_is_explained(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    """One case, one place: the expert has it, the other would have to know more; what decides is told in points."""
    wanting(panel, reviews_wanted=1)
    good, fair = expert_in(reviewer, "得意な人", 3), expert_in(reviewer, "少し分かる人", 1)
    barred = reviewer("同じ県の人", prefectures=[LocalGovernment.objects.get(pk="410004")])
    one = case("E-1", prefectures=["410004"])
    look_at_panel(panel=panel)
    page = client_of("ipa").get(reverse("reviewing:why", args=[one.pk]), {"now": "1"})
    assert page.status_code == 200
    found = explaining.explain(case=one, run=None)
    by_name = {str(line.member): line for line in found.lines}
    assert str(found.lines[0].member) == "得意な人"
    assert by_name["得意な人"].is_taken
    assert (by_name["得意な人"].rank, by_name["少し分かる人"].rank, found.possible) == (1, 2, 2)
    gap = by_name["得意な人"].points - by_name["少し分かる人"].points
    assert f"あと{gap:.1f}点より多く高ければ" in by_name["少し分かる人"].said
    assert by_name["少し分かる人"].instead == ["得意な人"]
    assert "組めません" in by_name["同じ県の人"].said
    assert sum(part.points for part in by_name["得意な人"].parts) == pytest.approx(
        by_name["得意な人"].points, abs=0.01
    )
    assert assigning.assign_automatically(panel=panel) == 1
    after = explaining.explain(case=one, run=explaining.last_run(panel))
    assert [(str(a.member), a.said) for a in after.lines] == [(str(b.member), b.said) for b in found.lines]
    assert {good.pk} == {each.member_id for each in Assignment.objects.filter(ended_at=None)}
    assert fair.pk != barred.pk


def test_what_was_made_can_be_made_again(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    for number in range(5):
        expert_in(reviewer, f"審査員{number}", number % 4)
    for number in range(4):
        case(f"A-{number}")
    client = client_of("ipa")
    seen = proposing.propose(panel=panel)
    answer = client.post(reverse("reviewing:assign_auto", args=[panel.pk]), {"expected": seen.digest})
    assert answer["Location"] == reverse("reviewing:explained", args=[panel.pk])
    page = client.get(answer["Location"])
    run = AssignmentRun.objects.get()
    assert run.made_by is not None
    assert page.text.count('scope="rowgroup"') == 4
    text = client.get(reverse("reviewing:run_file", args=[panel.pk, run.pk])).content.decode()
    problem = read_problem(text)
    assert [[one.left, one.right] for one in solve(problem).matches] == run.answer
    assert not any(one["evidence"] for one in json.loads(text)["forbidden"])
    assert "審査員" not in text.replace("得意さ", "")
    # Later changes leave what was made as it was.
    PanelMember.objects.filter(panel=panel).update(most_cases=4)
    assert client.get(reverse("reviewing:explained", args=[panel.pk])).text.count('scope="rowgroup"') == 4
    assert assigning.assign_automatically(panel=panel) == 0
    assert AssignmentRun.objects.count() == 1


def test_after_somebody_withdraws_only_their_cases_change(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    members = [expert_in(reviewer, f"審査員{number}", number % 4) for number in range(6)]
    for number in range(6):
        case(f"W-{number}")
    assigning.assign_automatically(panel=panel)
    before = set(Assignment.objects.filter(ended_at=None).values_list("case_id", "member_id"))
    gone = members[2]
    lost = {pair for pair in before if pair[1] == gone.pk}
    answer_invitation(member=gone, accepts=False)
    page = client_of("ipa").get(reverse("reviewing:assign_auto", args=[panel.pk]))
    assert f"新しい割当て: {len(lost)}件" in page.text
    assert "動かす割当て" not in page.text
    assert "これより少ない変更はありません" in page.text
    assert assigning.assign_automatically(panel=panel) == len(lost)
    after = set(Assignment.objects.filter(ended_at=None).values_list("case_id", "member_id"))
    assert before - after == lost


def test_the_explanation_is_the_secretariats_alone(
    panel: Panel, case: OfCase, reviewer: Reviewer, client_of: Callable[..., Client]
) -> None:
    member, one = reviewer("審査員"), case("S-1")
    assigning.assign_automatically(panel=panel)
    run = AssignmentRun.objects.get()
    own = Client()
    own.force_login(member.profile.person)
    addresses: list[tuple[str, list[Any]]] = [
        ("explained", [panel.pk]), ("why", [one.pk]), ("run_file", [panel.pk, run.pk]), ("limits", [member.pk]),
    ]  # fmt: skip
    for name, key in addresses:
        assert own.get(reverse(f"reviewing:{name}", args=key)).status_code == 404
        assert client_of("meti").get(reverse(f"reviewing:{name}", args=key)).status_code == 200
