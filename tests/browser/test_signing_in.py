"""An invited person's first day: link, password, second step, and every way in afterwards."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
PASSWORD = "はやい雲と古い自転車の話"


@pytest.fixture
def context_of(site: Site, browser: Browser) -> Iterator[list[BrowserContext]]:
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(site: Site, browser: Browser, context_of: list[BrowserContext]) -> Callable[[], Page]:
    """Pages of separate browsers, under the name localhost: passkeys belong to a name, not to a number."""

    def make() -> Page:
        address = site.address.replace("127.0.0.1", "localhost")
        context = browser.new_context(locale="ja-JP", base_url=address)
        context.set_default_timeout(10_000)
        context_of.append(context)
        return context.new_page()

    return make


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def invite(site: Site, email: str) -> str:
    return site.command("invite_person", email, "湯川 早苗", "ipa").strip()


def open_invitation(page: Page, site: Site, email: str) -> None:
    page.goto(invite(site, email))
    page.get_by_role("button", name="サインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("パスワードを決める")


def no_violations(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []


def test_the_first_day_of_an_invited_person(site: Site, new_page: Callable[[], Page]) -> None:
    page = new_page()
    open_invitation(page, site, "first-day@example.jp")
    page.get_by_label("新しいパスワード", exact=False).first.fill("tsunagu2026")
    page.get_by_label("新しいパスワード（もう一度）").fill("tsunagu2026")
    page.get_by_role("button", name="このパスワードにする").click()
    expect(page.get_by_role("alert")).to_contain_text("短すぎます")
    no_violations(page)
    page.get_by_label("新しいパスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("新しいパスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="このパスワードにする").click()

    # Nothing of the back office before the second step.
    expect(page.get_by_role("heading", level=1)).to_have_text("2段階の確認")
    page.goto("/office/")
    expect(page.get_by_role("heading", level=1)).to_have_text("2段階の確認")
    no_violations(page)
    page.get_by_role("link", name="認証アプリを加える").click()
    no_violations(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("番号").fill(code(secret, -1))
    page.get_by_role("button", name="加える").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回復コード")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    no_violations(page)
    page.get_by_role("link", name="書き留めたので、次へ進む").click()
    expect(page).to_have_url(re.compile("/office/$"))

    # Out, and in by password and code.
    page.get_by_role("button", name="サインアウト").click()
    sign_in(page, "first-day@example.jp", code(secret))
    expect(page).to_have_url(re.compile("/office/$"))

    # Elsewhere with a recovery code, which counts once.
    other = new_page()
    sign_in(other, "first-day@example.jp", codes[0])
    expect(other).to_have_url(re.compile("/office/$"))
    third = new_page()
    sign_in(third, "first-day@example.jp", codes[0])
    expect(third.get_by_role("alert")).to_contain_text("確認できませんでした")
    no_violations(third)

    # The first ends the second.
    page.get_by_role("link", name="自分の設定").click()
    no_violations(page)
    page.get_by_role("link", name="端末を見る・終わらせる").click()
    no_violations(page)
    page.get_by_role("button", name="終わらせる").first.click()
    expect(page.get_by_text("その端末のサインインを終わらせました。")).to_be_visible()
    other.goto("/office/")
    expect(other.get_by_role("heading", level=1)).to_have_text("サインイン")


def sign_in(page: Page, email: str, typed: str) -> None:
    page.goto("/sign-in/")
    form = page.locator("form", has=page.get_by_role("heading", name="パスワードでサインイン"))
    form.get_by_label("メールアドレス").fill(email)
    form.get_by_label("パスワード").fill(PASSWORD)
    form.get_by_role("button", name="サインイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2段階の確認")
    page.get_by_label("番号").fill(typed)
    page.get_by_role("button", name="確認する").click()


def test_a_passkey_alone_signs_in(site: Site, new_page: Callable[[], Page]) -> None:
    page = new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    link = invite(site, "passkey@example.jp")
    page.goto(link)
    page.get_by_role("button", name="サインインする").click()
    page.get_by_role("link", name="今はしない").click()
    page.get_by_role("link", name="パスキーを加える").click()
    no_violations(page)
    page.get_by_label("このパスキーだけでサインインできるようにする").check()
    page.get_by_role("button", name="加える", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回復コード")
    page.goto("/account/passkeys/")
    expect(page.get_by_role("cell", name="これだけでサインインできる")).to_be_visible()
    no_violations(page)
    page.get_by_role("button", name="サインアウト").click()

    page.goto("/sign-in/")
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page).to_have_url(re.compile("/office/$"))
    assert problems == [], "nothing the content security policy refuses"


def test_a_passkey_that_is_not_there_is_said_in_words(new_page: Callable[[], Page]) -> None:
    page = new_page()
    page.goto("/sign-in/")
    no_violations(page)
    # As when the person cancels what the browser shows.
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.locator("[data-passkey-trouble]")).to_be_visible()
