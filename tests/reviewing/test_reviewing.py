"""Reading, scoring, handing in, the queue, statistics, interviews, and the pages of it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.reviewing.conftest import SCORES

from tsunagu.engines.tables import SheetOut, read_table, write_xlsx
from tsunagu.reviewing import selectors
from tsunagu.reviewing.models import Assignment, How, Panel, PanelMember, Review, ReviewCase, ReviewState
from tsunagu.reviewing.services import assigning, meeting, scoring
from tsunagu.reviewing.services.panels import NotPossible, answer_invitation, declare
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
SECRETARIAT = Viewer(person_id=None, roles=frozenset({"ipa"}))


def given(case: ReviewCase, member: PanelMember, *, value: int | None = None) -> Assignment:
    """A case given to a member who declared no conflict; with a value handed in with that score everywhere."""
    one = assigning.assign(case=case, member=member, how=How.HAND)
    declare(case=case, profile=member.profile, has_conflict=False)
    if value is not None:
        scores = dict.fromkeys(SCORES, (value, ""))
        review = scoring.save_review(assignment=one, scores=scores, comment="よい", inner_comment="")
        scoring.submit_review(review=review)
    return one


def client_for(member: PanelMember) -> Client:
    client = Client()
    client.force_login(member.profile.person)
    return client


def test_the_text_opens_after_the_question_of_conflicts(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("読む人")
    one = assigning.assign(case=case(), member=member, how=How.HAND)
    client, address = client_for(member), reverse("review:case", args=[one.pk])
    assert "本文の秘密" not in client.get(address).text
    assert (
        client.post(reverse("review:answer_conflict", args=[one.pk]), {"has_conflict": ""}).status_code == 422
    )
    client.post(reverse("review:answer_conflict", args=[one.pk]), {"has_conflict": "no"})
    page = client.get(address)
    assert "本文の秘密" in page.text
    assert 'href="#p-1"' in page.text


def test_scores_are_kept_incomplete_and_handed_in_complete(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("採点する人")
    one = given(case(), member)
    client, address = client_for(member), reverse("review:case", args=[one.pk])
    kept = client.post(
        address, {"score.direction": "5", "comment.direction": "明確", "comment": "", "action": "save"}
    )
    assert kept.status_code == 302
    refused = client.post(address, {"score.direction": "5", "comment": "講評", "action": "submit"})
    assert refused.status_code == 422
    assert "点が付いていない視点" in refused.text
    whole = {f"score.{code}": "4" for code in SCORES} | {
        "score.direction": "2",
        "comment": "講評です",
        "action": "next",
    }
    assert client.post(address, whole)["Location"] == reverse("review:queue")
    review = Review.objects.get()
    assert (review.state, review.total) == (ReviewState.SUBMITTED, pytest.approx(3.6))
    client.post(address, {**whole, "score.direction": "4", "action": "save"})
    review.refresh_from_db()
    assert review.edited_at is not None
    assert review.total == 4


def test_autosave_answers_with_the_time(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("書く人")
    one = given(case(), member)
    answer = client_for(member).post(
        reverse("review:autosave", args=[one.pk]), {"score.direction": "3", "comment": "途中"}
    )
    assert set(answer.json()) == {"time"}
    assert Review.objects.get().comment == "途中"
    refused = client_for(member).post(reverse("review:autosave", args=[one.pk]), {"score.direction": "9"})
    assert refused.status_code == 409


def test_others_are_hidden_until_ones_own_is_in(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = case()
    given(one, reviewer("先の人"), value=5)
    mine = given(one, reviewer("あとの人"))
    client, address = client_for(mine.member), reverse("review:case", args=[mine.pk])
    assert "先の人" not in client.get(address).text
    client.post(address, {f"score.{code}": "3" for code in SCORES} | {"comment": "x", "action": "submit"})
    assert "先の人" in client.get(address).text


def test_nobody_scores_outside_the_time(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = given(case(), reviewer("遅い人"))
    now = timezone.now()
    Panel.objects.filter(pk=panel.pk).update(
        closes_at=now - timedelta(hours=1), discussion_until=now - timedelta(minutes=1)
    )
    one = Assignment.objects.get(pk=one.pk)
    with pytest.raises(NotPossible, match="期間"):
        scoring.save_review(assignment=one, scores={"direction": (3, "")})


def test_the_queue_gives_the_least_reviewed_first(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    first, second, third = case("A-1"), case("A-2"), case("A-3")
    other, me = reviewer("ほかの人"), reviewer("わたし")
    given(first, other, value=4)
    for one in (first, second, third):
        given(one, me)
    viewer = Viewer(person_id=me.profile.person_id, roles=frozenset({"reviewer"}))
    assert [one.case.number for one in selectors.queue(viewer).left] == ["A-2", "A-3", "A-1"]
    scoring.abstain(
        review=Review.objects.get(assignment__case=second, assignment__member=me), reason="専門外"
    )
    queue = selectors.queue(viewer)
    assert (queue.total, len(queue.abstained), [one.case.number for one in queue.left]) == (
        3,
        1,
        ["A-3", "A-1"],
    )


def test_numbers_of_a_case_come_from_the_database(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = case()
    for name, value in (("甲", 2), ("乙", 3), ("丙", 5)):
        given(one, reviewer(name), value=value)
    row: Any = selectors.case_table(panel, SECRETARIAT).get()
    assert (row.assigned, row.submitted) == (3, 3)
    assert (row.mean, row.median, row.spread) == (pytest.approx(10 / 3), 3, 3)
    assert row.deviation == pytest.approx(1.527525, abs=1e-5)
    severe = selectors.severity(panel)
    by_name = {str(PanelMember.objects.get(pk=key)): value for key, value in severe.items()}
    assert by_name["甲"] == pytest.approx(2 - 10 / 3)
    assert selectors.case_table(panel, Viewer(person_id=1, roles=frozenset({"reviewer"}))).count() == 0


def test_normalising_takes_out_a_harsh_reviewer(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    good, poor = case("N-1"), case("N-2")
    harsh, mild = reviewer("きびしい"), reviewer("あまい")
    given(good, harsh, value=2)
    given(poor, harsh, value=1)
    given(good, mild, value=5)
    given(poor, mild, value=4)
    z = selectors.normalised(panel)
    assert z[good.pk] == pytest.approx(0.7071, abs=1e-3)
    assert z[poor.pk] == pytest.approx(-0.7071, abs=1e-3)


def test_loads_are_level_and_pins_stay(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    members = [reviewer(f"審査員{number}") for number in range(6)]
    answer_invitation(member=members[5], accepts=True, most_cases=1)
    cases = [case(f"L-{number}") for number in range(10)]
    assigning.assign(case=cases[0], member=members[0], how=How.HAND)
    made = assigning.assign_automatically(panel=panel)
    loads = sorted(one.assignments.filter(ended_at=None).count() for one in members)
    assert made == 29
    assert loads == [1, 5, 6, 6, 6, 6]
    assert Assignment.objects.get(case=cases[0], member=members[0]).how == How.HAND
    assert assigning.assign_automatically(panel=panel) == 0
    with pytest.raises(NotPossible, match="画面を見たあと"):
        assigning.assign_automatically(panel=panel, expected="x")


def test_a_full_reviewer_gets_no_more(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = answer_invitation(member=reviewer("1件の人"), accepts=True, most_cases=1)
    assigning.assign(case=case("F-1"), member=member, how=How.HAND)
    with pytest.raises(NotPossible, match="1件に達しています"):
        assigning.assign(case=case("F-2"), member=member, how=How.HAND)


def test_a_changed_score_after_the_interview_needs_a_note(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = given(case(), reviewer("面談の人"), value=3)
    with pytest.raises(NotPossible, match="理由"):
        scoring.change_after_interview(assignment=one, scores={"direction": (5, "")})
    review = scoring.change_after_interview(
        assignment=one, scores={"direction": (5, "説明が明確だった"), "regionality": (3, "")}
    )
    assert review.total == 3
    assert review.interview_total == pytest.approx(3.4)


def test_interviews_are_offered_without_those_who_are_barred(
    panel: Panel, relations: Callable[[str], Any], reviewer: Callable[..., PanelMember]
) -> None:
    one, barred = relations("vendor")
    free = [reviewer("甲"), reviewer("乙")]
    now = timezone.now()
    meeting.add_slots(panel=panel, starts=[now + timedelta(days=1), now + timedelta(days=2)], minutes=30)
    first, second = panel.slots.all()
    with pytest.raises(NotPossible, match="2人以上"):
        meeting.offer_slots(case=one, video_link="")
    for member in [*free, barred]:
        meeting.say_free(member=member, slots=[first.pk, second.pk])
    meeting.offer_slots(case=one, video_link="https://example.jp/m")
    present = meeting.present_for(one, first)
    assert {str(each) for each in present} == {"甲", "乙"}
    interview = meeting.book_slot(case=one, slot=first.pk)
    assert interview.slot == first
    again = meeting.book_slot(case=one, slot=second.pk)
    assert (again.slot, again.changes) == (second, 1)
    from tsunagu.reviewing.calendars import interview_ics

    text = interview_ics(again, title="面談", address="https://example.jp/").decode()
    assert "SEQUENCE:1" in text
    assert "BEGIN:VEVENT" in text


def test_questions_come_from_split_criteria(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = case()
    for name, value in (("甲", 1), ("乙", 5)):
        assignment = given(one, reviewer(name))
        scores = dict.fromkeys(SCORES, (4, "")) | {"direction": (value, "")}
        scoring.submit_review(review=scoring.save_review(assignment=assignment, scores=scores, comment="x"))
    assert meeting.propose_questions(case=one) == 1
    assert one.interview_questions.get().criterion == "direction"
    assert meeting.propose_questions(case=one) == 0


def test_the_sheet_goes_out_and_comes_back(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("つながらない人")
    one = given(case(), member)
    client = client_for(member)
    data = client.get(reverse("review:offline_sheet", args=[member.panel_id])).content
    table = read_table(data, "sheet.xlsx")
    row = dict(zip(table.headers, table.rows[0], strict=True))
    row |= {heading: "4" for heading in table.headers if heading.endswith(" 点")}
    row["講評（申請者に伝えてよい）"] = "𠮷髙の講評"

    def upload(to: Client, **changes: str) -> Any:
        target = io.BytesIO()
        write_xlsx(target, [SheetOut("採点", list(table.headers), [list((row | changes).values())])])
        file = SimpleUploadedFile("sheet.xlsx", target.getvalue())
        return to.post(reverse("review:upload_sheet", args=[member.panel_id]), {"file": file})

    assert upload(client).status_code == 302
    review = Review.objects.get(assignment=one)
    assert review.comment == "𠮷髙の講評"
    assert review.scores.get(criterion="direction").value == 4
    assert "ほかの審査員" in upload(client_for(reviewer("ほかの人"))).text
    assert "1〜5の数ではありません" in upload(client, **{"方向性 点": "7"}).text
    assert "署名の欄が変わっています" in upload(client, 署名="x").text


def test_every_page_of_the_secretariat_opens(
    panel: Panel,
    case: Callable[..., ReviewCase],
    reviewer: Callable[..., PanelMember],
    client_of: Callable[..., Client],
) -> None:
    one = case()
    member = reviewer("審査する人")
    given(one, member, value=4)
    client = client_of("ipa")
    for name, key in [
        ("panels", None), ("new_panel", None), ("panel", panel.pk), ("edit_panel", panel.pk), ("conflicts", panel.pk),
        ("assign_file", panel.pk), ("assign_auto", panel.pk), ("slots", panel.pk), ("day", panel.pk), ("case", one.pk),
        ("questions", one.pk), ("member_profile", member.pk),
    ]:  # fmt: skip
        page = client.get(reverse(f"reviewing:{name}", args=[key] if key else []))
        assert page.status_code == 200, name
    assert (
        client.get(reverse("reviewing:panel", args=[panel.pk]), {"sort": "spread", "z": "1"}).status_code
        == 200
    )
    me = client_for(member)
    assignment = member.assignments.get()
    for name, key in [
        ("queue", None),
        ("profile", None),
        ("slots", panel.pk),
        ("day", panel.pk),
        ("interview", assignment.pk),
    ]:
        assert me.get(reverse(f"review:{name}", args=[key] if key else [])).status_code == 200, name
    assert Client().get(reverse("review:invitation", args=[member.token])).status_code == 200
    assert client_of("meti").get(reverse("review:queue")).status_code == 404
