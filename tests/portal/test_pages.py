"""The public pages on the real records."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tsunagu.engines.tables import read_table
from tsunagu.registry.kinds import EventKind, Reason, Scheme
from tsunagu.registry.models import Designation, LocalGovernment
from tsunagu.registry.services import record_event, region_for, register_lab
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db

PUBLIC_PAGES = [
    "/", "/labs/", "/labs/382051/", "/labs/382051/activities/", "/bureaus/", "/bureaus/kanto/", "/rounds/", "/rounds/dx-1/", "/about/", "/sources/",
    "/accessibility/", "/figures/", "/figures/F05/", "/figures/charts/", "/labs.csv", "/labs.xlsx",
]  # fmt: skip
QUERY_LIMIT = 10


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return len(captured)


def test_no_public_page_asks_more_with_more_labs(client: Client) -> None:
    before = {address: queries(client, address) for address in PUBLIC_PAGES}
    assert {address: count for address, count in before.items() if count > QUERY_LIMIT} == {}
    for government in LocalGovernment.objects.filter(kind="town")[:60]:
        lab = register_lab(region=region_for(government))
        designation = Designation.objects.create(lab=lab, scheme=Scheme.DX, round_id=None)
        assert designation.pk
    assert {address: queries(client, address) for address in PUBLIC_PAGES} == before


def test_labs_as_of_a_day(client: Client) -> None:
    page = text(client, "/labs/?as_of=2024-01-31&scheme=iot")
    assert "2024年1月31日（令和6年）時点" in page
    assert "<strong>29件</strong>" in page


@pytest.mark.parametrize("day", ["2024-01", "令和6年1月31日", "２０２４－０１－３１"])
def test_a_day_may_be_written_in_many_ways(client: Client, day: str) -> None:
    assert "2024年1月31日（令和6年）時点" in text(client, f"/labs/?as_of={day}")


@pytest.mark.parametrize(
    ("day", "message"),
    [("いつか", "日付として読めません"), ("2999-01-01", "まだ来ていない"), ("1999", "制度が始まる前")],
)
def test_a_day_that_cannot_be_shown_says_so(client: Client, day: str, message: str) -> None:
    assert message in text(client, f"/labs/?as_of={day}")


@pytest.mark.parametrize("word", ["さが", "サガ", "佐賀", "saga", "佐賀県ＤＸ"])
def test_a_lab_is_found_in_any_spelling(client: Client, word: str) -> None:
    assert 'href="/labs/410004/"' in text(client, f"/labs/?q={word}")


def test_no_result_tells_how_to_go_on(client: Client) -> None:
    assert "条件に合うラボがありません" in text(client, "/labs/?q=どこにもない")


def test_facets_carry_counts_and_stay_in_the_address(client: Client) -> None:
    page = text(client, "/labs/?bureau=shikoku&scheme=dx")
    assert "<strong>2件</strong>" in page
    assert re.search(r'value="shikoku"\s+checked', page)
    assert "scheme=dx" in page


def test_a_lab_shows_its_way_from_iot_to_dx(client: Client) -> None:
    page = text(client, "/labs/382051/")
    assert page.index("2021年4月16日（令和3年）") < page.index("2024年9月27日（令和6年）")
    assert "<svg" in page
    assert "https://factoryjournal.jp/43827" in page
    assert "2024年10月（令和6年）" in page, "the month of the ceremony stays a month"


def test_members_and_their_source(client: Client) -> None:
    page = text(client, "/labs/332038/")
    assert "津山信用金庫" in page
    assert "nordot.app" in page


def test_an_ended_lab_stays_with_a_banner(client: Client) -> None:
    from tsunagu.engines.dates import PartialDate

    record_event(
        by=Viewer(),
        designation=Designation.objects.get(lab__slug="390003"),
        kind=EventKind.ENDED,
        occurred_on=PartialDate(2025, 3),
        reason=Reason.GOAL_ACHIEVED,
    )
    page = text(client, "/labs/390003/")
    assert "このラボは活動を終了しました" in page
    assert "2025年3月（令和7年）" in page
    assert "目標達成" in page
    assert "このラボは活動を終了しました" not in text(client, "/labs/390003/?as_of=2025-03-30")
    assert 'href="/labs/390003/' in text(client, "/labs/?status=ended")


def test_criteria_stand_side_by_side(client: Client) -> None:
    page = text(client, "/about/")
    for title in ("方向性", "地域性", "変革", "自治体の積極性と継続性", "多様性と一体感", "その他"):
        assert title in page
    assert page.count("（この視点はなし）") == 2


def test_files_hold_what_the_page_shows(client: Client) -> None:
    answer = client.get("/labs.csv?scheme=dx&as_of=2023-04-30")
    content = b"".join(answer.streaming_content)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 32
    xlsx = b"".join(client.get("/labs.xlsx?scheme=dx&as_of=2023-04-30").streaming_content)
    assert [list(row) for row in read_table(xlsx, "labs.xlsx").rows] == rows[1:]


@pytest.mark.parametrize(
    "address", ["/labs/nowhere/", "/bureaus/mars/", "/rounds/dx-99/", "/rounds/x/", "/labs.exe"]
)
def test_what_does_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_bad_input_never_breaks_a_page(client: Client) -> None:
    for query in (
        "?page=abc",
        "?page=-1",
        "?page=9999",
        "?scheme=%00",
        "?bureau='--",
        "?q=%F0%A0%AE%B7",
        "?round=dx-1&round=x",
    ):
        assert client.get(f"/labs/{query}").status_code == 200, query


JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]+")
MARKED = re.compile(r'<(\w+)[^>]*\blang="ja"[^>]*>.*?</\1>', re.S)


@pytest.mark.parametrize("address", [address for address in PUBLIC_PAGES if "." not in address])
def test_english_pages_are_english(client: Client, address: str) -> None:
    page = MARKED.sub("", text(client, f"/en{address}"))
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    assert JAPANESE.findall(page) == []


def test_the_language_is_in_the_address(client: Client) -> None:
    assert '<html lang="en">' in text(client, "/en/labs/")
    assert '<html lang="ja">' in text(client, "/labs/")
    assert 'href="/en/labs/?scheme=dx"' in text(client, "/labs/?scheme=dx").replace("&amp;", "&")


def test_sources_are_told(client: Client) -> None:
    page = text(client, "/sources/")
    for word in ("localgovjp", "CC0", "CC BY 4.0", "MIT"):
        assert word in page


def test_a_group_names_its_municipalities(client: Client) -> None:
    page = text(client, "/labs/g-akita-yokorenkei/")
    for name in ("横手市", "大仙市", "五城目町", "東成瀬村"):
        assert name in page
    assert "資料で確認できていません" in text(client, "/labs/g-shonan/")


def test_remarks_of_the_records_read_in_the_pages_language(client: Client) -> None:
    assert "IoTラボかDX第2弾か分からない" in text(client, "/labs/013455/")
    assert "colours lost" in text(client, "/en/labs/013455/")
