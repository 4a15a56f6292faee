"""A reviewer scores with the keyboard alone; an applicant writes and sends with the keyboard alone; axe on the desk."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.applying import Entering, entering, new_call, new_draft, told
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
A_PANEL = """
from tsunagu.accounts.services import invite_person
from tsunagu.reviewing.models import How
from tsunagu.reviewing.services.assigning import assign
from tsunagu.reviewing.services.panels import answer_invitation, invite, profile_of
from tsunagu.selection import reviews
cutoff = Cutoff.objects.get(call__key=given["call"])
for one in Application.objects.filter(cutoff=cutoff):
    applying.accept_application(application=one, by=viewer("x@example.invalid"))
panel = reviews.open_review(cutoff=cutoff, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=3))
reviews.send_to_review(cutoff=cutoff)
member = invite(panel=panel, profile=profile_of(person=invite_person(email=given["email"], name="審査 太郎", role="reviewer", is_demo=True)))
answer_invitation(member=member, accepts=True)
made = [assign(case=one, member=member, how=How.HAND).pk for one in panel.cases.order_by("number")]
print(json.dumps({"panel": panel.pk, "cases": made}))
"""
SCORES = """
from tsunagu.reviewing.models import Review
found = Review.objects.filter(assignment__member__panel_id=given["panel"]).order_by("assignment__case__number")
print(json.dumps([[one.state, one.total, one.comment] for one in found]))
"""


@pytest.fixture
def opened(site: Site, browser: Browser) -> Iterator[Entering]:
    contexts: list[BrowserContext] = []
    yield entering(site, browser, contexts)
    for one in contexts:
        one.close()


def tab_to(page: Page, what: str, most: int = 120) -> None:
    """Press Tab until the focus is on the element of a selector."""
    for _press in range(most):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {what}")


def settled(site: Site, panel: int) -> Any:
    return told(site, SCORES, panel=panel)


def test_a_reviewer_scores_with_the_keyboard_alone(site: Site, opened: Entering) -> None:
    call, email = new_call(site), f"{uuid4().hex[:8]}@example.invalid"
    for number in range(2):
        new_draft(site, call, f"{number}-{email}", send=True)
    found = told(site, A_PANEL, call=call, email=email)
    page = opened(email)
    page.goto("/review/")
    tab_to(page, f'a[href="/review/{found["cases"][0]}/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/*/")
    assert page.get_by_text("地域の会社が自分で変わる。").count() == 0
    assert Axe().run(page).violations_count == 0
    tab_to(page, "input[name=has_conflict]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("地域の会社が自分で変わる。").first).to_be_visible()
    for value in "43544":
        page.keyboard.press(value)
    page.keyboard.press("c")
    page.keyboard.type("指標が具体的です。")
    expect(page.locator("[data-chip]")).to_contain_text("保存済み")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/review/{found['cases'][1]}/")
    tab_to(page, "input[name=has_conflict]")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("地域の会社が自分で変わる。").first).to_be_visible()
    page.keyboard.press("k")
    page.wait_for_url(f"**/review/{found['cases'][0]}/")
    first, second = settled(site, found["panel"])
    assert (first[0], first[1], first[2]) == ("submitted", 4.0, "指標が具体的です。")
    assert second[0] == "draft"
    for address in ("/review/", f"/review/{found['cases'][0]}/", f"/review/panels/{found['panel']}/day/"):
        page.goto(address)
        result = Axe().run(page)
        assert result.violations_count == 0, f"{address}: {json.dumps(result.response['violations'])[:2000]}"


def test_an_applicant_writes_and_sends_with_the_keyboard_alone(site: Site, opened: Entering) -> None:
    call, email = new_call(site), f"{uuid4().hex[:8]}@example.invalid"
    draft = new_draft(site, call, email)
    page = opened(email)
    page.goto(f"/answers/{draft['sheet']}/")
    tab_to(page, 'a[href$="/s/vision/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/s/vision/")
    tab_to(page, "textarea")
    page.keyboard.press("Control+a")
    page.keyboard.type("鍵盤だけで書いた姿")
    tab_to(page, 'button[value="tasks"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/answers/{draft['sheet']}/")
    tab_to(page, 'a[href$="/check/"]')
    page.keyboard.press("Enter")
    expect(page.get_by_text("鍵盤だけで書いた姿")).to_be_visible()
    tab_to(page, 'form[action$="/send/"] button')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="申請を受け付けました")).to_be_visible()
