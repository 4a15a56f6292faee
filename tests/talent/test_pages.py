"""Pages of Co-LEAD: English for everybody's, and as many queries for many rows as for few."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.portal.test_pages import JAPANESE, MARKED
from tests.talent.people import both_wish, make_brief, make_company, make_edition, make_entry

from tsunagu.talent.services import forming
from tsunagu.talent.services.editions import go_on

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    client.get("/about/")  # a session that was not heard of for a minute is written anew
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_english_pages_are_english() -> None:
    edition = make_edition(title_en="Co-LEAD 2026")
    make_brief(make_company(edition), edition)
    for address in (
        "/en/co-lead/",
        "/en/co-lead/fy2022/",
        f"/en/co-lead/{edition.key}/",
        f"/en/co-lead/{edition.key}/join/",
    ):
        page = MARKED.sub("", Client().get(address).content.decode())
        page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
        assert JAPANESE.findall(page) == [], address


def test_queries_do_not_grow_with_rows(client_of: Callable[..., Any]) -> None:
    edition = make_edition()
    staff, public = client_of("ipa"), Client()

    def one_more(number: int) -> None:
        brief = make_brief(make_company(edition, f"{number}社"), edition, title=f"{number}の相談")
        for name, skills in ((f"甲{number}", "data"), (f"乙{number}", "ai")):
            both_wish(brief, make_entry(edition, name, skills))

    def counted() -> dict[str, int]:
        brief = edition.briefs.order_by("pk")[0]
        company = Client()
        company.force_login(brief.company.contact)
        return {
            "edition": queries(public, f"/co-lead/{edition.key}/"),
            "board": queries(staff, f"/co-lead-desk/editions/{edition.key}/board/"),
            "talents": queries(company, f"/co-lead-desk/briefs/{brief.number}/talents/"),
        }

    one_more(1)
    before = counted()
    for number in (2, 3, 4):
        one_more(number)
    assert counted() == before
    assert before["edition"] <= 10


def test_a_page_says_what_is_missing_before_the_next_step(client_of: Callable[..., Any]) -> None:
    edition = make_edition(seed="")
    staff = client_of("ipa")
    page = staff.get(f"/co-lead-desk/editions/{edition.key}/board/").content.decode()
    assert "くじの種を決めて公開してください" in page
    staff.post(f"/co-lead-desk/editions/{edition.key}/board/act/", {"act": "step", "to": "pairing"})
    edition.refresh_from_db()
    assert edition.step == "open"
    edition.seed = "種"
    edition.save()
    edition = go_on(edition=edition, to="pairing")
    answer = staff.post(f"/co-lead-desk/editions/{edition.key}/board/act/", {"act": "run"}, follow=True)
    assert "組める会社がありませんでした" in answer.content.decode()
    assert forming.FORMING


@pytest.mark.parametrize(
    "change",
    [
        {"key": "日本語"}, {"closes_on": "2026-01-01", "opens_on": "2026-02-01"}, {"smallest": "5", "largest": "2"},
        {"coordinator_emails": "nobody@example.jp"}, {"fiscal_year": "1999"},
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_in_words(client_of: Callable[..., Any], change: dict[str, str]) -> None:
    form = {
        "key": "fy2027", "fiscal_year": "2027", "title": "2027年度", "outcome_type": "model", "way": "teams", "smallest": "2",
        "largest": "4", "stall_days": "14", "keep_months": "12", "purpose": "連絡のため",
    }  # fmt: skip
    staff = client_of("ipa")
    answer = staff.post("/office/co-lead/new/", {**form, **change})
    assert answer.status_code == 422
    assert "入力を確認してください" in answer.content.decode()
    assert staff.post("/office/co-lead/new/", form).status_code == 302
