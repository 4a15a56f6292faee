"""What the browser tests of selection share: people who sign in, records made by the services, sections filled in."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.conftest import Site
from tests.selection.conftest import ANSWERS

PREPARE = """
import json
from datetime import timedelta
from django.urls import reverse
from django.utils import timezone
from tsunagu.accounts.selectors import viewer_for
from tsunagu.accounts.services import link_for_address, welcome_person
from tsunagu.questionnaires.models import Form
from tsunagu.registry.models import Lab, Round
from tsunagu.selection.models import Application, Batch, Call, Cutoff
from tsunagu.selection.services import applying, deciding
given = json.loads({given!r})
now = timezone.now()
def viewer(email, name="申請 花子"):
    return viewer_for(welcome_person(email=email, name=name), on=timezone.localdate())
"""
A_CALL = """
call = Call.objects.create(
    key=given["key"], title="地域DX推進ラボの公募 " + given["key"], summary="試しの公募です。", number_prefix=given["key"].upper(),
    form=Form.objects.get(key="implementation_plan"), opens_at=now - timedelta(days=1), published_at=now - timedelta(days=1),
    eligibility=["自治体が参加している", "日本国内で活動する"],
)
its_round, _made = Round.objects.get_or_create(scheme="dx", number=4)
Cutoff.objects.create(call=call, round=its_round, closes_at=now + timedelta(days=10))
"""
A_DRAFT = """
from tsunagu.questionnaires.services.writing import write_answers
call = Call.objects.get(key=given["key"])
who = viewer(given["email"])
made = applying.start_application(call=call, by=who)
write_answers(sheet=made.sheet, by=who, values=given["answers"])
"""
SENT = """
applying.submit_application(application=made, by=who, received_at=timezone.now())
"""


def told(site: Site, *parts: str, **given: Any) -> Any:
    """What Python run on the site's database prints as JSON."""
    return site.python(PREPARE.format(given=json.dumps(given)) + "\n".join(parts))


def new_call(site: Site) -> str:
    """The key of a published call with a cut-off in ten days."""
    key = f"b{uuid4().hex[:8]}"
    told(site, A_CALL, "print(1)", key=key)
    return key


def new_draft(site: Site, call: str, email: str, *, send: bool = False) -> dict[str, str]:
    """The keys of an application with every answer in it, sent if asked."""
    show = 'print(json.dumps({"application": str(made.key), "sheet": str(made.sheet.key)}))'
    parts = [A_DRAFT, SENT if send else "", show]
    found: dict[str, str] = told(site, *parts, key=call, email=email, answers=ANSWERS)
    return found


def link_of(site: Site, email: str) -> str:
    """A sign-in link as the mail holds it."""
    show = 'print(json.dumps(reverse("accounts:use_link", args=[link_for_address(email=given["email"])[1]])))'
    return str(told(site, show, email=email))


def enter(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="サインインする").click()
    page.get_by_role("button", name="サインアウト").wait_for()


Entering = Callable[..., Page]


def entering(site: Site, browser: Browser, contexts: list[BrowserContext]) -> Entering:
    """Opens a page of whoever has an address, signed in by link."""

    def make(email: str = "", **options: Any) -> Page:
        context = browser.new_context(locale="ja-JP", base_url=site.address, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if email:
            enter(page, link_of(site, email))
        return page

    return make


def fill_section(page: Page) -> None:
    """Put the answers into the inputs of a section, adding the rows they need."""
    # A click waits for the next page to begin, not for its last field: a list of fields read too early is short.
    page.wait_for_load_state("load")
    for key in [
        str(one.get_attribute("data-field")) for one in page.locator("form.answering [data-field]").all()
    ]:
        value = ANSWERS.get(key)
        if isinstance(value, list):
            for number, row in enumerate(value):
                if page.locator(f'[id^="f-{key}-{number}-"]').count() == 0:
                    page.locator(f'button[value="row.{key}"]').click()
                _fill_row(page, key, number, row)
        elif value is not None:
            text = value["code"] if isinstance(value, dict) else value
            if page.locator(f'input[type=radio][name="f.{key}"]').count():
                page.locator(f'input[name="f.{key}"][value="{text}"]').check()
            else:
                page.locator(f'[name="f.{key}"]').fill(text)


def _fill_row(page: Page, key: str, number: int, row: dict[str, Any]) -> None:
    for column, value in row.items():
        box = page.locator(f'[name="f.{key}.{number}.{column}"]')
        text = value["name"] if isinstance(value, dict) else value
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(text)
        else:
            box.fill(text)
