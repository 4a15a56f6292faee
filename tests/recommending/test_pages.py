"""Pages of the lab, of the company by its link, of the back office and of the way to DX認定."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.recommending.conftest import FUKUOKA, NUMBERS, SAGA, company_of

from tsunagu.recommending import selectors
from tsunagu.recommending.models import Company, Consent, Edition, Look, Part, Recommendation
from tsunagu.recommending.services import companion, consenting, slips
from tsunagu.sharing.viewer import Viewer

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def url(name: str, *parts: Any) -> str:
    return reverse(f"recommending:{name}", args=parts)


def test_the_whole_way_on_pages(edition: Edition, client_of: Clients, today: date) -> None:
    office = client_of("lab_office", lab=SAGA)
    page = {
        "number": "1234567890123", "name": "架空精機株式会社", "capital": "30000000", "staff": "45", "trade": "making",
        "nintei": "none", "won_years": "", "contact_name": "架空 花子", "contact_email": "hanako@example.invalid",
    }  # fmt: skip
    assert "検査数字" in office.post(url("new_company", SAGA), page).text
    assert office.post(url("new_company", SAGA), page | {"number": NUMBERS[0]}).status_code == 302
    assert Company.objects.get().organisation.name == "架空精機株式会社"
    other = office.post(url("new_company", SAGA), page | {"number": NUMBERS[1], "name": "試し"}, follow=True)
    assert "「試し」を登録しました。" in other.text
    Company.objects.filter(organisation__name="試し").delete()
    again = page | {"number": NUMBERS[1], "name": "別の書き方"}
    assert "その名称を使いました" in office.post(url("new_company", SAGA), again, follow=True).text
    Company.objects.filter(organisation__name="試し").delete()
    assert "すでに登録" in office.post(url("new_company", SAGA), page | {"number": NUMBERS[0]}).text
    company = Company.objects.get()
    text = {
        "company": company.pk, "edition": edition.pk, "route": "self", "reasons": "納期が半分になった。", "results": "2割増えた。",
        "pledge": "", "planned_filing_on": "",
    }  # fmt: skip
    made = office.post(url("new", SAGA), text)
    one = Recommendation.objects.get()
    assert made["Location"] == url("recommendation", one.pk)
    shown = office.get(url("recommendation", one.pk)).text
    assert "DX認定のない会社は、この回では「自薦」では応募できません。" in shown
    assert "宣言が要ります" in shown
    assert "すでに推薦を始めています" in office.post(url("new", SAGA), text).text
    better = text | {
        "route": "lab", "pledge": "毎月訪ねて助けます。", "planned_filing_on": str(today + timedelta(days=30)), "version": one.version,
    }  # fmt: skip
    assert office.post(url("edit", one.pk), better).status_code == 302
    assert office.post(url("edit", one.pk), better).status_code == 409
    assert "推薦の前に" not in office.get(url("recommendation", one.pk)).text

    office.post(url("ask", one.pk))
    token = Consent.objects.get().token
    stranger = Client()
    seen = stranger.get(url("consent", token))
    for words in ("納期が半分になった。", "毎月訪ねて助けます。", "30,000,000円", "架空精機株式会社", "佐賀"):
        assert words in seen.text
    assert "no-store" in seen["Cache-Control"]
    assert seen["X-Robots-Tag"] == "noindex"
    refused = stranger.post(url("consent", token), {"action": "refuse", "name": "花子", "reason": ""})
    assert (refused.status_code, "断る場合は、理由" in refused.text) == (422, True)
    assert stranger.post(url("consent", token), {"action": "consent", "name": ""}).status_code == 422
    sent = {"action": "consent", "name": "社長 太郎", "struck": ["capital"]}
    assert stranger.post(url("consent", token), sent, follow=True).text.count("30,000,000") == 0
    again = stranger.post(url("consent", token), sent)
    assert "すでに返事をいただいています" in again.text

    paper = office.get(url("slip", one.pk))
    assert paper.content.startswith(b"%PDF")
    assert "推薦しました。" in office.post(url("send", one.pk), follow=True).text
    assert "DX認定の申請を待っている会社" in office.get(url("own")).text
    board = client_of("ipa").get(reverse("recommending_office:board"), {"edition": edition.year}).text
    assert "DX認定の申請を待っている会社" in board
    assert office.post(url("filed", one.pk), {"filed_on": str(today + timedelta(days=1))}).status_code == 422
    office.post(url("filed", one.pk), {"filed_on": str(today), "note": "R-1"})
    assert "DX認定の申請を待っている会社" not in office.get(url("own")).text


def test_a_lab_without_a_dx_designation_is_told_why(edition: Edition, client_of: Clients) -> None:
    company_of(FUKUOKA)
    office = client_of("lab_office", lab=FUKUOKA)
    assert "推薦を始められません" in office.get(url("own")).text
    assert office.get(url("new", FUKUOKA), follow=True).redirect_chain[0][0] == url("own")


def test_a_link_out_of_date_shows_nothing(recommendation: Recommendation, office: Viewer) -> None:
    token = consenting.ask(recommendation=recommendation, by=office).token
    assert "紙の工程表" in Client().get(url("consent", token)).text
    Company.objects.update(staff=46)
    page = Client().get(url("consent", token)).text
    assert "紙の工程表" not in page
    assert "使えなくなりました" in page
    posted = Client().post(url("consent", token), {"action": "consent", "name": "太郎"})
    assert posted.status_code == 422
    assert Client().get(url("consent", "x" * 43)).status_code == 404


def test_only_the_office_acts_and_staff_look(
    recommendation: Recommendation, office: Viewer, client_of: Clients
) -> None:
    pk = recommendation.pk
    for role, place, seen in (
        ("ipa", {}, 200), ("bureau", {"bureau": "kyushu"}, 200), ("bureau", {"bureau": "kanto"}, 404),
        ("lab_office", {"lab": FUKUOKA}, 404), ("lab_member", {"lab": SAGA}, 404),
    ):  # fmt: skip
        client = client_of(role, **place)
        assert client.get(url("recommendation", pk)).status_code == seen, (role, place)
        for name in ("ask", "send", "filed", "withdraw", "edit"):
            assert client.post(url(name, pk)).status_code == 404, (role, name)
        assert client.get(reverse("companion:company", args=[recommendation.company_id])).status_code == 404
    assert Recommendation.objects.get().state == "draft"


def test_the_secretariat_keeps_editions_and_results(
    recommendation: Recommendation, office: Viewer, client_of: Clients, today: date
) -> None:
    ipa = client_of("ipa")
    board = reverse("recommending_office:board")
    assert "未確認" in ipa.get(board, {"edition": 2026}).text
    made = ipa.post(reverse("recommending_office:new_edition"), {
        "year": "2099", "title": "DXセレクション2099", "lab_scheme": "dx", "routes_with": ["self"], "pledge_needed": "",
        "past_winners_excluded": "no", "source": "https://example.jp/",
    })  # fmt: skip
    assert made.status_code == 302
    edition = Edition.objects.get(year=2099)
    assert (edition.routes_with, edition.routes_without) == (["self"], None)
    assert (edition.pledge_needed, edition.past_winners_excluded) == (None, False)
    form = ipa.get(reverse("recommending_office:edit_edition", args=[edition.pk])).text
    assert 'value="no" ' in form
    result = reverse("recommending_office:result", args=[recommendation.pk])
    given = {"state": "selected", "result_on": str(today), "source": "発表"}
    assert "推薦したものだけ" in ipa.post(result, given).text
    asked = consenting.ask(recommendation=recommendation, by=office)
    consenting.consent_to(consent=asked, name="太郎", struck=[])
    slips.send(recommendation=recommendation, by=office)
    assert ipa.post(result, given).status_code == 302
    rows = b"".join(
        ipa.get(reverse("recommending_office:board_file", args=["csv"]), {"edition": 2100}).streaming_content  # type: ignore[attr-defined]
    ).decode()
    assert "選定された" in rows
    assert "架空精機株式会社" in rows
    kanto = client_of("bureau", bureau="kanto")
    other = b"".join(
        kanto.get(
            reverse("recommending_office:board_file", args=["csv"]), {"edition": 2100}
        ).streaming_content  # type: ignore[attr-defined]
    ).decode()
    assert "架空精機株式会社" not in other


class Site(BaseHTTPRequestHandler):
    """One page that is there."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/dx/" else 404)
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_way_to_nintei(
    company: Company, client_of: Clients, today: date, site: str, settings: Any
) -> None:
    office = client_of("lab_office", lab=SAGA)
    here = reverse("companion:company", args=[company.pk])
    assert office.get(here).text.count("まだ書かれていません。公表した文から") == 5
    part = {
        "text": "私たちは、", "document_name": "ニュースリリース", "means": "web", "address": "https://example.co.jp/",
        "place": "", "published_on": str(today + timedelta(days=3)), "decided_by": "社長", "decided_on": "",
    }  # fmt: skip
    first = reverse("companion:part", args=[company.pk, 1])
    assert office.post(first, part).status_code == 302
    page = office.get(here).text
    for words in (
        "総称",
        "先の日",
        "入口",
        "掲載先がありません",
        "機関の名前ではありません",
        "決めた日がありません",
    ):
        assert words in page
    assert Company.objects.get().nintei == "preparing"
    good = part | {
        "document_name": "架空精機のDX", "address": "https://example.co.jp/dx/", "place": "トップ > DX",
        "published_on": str(today), "decided_by": "取締役会", "decided_on": str(today),
    }  # fmt: skip
    assert office.post(first, good | {"version": 99}).status_code == 409
    for number in range(1, 6):
        known = Part.objects.filter(number=number).first()
        version = {"version": known.version} if known else {}
        sent = office.post(reverse("companion:part", args=[company.pk, number]), good | version)
        assert sent.status_code == 302
    assert "直すところは見つかっていません" in office.get(here).text
    marks = [[words for _look, words in one.marks] for one in selectors.overview(company).parts]
    assert marks == [["済み", "済み", "まだ", "済み"]] * 5
    assert "5つの柱のうち5つ" in office.get(reverse("companion:own")).text
    assert office.get(reverse("companion:paper", args=[company.pk])).content.startswith(b"%PDF")
    assert office.get(reverse("companion:part", args=[company.pk, 6])).status_code == 404
    assert "5つのページ" in office.post(reverse("companion:look", args=[company.pk]), follow=True).text

    Part.objects.filter(number=1).update(address=f"http://{site}/dx/")
    Part.objects.filter(number=2).update(address=f"http://{site}/gone/")
    settings.TSUNAGU_LINK_CHECK_ALLOWED = frozenset({site})
    found = [companion.look_at(part_id=one.pk) for one in Part.objects.filter(number__lte=2)]
    assert [one.outcome for one in found if one] == ["open", "missing"]
    first_two = selectors.overview(company).parts[:2]
    assert [one.marks[2][1] for one in first_two] == ["済み", "まだ"]
    settings.TSUNAGU_LINK_CHECK_ALLOWED = frozenset()
    refused = companion.look_at(part_id=Part.objects.get(number=1).pk)
    assert refused is not None
    assert refused.outcome == "refused"
    assert "公開のページではありません" in office.get(here).text
    # A look at an address that is no longer the part's says nothing of it.
    Part.objects.filter(number=1).update(address="https://example.co.jp/new/")
    assert selectors.overview(company).parts[0].look is None
    assert Look.objects.count() == 3
