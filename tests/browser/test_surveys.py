"""A survey from opening to results in a real browser: two labs answer, the third alone is reminded, small numbers stay hidden."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.accessible import faults_of
from tests.browser.applying import Entering, entering, told
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

OFFICES = """
from collections import defaultdict
from tsunagu.accounts.services import invite_person
from tsunagu.registry.selectors import register
from tsunagu.sharing.viewer import PUBLIC
by_bureau = defaultdict(list)
for one in register(PUBLIC, as_of=timezone.localdate()).certain:
    if one.current.scheme == "dx":
        by_bureau[one.bureau_name].append(one.slug)
bureau, slugs = sorted(by_bureau.items(), key=lambda pair: len(pair[1]))[-1]
for email, slug in zip(given["emails"], slugs):
    invite_person(email=email, name="事務局 " + slug, role="lab_office", lab=Lab.objects.get(slug=slug))
print(json.dumps(bureau))
"""
REMINDED = """
from tsunagu.outbox.models import Reminder
print(json.dumps(sorted(Reminder.objects.filter(to_email__in=given["emails"]).values_list("to_email", flat=True))))
"""


@pytest.fixture
def opened(site: Site, browser: Browser) -> Iterator[Entering]:
    contexts: list[BrowserContext] = []
    yield entering(site, browser, contexts)
    for one in contexts:
        one.close()


def moment(days: float) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d %H:%M:%S}"


def prepare(page: Page, label: str, bureau: str, *, anonymous: bool = False) -> str:
    """The secretariat prepares a wave for the DX labs of a bureau and opens it; its address."""
    page.goto("/office/surveys/")
    page.get_by_role("link", name="アンケートを準備する").click()
    page.get_by_label("新しいアンケートの題名").fill(f"試しの調査 {label}")
    page.get_by_label("回の名前").fill(label)
    page.get_by_label("様式", exact=False).first.select_option(label="ラボの活動と今後の方向性の調査 第1版")
    page.get_by_label("受付の開始").fill(moment(-0.01))
    page.get_by_label("締切").fill(moment(5))
    if anonymous:
        page.get_by_role("checkbox", name="無記名").check()
    page.get_by_role("checkbox", name="地域DX推進ラボ").check()
    page.get_by_role("checkbox", name=bureau).check()
    page.get_by_role("button", name="保存して、聞くラボを確かめる").click()
    expect(page.get_by_role("heading", name="聞くラボ:")).to_be_visible()
    page.get_by_role("button", name="ラボに開く").click()
    expect(page.get_by_text("お願いのメールの下書きができています")).to_be_visible()
    return page.url


def answer(page: Page, label: str, *, stay: bool = False) -> None:
    """An office answers by hand, with what is known already left as it is."""
    page.goto("/survey/")
    page.get_by_role("link", name=label).click()
    page.get_by_role("button", name="回答を始める").click()
    page.locator(".task-list a").first.click()
    page.get_by_role("heading", name="活動と今後の方向性").wait_for()
    if page.locator('[name="f.status"]').count():
        page.get_by_role("radio", name="活動している").check()
        page.get_by_role(
            "radio", name="移行せずに活動を続ける" if stay else "地域DX推進ラボへ移行する"
        ).check()
        page.get_by_role("button", name="一時保存").click()
        page.get_by_text("保存しました。").wait_for()
    if page.locator('[name="f.reasons"]').count():
        page.get_by_role("checkbox", name="担当部署が異なる").check()
    page.get_by_role("button", name="保存して次の章へ").click()
    page.get_by_role("heading", name="困っていることと望むこと").wait_for()
    if page.locator('[name="f.issues"]').count():
        page.get_by_role("checkbox", name="人材不足").check()
    page.get_by_label("ラボの事務局に関わっている人数").fill("2")
    page.get_by_role("button", name="保存して一覧へ", exact=True).click()
    page.get_by_role("link", name="内容を確認して提出へ").click()
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_text("回答を受け取りました")).to_be_visible()


def test_a_named_and_an_anonymous_wave(site: Site, opened: Entering, page_of: Callable[..., Page]) -> None:
    mark = uuid4().hex[:8]
    emails = [f"{name}-{mark}@example.invalid" for name in ("first", "second", "third")]
    bureau = told(site, OFFICES, emails=emails)
    staff = page_of("IPA")
    board = prepare(staff, f"記名{mark}", bureau)
    first, second, third = (opened(email, java_script_enabled=False) for email in emails)
    answer(first, f"記名{mark}")
    answer(second, f"記名{mark}", stay=True)

    staff.goto(board)
    staff.get_by_role("button", name="ラボだけに催促する").click()
    expect(staff.get_by_text("まだ答えていない1ラボへの催促")).to_be_visible()
    assert told(site, REMINDED, emails=emails) == [emails[2]]
    answer(third, f"記名{mark}")

    staff.goto(board)
    staff.get_by_role("button", name="いま締め切る").click()
    staff.get_by_role("link", name="結果を見る").click()
    section = staff.locator("section").filter(has=staff.get_by_role("heading", name="いまの活動の状況"))
    expect(section.get_by_role("row", name="活動している 3 100%")).to_be_visible()
    section = staff.locator("section").filter(has=staff.get_by_role("heading", name="今後の方向性"))
    expect(section.get_by_role("row", name="移行せずに活動を続ける 少数のため非表示")).to_be_visible()
    expect(section.get_by_role("row", name="移行を考えている 少数のため非表示")).to_be_visible()
    third.goto("/survey/")
    third.get_by_role("link", name=f"記名{mark}").click()
    third.get_by_role("link", name="全国の結果を見る").click()
    expect(third.get_by_text("あなたのラボの回答:").first).to_be_visible()

    # What was said in the named wave is neither shown nor used in the anonymous one.
    hidden = prepare(staff, f"無記名{mark}", bureau, anonymous=True)
    for page in (first, second, third):
        page.goto("/survey/")
        answer(page, f"無記名{mark}")
    staff.goto(f"{hidden}results/")
    expect(staff.get_by_text("無記名なので、締め切るまで結果は示しません")).to_be_visible()
    staff.goto(hidden)
    staff.get_by_role("button", name="いま締め切る").click()
    staff.get_by_role("button", name="結果を公開する").click()
    staff.get_by_role("link", name="公開ページ").click()
    section = staff.locator("section").filter(has=staff.get_by_role("heading", name="課題・困りごと"))
    expect(section.get_by_role("row", name="人材不足 3 100%")).to_be_visible()


def test_axe_finds_nothing_on_the_pages_of_surveys(
    site: Site, opened: Entering, page_of: Callable[..., Page]
) -> None:
    mark = uuid4().hex[:8]
    emails = [f"{name}-{mark}@example.invalid" for name in ("first", "second", "third")]
    bureau = told(site, OFFICES, emails=emails)
    staff, office, anybody = page_of("IPA"), opened(emails[0]), page_of()
    board = prepare(staff, f"調べる{mark}", bureau)
    offices = [opened(email, java_script_enabled=False) for email in emails]
    for page in offices:
        answer(page, f"調べる{mark}")
    own = offices[0].url.removeprefix(site.address)
    staff.goto(board)
    staff.get_by_role("button", name="いま締め切る").click()
    staff.get_by_role("button", name="結果を公開する").click()
    staff.get_by_role("link", name="公開ページ").click()
    public = staff.url
    addresses = ["/office/surveys/", "/office/surveys/new/", board, f"{board}results/"]
    assert faults_of(staff, addresses) == {}
    assert faults_of(office, ["/survey/", own, f"{own}results/"]) == {}
    assert faults_of(anybody, ["/surveys/", "/en/surveys/", public]) == {}
