"""An edition of Co-LEAD in a real browser: the secretariat, a company and a talent, from the call to the final report."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.accessible import faults

pytestmark = pytest.mark.browser

KEY = "browser-2026"


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def press(page: Page, name: str, said: str = "") -> None:
    page.get_by_role("button", name=name).first.click()
    if said:
        expect(page.get_by_role("status").filter(has_text=said).first).to_be_visible()


def plan_and_open(staff: Page) -> None:
    staff.goto("/office/co-lead/")
    staff.get_by_role("link", name="回を作る").click()
    staff.get_by_label("記号（アドレスに使う）").fill(KEY)
    staff.get_by_label("年度").fill("2026")
    staff.get_by_label("名称", exact=False).first.fill("試しのCo-LEAD")
    staff.get_by_role("radio", name="DX認定の申請").check()
    staff.get_by_role("radio", name="1社に1人").check()
    press(staff, "保存する", "保存しました")
    # What is missing before the call is said at once.
    expect(staff.get_by_text("募集の内容を書いてください。")).to_be_visible()
    staff.get_by_role("link", name="回の設定").click()
    staff.get_by_label("募集の内容").fill("地域の会社とデジタル人材の参加をお待ちしています。")
    for label, days in (("募集の始まり", -1), ("募集の終わり", 0), ("伴走の始まり", 0), ("最終報告会", 120)):
        staff.get_by_role("textbox", name=label).fill(day(days))
    staff.get_by_label("くじの種").fill("朝刊の見出し")
    press(staff, "保存する", "保存しました")
    press(staff, "「募集中」にする", "募集中")


def register(company: Page, talent: Page) -> None:
    company.goto(f"/co-lead-desk/editions/{KEY}/company/")
    expect(company.get_by_text("持つ期間: 最終報告会のあと12か月")).to_be_visible()
    company.get_by_label("会社の名称").fill("名を伏せた食品")
    company.get_by_label("都道府県").select_option(label="佐賀県")
    company.get_by_label("業種").select_option(index=5)
    company.get_by_role("checkbox", name="個人情報の使い方").check()
    press(company, "登録する", "会社を登録しました")
    company.get_by_label("題名").fill("紙の受注をなくしたい")
    company.get_by_label("ひとことで").fill("受注を紙で書き写している食品の製造。")
    company.get_by_label("いまの状況").fill("毎日3時間かかる")
    company.get_by_label("終わったときにできていること").fill("半分にする")
    company.get_by_role("checkbox", name="データの整理と分析").check()
    press(company, "保存する", "保存しました")
    assert faults(company) == []
    press(company, "この文でよい", "相手の確認を待っています")
    talent.goto(f"/co-lead-desk/editions/{KEY}/talent/")
    talent.get_by_label("できることをひとことで").fill("在庫を表計算から直せます")
    talent.get_by_role("checkbox", name="データの整理と分析").check()
    talent.get_by_label("住んでいる都道府県").select_option(label="東京都")
    talent.get_by_role("checkbox", name="個人情報の使い方").check()
    press(talent, "登録する", "登録しました")


def bring_together(staff: Page, company: Page, talent: Page) -> None:
    staff.goto(f"/co-lead-desk/editions/{KEY}/board/")
    press(staff, "参加を認める", "本人に知らせました")
    staff.get_by_role("link", name="紙の受注をなくしたい").click()
    press(staff, "この文でよい", "公開しました")
    talent.goto("/co-lead-desk/")
    talent.get_by_role("link", name="紙の受注をなくしたい").click()
    assert "名を伏せた食品" not in talent.content()
    press(talent, "いっしょにやりたい", "希望を伝えました")
    company.goto("/co-lead-desk/")
    company.get_by_role("link", name="紙の受注をなくしたい").click()
    company.get_by_role("link", name="参加する人材を見る").click()
    assert "試用 デジタル人材" not in company.content()
    press(company, "いっしょにやりたい", "両方の希望がそろいました")
    assert "試用 デジタル人材" in company.content()
    talent.reload()
    assert "名を伏せた食品" in talent.content()
    staff.goto(f"/co-lead-desk/editions/{KEY}/board/")
    press(staff, "「組み合わせ中」にする", "組み合わせ中")
    press(staff, "案を計算する")
    expect(staff.get_by_text("互いに今より望み合う組は、ありません")).to_be_visible()
    assert faults(staff) == []
    press(staff, "この案を全員に示す", "1つのチームの案を")


def accompany(company: Page, talent: Page) -> None:
    for page in (company, talent):
        page.goto("/co-lead-desk/")
        page.get_by_role("link", name="紙の受注をなくしたい のチーム").click()
        press(page, "参加する")
    expect(talent.get_by_role("status").filter(has_text="チームが始まりました").first).to_be_visible()
    # On a phone, in under a minute: three fields.
    talent.set_viewport_size({"width": 360, "height": 740})
    talent.get_by_role("radio", name="進んでいる").check()
    talent.get_by_label("したこと").fill("受注の流れを書き出した")
    press(talent, "今週の記録を残す", "今週の記録を残しました")
    press(talent, "できた", "計画を更新しました")
    assert faults(talent) == []
    talent.get_by_role("link", name="成果物を渡す").click()
    talent.get_by_label("成果物の名前").fill("受注の表")
    talent.get_by_label("ファイル").set_input_files(
        files=[{"name": "orders.csv", "mimeType": "text/csv", "buffer": "日,件数\n1,2\n".encode()}]
    )
    press(talent, "保存する", "成果物を渡しました")
    company.reload()
    company.get_by_role("link", name="成果を書く").click()
    company.get_by_role("radio", name="できた").check()
    company.get_by_label("できたことと、その結果").fill("受注の時間が半分になった。")
    company.get_by_role("checkbox", name="このあとも").check()
    press(company, "保存する", "成果を保存しました")
    press(company, "チームを終える", "チームを終えました")


def report(staff: Page, visitor: Page) -> None:
    staff.goto(f"/co-lead-desk/editions/{KEY}/board/")
    press(staff, "「伴走中」にする") if staff.get_by_role("button", name="「伴走中」にする").count() else None
    staff.get_by_role("link", name="最終報告").first.click()
    staff.get_by_label("最終報告のことば").fill("1社で、受注の時間が半分になりました。")
    press(staff, "保存する", "保存しました")
    staff.goto(f"/co-lead-desk/editions/{KEY}/board/")
    press(staff, "「最終報告を公開」にする", "最終報告を公開")
    visitor.goto(f"/co-lead/{KEY}/")
    expect(visitor.get_by_text("受注の時間が半分になりました。")).to_be_visible()
    assert "名を伏せた食品" not in visitor.content()
    assert faults(visitor) == []


def test_from_the_call_to_the_final_report(page_of: Callable[..., Page]) -> None:
    staff, company, talent = (page_of(role) for role in ("IPA", "企業", "デジタル人材"))
    for page in (staff, company, talent):
        page.set_default_timeout(20_000)
    plan_and_open(staff)
    register(company, talent)
    bring_together(staff, company, talent)
    accompany(company, talent)
    report(staff, page_of())
