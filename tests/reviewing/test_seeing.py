"""Who sees what of a case, and sheets that come back with odd cells."""

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
from tsunagu.outbox.models import Mail
from tsunagu.reviewing.models import Assignment, How, Level, Panel, PanelMember, Review, ReviewCase
from tsunagu.reviewing.services import assigning, meeting, scoring
from tsunagu.reviewing.services.panels import declare
from tsunagu.reviewing.telling import tell_remark
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
SAID, SAID_TO_ALL = "担当だけの発言", "全員への発言"


def client_for(member: PanelMember) -> Client:
    client = Client()
    client.force_login(member.profile.person)
    return client


def given(case: ReviewCase, member: PanelMember, *, value: int | None = None) -> Assignment:
    one = assigning.assign(case=case, member=member, how=How.HAND)
    declare(case=case, profile=member.profile, has_conflict=False)
    if value is not None:
        kept = scoring.save_review(assignment=one, scores=dict.fromkeys(SCORES, (value, "")), comment="よい")
        scoring.submit_review(review=kept)
    return one


def viewer_of(member: PanelMember) -> Viewer:
    return Viewer(person_id=member.profile.person_id, roles=frozenset({"reviewer"}))


@pytest.fixture
def committee(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> dict[str, Any]:
    """A case called in the committee: one who reviewed it, one who still owes it, one who only sits on the panel."""
    one = case("K-1")
    done, owing, sitting = reviewer("出した人"), reviewer("まだの人"), reviewer("担当でない人")
    given(one, done, value=4)
    given(one, owing)
    for text, level in ((SAID, Level.REVIEWERS), (SAID_TO_ALL, Level.PANEL), ("事務局へ", Level.SECRETARIAT)):
        scoring.remark(case=one, by=viewer_of(done), text=text, level=level)
    meeting.call_case(day=meeting.begin_day(panel=panel), case=one)
    return {"case": one, "done": done, "owing": owing, "sitting": sitting}


def test_the_committee_reads_only_what_was_said_to_it(panel: Panel, committee: dict[str, Any]) -> None:
    address = reverse("review:day", args=[panel.pk])
    to_reviewer = client_for(committee["done"]).get(address).text
    to_member = client_for(committee["sitting"]).get(address).text
    assert (SAID in to_reviewer, SAID in to_member) == (True, False)
    assert SAID_TO_ALL in to_member
    assert "事務局へ" not in to_reviewer


def test_the_committee_shows_no_numbers_to_who_still_owes_theirs(
    panel: Panel, committee: dict[str, Any]
) -> None:
    address = reverse("review:day", args=[panel.pk])
    page = client_for(committee["owing"]).get(address).text
    assert "4.00" not in page
    assert SAID_TO_ALL not in page
    assert "自分の評価を提出すると" in page
    Panel.objects.filter(pk=panel.pk).update(
        closes_at=timezone.now() - timedelta(hours=1), discussion_until=None
    )
    assert "4.00" in client_for(committee["owing"]).get(address).text


def test_who_has_not_accepted_sees_nothing_of_a_case(panel: Panel, committee: dict[str, Any]) -> None:
    PanelMember.objects.filter(pk=committee["sitting"].pk).update(state="invited")
    assert (
        committee["case"].title
        not in client_for(committee["sitting"]).get(reverse("review:day", args=[panel.pk])).text
    )


@pytest.mark.parametrize(
    ("level", "told"), [(Level.REVIEWERS, {"まだの人"}), (Level.PANEL, {"まだの人", "担当でない人"})]
)
def test_a_mail_about_a_remark_goes_to_who_may_read_it(
    committee: dict[str, Any], level: str, told: set[str]
) -> None:
    made = scoring.remark(
        case=committee["case"],
        by=viewer_of(committee["done"]),
        text="@まだの人 @担当でない人 いかがですか",
        level=level,
    )
    tell_remark(made)
    assert set(Mail.objects.values_list("to_name", flat=True)) == told


def test_a_long_name_does_not_call_somebody_with_a_shorter_one(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one, author = case(), reviewer("書く人")
    for name in ("森", "森本"):
        given(one, reviewer(name))
    tell_remark(scoring.remark(case=one, by=viewer_of(author), text="@森本さん", level=Level.PANEL))
    assert [mail.to_name for mail in Mail.objects.all()] == ["森本"]


def test_the_interview_opens_after_the_question_of_conflicts(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("面談する人")
    one = assigning.assign(case=case(), member=member, how=How.HAND)
    meeting.set_questions(case=one.case, texts=["質問の秘密"])
    client, address = client_for(member), reverse("review:interview", args=[one.pk])
    assert client.get(address)["Location"] == reverse("review:case", args=[one.pk])
    assert client.post(address, {"note.direction": "x"}).status_code == 302
    assert not one.case.interview_notes.exists()
    declare(case=one.case, profile=member.profile, has_conflict=False)
    assert "質問の秘密" in client.get(address).text


def test_an_odd_digit_is_no_score_and_no_crash(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    one = given(case(), reviewer("打つ人"))
    client = client_for(one.member)
    assert (
        client.post(
            reverse("review:case", args=[one.pk]), {"score.direction": "²", "action": "save"}
        ).status_code
        == 302
    )
    assert client.get(reverse("review:queue"), {"panel": "²"}).status_code == 200
    assert not Review.objects.get().scores.filter(value__isnull=False).exists()


class Sheet:
    """A reviewer's sheet, taken out and put back with other cells."""

    def __init__(self, member: PanelMember) -> None:
        self.client, self.panel = client_for(member), member.panel_id
        data = self.client.get(reverse("review:offline_sheet", args=[self.panel])).content
        self.table = read_table(data, "sheet.xlsx")

    def back(self, *changes: dict[str, str]) -> Any:
        rows = [
            list((dict(zip(self.table.headers, cells, strict=True)) | more).values())
            for cells, more in zip(self.table.rows, changes, strict=False)
        ]
        target = io.BytesIO()
        write_xlsx(target, [SheetOut("採点", list(self.table.headers), rows)])
        file = SimpleUploadedFile("sheet.xlsx", target.getvalue())
        return self.client.post(reverse("review:upload_sheet", args=[self.panel]), {"file": file})


@pytest.mark.parametrize("cell", ["4.04", "²", "0", "6", "四", "4.5", "-1"])
def test_a_cell_that_is_no_score_is_named(
    cell: str, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("表の人")
    given(case(), member)
    page = Sheet(member).back({"方向性 点": cell})
    assert page.status_code == 422
    assert "1〜5の数ではありません" in page.text
    assert "2行目" in page.text


def test_an_empty_cell_leaves_what_is_kept_and_nothing_new_is_no_edit(
    case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("表の人")
    one = given(case(), member, value=4)
    sheet = Sheet(member)
    assert sheet.back({}).status_code == 302
    assert Review.objects.get().edited_at is None
    empty = {heading: "" for heading in sheet.table.headers if heading not in {"署名", "受付番号", "題名"}}
    assert sheet.back(empty | {"方向性 点": "５", "地域性 理由": "水産"}).status_code == 302
    review = Review.objects.get(assignment=one)
    assert (review.comment, review.total, review.edited_at is None) == ("よい", pytest.approx(4.2), False)
    assert review.scores.get(criterion="regionality").value == 4


def test_a_sheet_after_the_deadline_says_so_and_takes_nothing(
    panel: Panel, case: Callable[..., ReviewCase], reviewer: Callable[..., PanelMember]
) -> None:
    member = reviewer("遅れた人")
    for number in ("D-1", "D-2"):
        given(case(number), member)
    sheet = Sheet(member)
    twice = sheet.back({"方向性 点": "3"}, {"署名": sheet.table.rows[0][0]})
    assert "同じ案件の行が2つ" in twice.text
    Panel.objects.filter(pk=panel.pk).update(
        closes_at=timezone.now() - timedelta(hours=1), discussion_until=None
    )
    page = sheet.back({"方向性 点": "3"}, {"方向性 点": "4"})
    assert page.status_code == 422
    assert page.text.count("採点の期間ではありません") == 2
    assert not Review.objects.filter(scores__value__isnull=False).exists()
