"""A case in the browser: a lab writes it, it saves itself, the editor returns and publishes it, another lab tries it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.accessible import violations
from tests.engines.rendering.test_certificate import code_of, text_of

pytestmark = pytest.mark.browser


def test_a_case_goes_its_way(page_of: Callable[..., Page]) -> None:
    office = page_of("ラボの事務局", viewport={"width": 360, "height": 740})
    office.goto("/case-desk/own/")
    with office.expect_navigation():
        office.get_by_role("button", name="事例を書き始める").first.click()
    desk = office.url.removesuffix("edit/")
    office.get_by_label("題名").fill("ブラウザの事例")
    expect(office.locator("#saved")).to_contain_text("保存しました", timeout=10_000)
    # Saved again with the version that came back, not refused as somebody else's change.
    version = office.locator("#id_version").input_value()
    office.get_by_label("ひとことで").fill("ひとことの文")
    expect(office.locator("#id_version")).not_to_have_value(version, timeout=10_000)
    office.reload()
    expect(office.get_by_label("題名")).to_have_value("ブラウザの事例")
    office.get_by_label("困っていたこと").fill("困りごと")
    office.get_by_label("したこと・工夫").fill("したこと")
    office.get_by_label("うまくいかなかったこと").fill("電波が届かなかった")
    office.get_by_label("成果の数").fill("見回り ごちゃごちゃ")
    with office.expect_navigation():
        office.get_by_role("button", name="保存する").click()
    expect(office.get_by_role("alert")).to_contain_text("読み取れない行")
    office.get_by_label("成果の数").fill("見回り 10 → 4 時間")
    office.get_by_label("分野").select_option(index=1)
    office.get_by_label("失敗・費用の内訳・注意").fill("ラボだけの話")
    assert violations(office) == []
    with office.expect_navigation():
        office.get_by_role("button", name="保存する").click()
    with office.expect_navigation():
        office.get_by_role("button", name="編集者に渡す").click()
    editor = page_of("IPA")
    editor.goto(desk)
    assert violations(editor) == []
    with editor.expect_navigation():
        editor.get_by_role("button", name="公開する").click()
    public = page_of("公開")
    answer = public.goto(desk.replace("/case-desk/", "/cases/"))
    assert answer is not None
    assert "電波が届かなかった" in public.content()
    assert "ラボだけの話" not in public.content()
    expect(public.get_by_role("row", name="見回り")).to_contain_text("自己申告")


@pytest.mark.parametrize("gone", ["broken", "signed out", "no network"])
def test_what_did_not_arrive_is_not_said_to_be_saved(page_of: Callable[..., Page], gone: str) -> None:
    office = page_of("ラボの事務局")
    office.goto("/case-desk/own/")
    with office.expect_navigation():
        office.get_by_role("button", name="事例を書き始める").first.click()
    answers = {
        "broken": lambda route: route.fulfill(status=500, body="<h1>エラー</h1>"),
        "signed out": lambda route: route.fulfill(status=403, body="<h1>サインイン</h1>"),
        "no network": lambda route: route.abort(),
    }
    office.route("**/autosave/", answers[gone])
    office.get_by_label("題名").fill("届かない")
    expect(office.locator("#saved")).to_contain_text("まだ保存できていません", timeout=10_000)
    assert office.locator("#saved h1").count() == 0
    office.unroute("**/autosave/")
    office.get_by_label("ひとことで").fill("届いた")
    expect(office.locator("#saved")).to_contain_text("保存しました", timeout=10_000)
    office.reload()
    expect(office.get_by_label("題名")).to_have_value("届かない")


def test_a_printed_case_leads_back_to_its_page(page_of: Callable[..., Page]) -> None:
    public = page_of("公開")
    public.goto("/cases/S-0020/")
    assert public.locator(".share__code #barcode").bounding_box()["width"] > 80  # type: ignore[index]
    assert public.locator("[itemprop=url]").inner_text() in {
        code_of(sheet, page) for sheet in [public.pdf(format="A4")] for page in range(len(text_of(sheet)))
    }


def test_saving_while_it_saves_itself_is_no_conflict(page_of: Callable[..., Page]) -> None:
    office = page_of("ラボの事務局")
    office.goto("/case-desk/own/")
    with office.expect_navigation():
        office.get_by_role("button", name="事例を書き始める").first.click()
    held: list[Route] = []
    office.route("**/autosave/", lambda route: held.append(route))
    office.get_by_label("題名").fill("自動保存の途中で保存する")
    with office.expect_request("**/autosave/", timeout=10_000):
        pass
    while not held:
        office.wait_for_timeout(20)
    stored = held[0].fetch()  # the server has counted the version up; the page has not heard of it yet
    office.get_by_label("ひとことで").fill("あとから書いた文")
    office.get_by_role("button", name="保存する").click(no_wait_after=True)
    with office.expect_navigation():
        held[0].fulfill(response=stored)
    expect(office.get_by_role("heading", level=1)).to_contain_text("自動保存の途中で保存する")
    office.goto(f"{office.url}edit/")
    expect(office.get_by_label("ひとことで")).to_have_value("あとから書いた文")
