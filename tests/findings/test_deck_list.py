"""Importing the deck's list of regions (page 10) raises what is wrong with it, and a person settles it."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from tsunagu.engines.dates import PartialDate
from tsunagu.findings.messages import words_for
from tsunagu.findings.models import ExaminedList, Finding, FindingState
from tsunagu.findings.services import (
    examine_list,
    find_in_records,
    hold_against_records,
    reopen_finding,
    resolve_finding,
)
from tsunagu.registry.models import Designation, Lab
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
LIST = settings.DATA_DIR / "deck_2025_02_26_p10_regions.csv"


@pytest.fixture
def deck() -> ExaminedList:
    return examine_list(
        by=Viewer(),
        title="検討会資料 10ページ",
        as_of=PartialDate(2025, 2, 26),
        file_name=LIST.name,
        content=LIST.read_bytes(),
    )


def raised(deck: ExaminedList, code: str) -> list[Finding]:
    return list(deck.findings.filter(code=code))


def test_parts_add_to_109_against_110(deck: ExaminedList) -> None:
    (one,) = raised(deck, "parts_do_not_add_up")
    assert (one.params["total"], one.params["sum"]) == (110, 109)


def test_ota_and_kanagawa_stand_twice(deck: ExaminedList) -> None:
    assert {one.params["name"] for one in raised(deck, "row_repeated")} == {"大田区", "神奈川県"}


def test_nagaoka_and_kashiwazaki_are_absent(deck: ExaminedList) -> None:
    absent = raised(deck, "recorded_but_absent")
    assert {one.params["name"] for one in absent} == {"長岡市", "柏崎市"}
    assert all("dx 第1弾" in one.params["what"] for one in absent)
    assert all("地域DX推進ラボ 第1弾" in words_for(one).text for one in absent), (
        "people read names, not codes"
    )


def test_72_against_67(deck: ExaminedList) -> None:
    (one,) = raised(deck, "one_measure_two_values")
    assert [value["value"] for value in one.params["values"]] == [72, 67]


def test_regions_without_a_code(deck: ExaminedList) -> None:
    names = {one.params["name"] for one in raised(deck, "row_without_code")}
    assert names == {"秋田横連携", "湘南地域", "嘉飯桂地域", "神奈川"}


def test_blank_schemes(deck: ExaminedList) -> None:
    (one,) = raised(deck, "rows_without_scheme")
    assert one.params["count"] == 109


def test_107_different_regions(deck: ExaminedList) -> None:
    (one,) = raised(deck, "list_shorter_than_total")
    assert (one.params["rows"], one.params["different"]) == (109, 107)


def test_examining_changes_no_record(deck: ExaminedList) -> None:
    assert Lab.objects.count() == 109
    assert Designation.objects.count() == 120


def test_every_finding_reads_as_a_sentence(deck: ExaminedList) -> None:
    for one in Finding.objects.all():
        words = words_for(one)
        assert words.title
        assert words.text.endswith("。") or "候補" in words.text
        assert words.advice


def test_a_settled_finding_stays_settled_until_its_facts_change(deck: ExaminedList) -> None:
    (one,) = raised(deck, "rows_without_scheme")
    resolve_finding(by=Viewer(), finding=one, resolution="left", reason="色分けが失われている")
    hold_against_records(deck)
    one.refresh_from_db()
    assert one.state == FindingState.RESOLVED
    deck.rows.filter(number=2).update(scheme="dx")
    hold_against_records(deck)
    one.refresh_from_db()
    assert (one.state, one.params["count"]) == (FindingState.OPEN, 108)


def test_a_contradiction_that_is_mended_is_gone_and_may_come_back() -> None:
    def unresolved() -> Finding:
        return Finding.objects.get(code="scheme_unresolved", subject="013455")

    assert unresolved().state == FindingState.OPEN
    Designation.objects.filter(lab__slug="013455").update(scheme="iot")
    find_in_records()
    assert unresolved().state == FindingState.GONE
    Designation.objects.filter(lab__slug="013455").update(scheme="unresolved")
    find_in_records()
    assert unresolved().state == FindingState.OPEN


def test_nothing_is_settled_without_a_reason(deck: ExaminedList) -> None:
    one = deck.findings.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        resolve_finding(by=Viewer(), finding=one, resolution="left", reason="")
    one.refresh_from_db()
    assert reopen_finding(finding=one).state == FindingState.OPEN


def test_the_pages_lead_through_it(client_of: Any) -> None:
    client = client_of("ipa")
    upload = SimpleUploadedFile(LIST.name, LIST.read_bytes())
    answer = client.post(
        "/office/findings/lists/",
        {"title": "検討会資料 10ページ", "as_of": "令和7年2月26日", "file": upload},
        follow=True,
    )
    page = answer.content.decode()
    for text in ("大田区", "神奈川", "長岡市", "柏崎市", "内訳の和は109", "72（2024-01時点", "制度が空欄"):
        assert text in page
    one = Finding.objects.get(code="recorded_but_absent", params__name="長岡市")
    address = f"/office/findings/{one.pk}/"
    assert client.post(address, {"resolution": "source_wrong", "reason": ""}).status_code == 422
    settled = client.post(
        address, {"resolution": "source_wrong", "reason": "公表の31地域にある"}, follow=True
    )
    assert "柏崎市" in settled.content.decode()  # the next of the same kind, in the same list
    assert "大田区" not in settled.content.decode()
    one.refresh_from_db()
    assert (one.state, one.resolved_by.name) == (FindingState.RESOLVED, "ipaさん")
    assert "公表の31地域にある" in client.get(address).content.decode()
    client.post(f"{address}reopen/")
    one.refresh_from_db()
    assert one.state == FindingState.OPEN


def test_a_list_without_names_says_what_is_missing(client_of: Any) -> None:
    upload = SimpleUploadedFile("x.csv", "番号\n1\n".encode())
    answer = client_of("ipa").post("/office/findings/lists/", {"title": "x", "as_of": "2025", "file": upload})
    assert answer.status_code == 422
    assert "必要な列がありません: 地域名" in answer.content.decode()
