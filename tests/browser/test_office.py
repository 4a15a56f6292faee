"""What the secretariat, a bureau and a lab office do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
DATA = Path(__file__).resolve().parents[2] / "data"


def test_the_secretariat_ends_a_lab_and_the_public_sees_it(page_of: Callable[..., Page]) -> None:
    page = page_of("IPA")
    page.goto("/office/labs/")
    page.get_by_label("地域かラボの名前").fill("さるふつ")
    page.get_by_role("button", name="探す").click()
    page.goto("/office/labs/015113/")
    page.get_by_role("link", name="できごとを記録").first.click()
    page.get_by_label("できごと").select_option("終了")
    page.get_by_label("日付").fill("令和7年3月31日")
    page.get_by_label("理由", exact=False).first.select_option("目標達成")
    page.get_by_role("button", name="記録する").click()
    expect(page.get_by_text("保存しました。")).to_be_visible()
    visitor = page_of()
    visitor.goto("/labs/015113/")
    expect(visitor.get_by_text("このラボは活動を終了しました")).to_be_visible()


def test_the_secretariat_examines_the_decks_list_and_settles_a_finding(page_of: Callable[..., Page]) -> None:
    page = page_of("IPA")
    page.goto("/office/")
    page.get_by_role("link", name="公表された一覧と突き合わせる").click()
    page.get_by_label("資料名").fill("検討会資料 10ページ")
    page.get_by_label("一覧の時点").fill("令和7年2月26日")
    page.get_by_label("ファイル").set_input_files(DATA / "deck_2025_02_26_p10_regions.csv")
    page.get_by_role("button", name="突き合わせる").click()
    expect(page.get_by_text("大田区 が 91、99行目にあります")).to_be_visible()
    page.get_by_role("link", name="記録にある地域が一覧にありません").nth(1).click()
    page.get_by_label("解決のしかた").select_option("資料の誤りと確認した")
    page.get_by_label("理由").fill("公表の31地域にある")
    page.get_by_role("button", name="解決として記録する").click()
    expect(page.get_by_text("解決として記録しました。")).to_be_visible()


def test_the_secretariat_imports_a_list(page_of: Callable[..., Page], tmp_path: Path) -> None:
    path = tmp_path / "一覧.csv"
    path.write_bytes("地域名,都道府県,団体コード,制度,弾\n横手市,秋田県,52035,dx,2\n".encode("cp932"))
    page = page_of("IPA")
    page.goto("/office/imports/")
    page.get_by_label("ファイル").set_input_files(path)
    page.get_by_role("button", name="確かめる").click()
    expect(page.get_by_text("もしかして: 052035（横手市）")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="誤りの一覧をCSVで保存").click()
    assert "横手市" in download.value.path().read_text(encoding="utf-8-sig")
    path.write_bytes("地域名,都道府県,団体コード,制度,弾\n横手市,秋田県,052035,dx,2\n".encode("cp932"))
    page.goto("/office/imports/")
    page.get_by_label("ファイル").set_input_files(path)
    page.get_by_role("button", name="確かめる").click()
    page.get_by_role("button", name="取り込む").click()
    expect(page.get_by_text("取り込みました。", exact=True)).to_be_visible()
    page.goto("/labs/052035/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("横手市")


def test_a_form_with_mistakes_keeps_what_was_typed(page_of: Callable[..., Page]) -> None:
    page = page_of("IPA")
    page.goto("/office/labs/382051/designations/new/")
    page.get_by_label("選定日").fill("平成40年4月")
    page.get_by_label("出典").fill("打ち込んだ出典")
    page.get_by_role("button", name="保存する").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("その元号の期間にない日付です")
    expect(page.get_by_label("出典")).to_have_value("打ち込んだ出典")


def test_a_bureau_sees_its_own_labs_and_no_imports(page_of: Callable[..., Page]) -> None:
    page = page_of("経済産業局")
    page.goto("/office/labs/")
    expect(page.get_by_text("全22件")).to_be_visible()
    expect(page.get_by_role("link", name="取込")).to_have_count(0)
    answer = page.goto("/office/imports/")
    assert answer is not None
    assert answer.status == 404


def test_the_lab_office_sees_its_lab(page_of: Callable[..., Page]) -> None:
    page = page_of("ラボの事務局")
    page.goto("/sign-in/landing/")
    page.get_by_role("link", name="佐賀県DX推進ラボ", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("佐賀県DX推進ラボ")


def test_two_people_edit_one_lab(page_of: Callable[..., Page]) -> None:
    mine, theirs = page_of("IPA"), page_of("経済産業省")
    for page in (mine, theirs):
        page.goto("/office/labs/410004/edit/")
    theirs.get_by_label("紹介文").fill("経済産業省が書いた紹介文")
    theirs.get_by_role("button", name="保存する").click()
    mine.get_by_label("紹介文").fill("IPAが書いた紹介文")
    mine.get_by_role("button", name="保存する").click()
    expect(mine.get_by_role("heading", level=1)).to_contain_text("ほかの人が先に保存しました")
    expect(mine.get_by_role("cell", name="経済産業省が書いた紹介文")).to_be_visible()
    assert Axe().run(mine).response["violations"] == []
    expect(mine.get_by_label("紹介文")).to_have_value("IPAが書いた紹介文")
    mine.get_by_label("紹介文").fill("二人で直した紹介文")
    mine.get_by_role("button", name="この内容で保存する").click()
    expect(mine.get_by_text("保存しました。")).to_be_visible()
    visitor = page_of()
    visitor.goto("/labs/410004/")
    expect(visitor.get_by_text("二人で直した紹介文")).to_be_visible()


def test_signing_out(page_of: Callable[..., Page], site: object) -> None:
    page = page_of("経済産業省")
    page.goto("/office/")
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_text("サインアウトしました。")).to_be_visible()
    page.goto("/office/")
    expect(page.get_by_role("heading", name="サインイン", exact=True)).to_be_visible()
