"""Accessibility by axe on every page and state, at desktop and phone width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.browser.accessible import faults_of, violations

pytestmark = pytest.mark.browser

PUBLIC = [
    "/", "/labs/", "/labs/?q=どこにもない", "/labs/?as_of=いつか", "/labs/382051/",
    "/labs/390003/?as_of=2016-02-01", "/bureaus/", "/bureaus/kanto/", "/rounds/",
    "/rounds/dx-1/", "/about/", "/sources/", "/accessibility/", "/figures/",
    "/figures/F01/", "/figures/F33/", "/figures/charts/", "/sign-in/",
    "/sign-in/link/", "/sign-in/link/sent/", "/sign-in/cancelled/", "/sign-in/inactive/",
    "/search/?q=長岡", "/search/?q=どこにもないことば", "/cases/", "/cases/S-0001/", "/policies/", "/en/cases/",
    "/data/", "/data/labs/", "/data/cases/", "/data/api/", "/en/data/", "/experts/",
    "/en/experts/", "/co-lead/", "/co-lead/fy2022/", "/en/co-lead/", "/no-such-page/", "/en/", "/en/labs/382051/", "/en/figures/charts/", "/en/about/",
]  # fmt: skip
OFFICE = [
    "/office/", "/office/labs/", "/office/labs/new/", "/office/labs/382051/",
    "/office/labs/382051/edit/", "/office/labs/382051/designations/new/", "/office/labs/382051/members/new/",
    "/office/designations/1/events/new/", "/office/events/1/void/", "/office/members/1/", "/office/organisations/",
    "/office/organisations/new/", "/office/organisations/1/",
    "/office/organisations/1/edit/", "/office/organisations/1/merge/2/", "/office/imports/", "/office/imports/1/",
    "/office/rounds/", "/office/rounds/new/", "/office/regions/group/", "/office/findings/",
    "/office/findings/1/", "/office/findings/lists/", "/account/", "/account/name/",
    "/account/password/", "/account/email/", "/account/second-step/", "/account/sessions/", "/account/app/",
    "/account/passkeys/", "/account/passkeys/new/", "/account/outside/",
    "/office/mail/", "/office/mail/send/", "/office/mail/dead/",
    "/office/history/", "/office/people/", "/office/people/own/", "/office/people/invite/", "/office/labs/410004/changes/",
    "/office/labs/410004/contacts/", "/office/labs/410004/contacts/new/", "/trust/",
    "/office/search/", "/office/search/synonyms/add/", "/search/saved/", "/case-desk/own/", "/case-desk/S-0001/",
    "/case-desk/S-0001/edit/", "/case-desk/S-0001/photos/", "/case-desk/S-0001/changes/", "/api-keys/", "/office/dispatch/month/",
    "/office/co-lead/", "/office/co-lead/new/", "/co-lead-desk/",
    "/office/dispatch/month/?month=2027-02-01", "/office/dispatch/spread/", "/office/dispatch/rules/",
]  # fmt: skip
LAB = [
    "/api-keys/",
    "/case-desk/own/",
    "/case-desk/import/",
    "/dispatch/",
    "/dispatch/labs/410004/new/",
    "/expert-desk/",
]


@pytest.mark.parametrize(
    ("role", "addresses"),
    [("公開", PUBLIC), ("IPA", OFFICE), ("ラボの事務局", LAB)],
    ids=["public", "office", "lab"],
)
def test_axe_finds_nothing(role: str, addresses: list[str], page_of: Callable[..., Page]) -> None:
    assert faults_of(page_of(role), addresses, allowed=(200, 404)) == {}


def test_axe_on_forms_with_errors(page_of: Callable[..., Page]) -> None:
    page = page_of("IPA")
    problems = {}
    for address, button in (
        ("/office/labs/new/", "保存する"),
        ("/office/designations/1/events/new/", "記録する"),
        ("/office/imports/", "確かめる"),
        ("/office/findings/lists/", "突き合わせる"),
        ("/office/organisations/1/merge/2/", "統合する"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_role("heading", name="入力を確認してください").wait_for()
        found = violations(page)
        if found:
            problems[address] = found
    assert problems == {}


def test_forced_colours_and_print(page_of: Callable[..., Page]) -> None:
    page = page_of(forced_colors="active")
    page.goto("/")
    assert violations(page) == []
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="主なページ").is_visible()
    assert page.get_by_role("table").first.is_visible()
