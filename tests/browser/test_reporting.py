"""A lab's year in a real browser: logged on a phone without JavaScript, reported, returned, accepted, nominated; accessibility."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.accessible import faults_of
from tests.browser.applying import told
from tests.browser.conftest import Site
from tests.browser.test_selection import moment

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
A_LAB_WITH_A_YEAR = """
from bench.report_world import log_year, plan_indicators
from tsunagu.reporting.models import Report, ReportYear
from tsunagu.awards.models import Award
from tsunagu.sharing.viewer import Viewer
lab = Lab.objects.get(slug="410004")
if not lab.activities.filter(started_on__year=2024).exists():
    log_year(lab, Viewer(), 2024, 12)
    plan_indicators(lab, 2024, 2)
"""
TYPED = {
    "lab_name": "佐賀県DX推進ラボ", "office": "産業DX・スタートアップ推進グループ", "contact_person": "佐賀太郎", "contact_email": "saga@example.invalid",
    "members.0.organisation": "佐賀県", "results": "窓口に来た会社の半分が、紙の受発注をやめた。", "next_year": "伴走する会社を増やす。",
    "summary": "セミナーと伴走で会社を支援しました。", "indicators.0.actual": "12", "indicators.1.actual": "21",
}  # fmt: skip


def go(page: Page, target: Locator) -> None:
    """Follow a link or press a button, and wait for the page it leads to."""
    with page.expect_navigation():
        target.click()


def fill(page: Page) -> None:
    """Go through the sections: what is there stays, what is missing is typed."""
    go(page, page.locator("ol.task-list a").first)
    while True:
        for name, text in TYPED.items():
            box = page.locator(f'[name="f.{name}"]')
            if box.count() and not box.first.input_value().strip():
                box.first.fill(text)
        yes = page.locator('[name="f.may_publish"][value="yes"]')
        if yes.count():
            yes.check()
        following = page.get_by_role("button", name="保存して次の章へ")
        if not following.count():
            go(page, page.get_by_role("button", name="保存して一覧へ", exact=True))
            return
        go(page, following)


def test_a_labs_year_from_the_log_to_the_award(site: Site, page_of: Callable[..., Page]) -> None:
    told(site, A_LAB_WITH_A_YEAR, "print(1)")
    phone = page_of("ラボの事務局", **PHONE)
    phone.goto("/activities/labs/410004/new/")
    phone.get_by_label("セミナー").check()
    phone.get_by_label("何をしたか").fill("はじめてのデータ活用")
    phone.locator('[name="started_on"]').fill("2025-03-01")
    phone.get_by_label("参加した人数").fill("24")
    phone.get_by_label("支援した企業").fill("株式会社あ\n7000012050003")
    phone.get_by_role("button", name="記録する", exact=True).click()
    expect(phone.get_by_text("検査数字が合いません").first).to_be_visible()
    phone.get_by_label("支援した企業").fill("株式会社あ\n7000012050002")
    phone.get_by_role("button", name="記録する", exact=True).click()
    expect(phone.get_by_text("「はじめてのデータ活用」を記録しました。")).to_be_visible()

    staff = page_of("IPA")
    staff.goto("/office/reporting/")
    staff.get_by_role("link", name="報告の年度を作る").click()
    staff.get_by_label("年度", exact=False).first.fill("2024")
    staff.get_by_label("様式").select_option(label="年度の活動報告")
    staff.get_by_label("提出の期限").fill(moment(20))
    staff.get_by_role("button", name="保存する").click()
    staff.get_by_role("button", name="ラボに報告を求める").click()
    expect(staff.get_by_text("ラボの報告を開きました")).to_be_visible()

    phone.goto("/reporting/")
    phone.get_by_role("link", name="2024年度").click()
    own = phone.url
    phone.get_by_role("button", name="報告を書き始める").click()
    phone.goto(own)
    expect(phone.get_by_text("はじめから").first).to_be_visible()
    fill(phone)
    phone.get_by_role("link", name="内容を確認して提出へ").click()
    expect(phone.get_by_text("佐賀太郎").first).to_be_visible()
    phone.get_by_role("button", name="提出する").click()
    expect(phone.get_by_text("提出済み").first).to_be_visible()

    staff.goto("/office/reporting/")
    staff.get_by_role("row").filter(has_text="佐賀県DX推進ラボ").get_by_role("link").click()
    here = staff.url
    staff.get_by_role("link", name="章を差し戻す").click()
    staff.get_by_label("「ふり返りと次の年度」を直す理由").fill("会社の数を書いてください。")
    staff.get_by_role("button", name="差し戻す").click()
    expect(staff.get_by_text("差し戻しました。")).to_be_visible()
    phone.goto(own)
    expect(phone.get_by_text("会社の数を書いてください。").first).to_be_visible()
    phone.get_by_role("link", name="ふり返りと次の年度").click()
    phone.locator('[name="f.results"]').fill("30社のうち15社が、紙の受発注をやめた。")
    phone.get_by_role("button", name="一時保存").click()
    phone.goto(own)
    phone.get_by_role("link", name="確認して提出へ").click()
    phone.get_by_role("button", name="提出する").click()
    staff.goto(here)
    staff.get_by_role("button", name="受理する").click()
    expect(staff.get_by_text("の報告を受理しました。")).to_be_visible()

    public = page_of()
    public.goto("/labs/410004/")
    expect(public.get_by_text("2024年度の報告")).to_be_visible()
    public.get_by_role("link", name="計画の指標、活動、報告、使った施策を見る").click()
    expect(public.get_by_text("2024年度の活動報告")).to_be_visible()
    expect(public.get_by_text("自己申告").first).to_be_visible()
    expect(public.get_by_text("株式会社あ")).to_have_count(0)
    expect(public.get_by_text("saga@example.invalid")).to_have_count(0)

    staff.goto("/office/awards/new/")
    for label, text in (
        ("記号（アドレスに使う）", "b2026"), ("年度", "2026"), ("名称", "試しの表彰"), ("案内", "よい取組を広める。"),
        ("募集の開始", moment(-1)), ("募集の締切", moment(3)), ("賞", "最優秀賞"),
    ):  # fmt: skip
        staff.get_by_label(label, exact=False).first.fill(text)
    staff.get_by_label("審査の視点の組").select_option(label="表彰の審査の視点 第1版")
    staff.get_by_role("button", name="保存する").click()
    expect(staff.get_by_role("heading", name="試しの表彰")).to_be_visible()
    phone.goto("/award-entries/")
    phone.get_by_role("button", name="の報告から応募する").first.click()
    expect(phone.get_by_text("応募しました")).to_be_visible()
    expect(phone.locator("textarea")).to_contain_text("30社のうち15社が、紙の受発注をやめた。")


def test_axe_finds_nothing_in_the_log_reports_and_awards(site: Site, page_of: Callable[..., Page]) -> None:
    told(site, A_LAB_WITH_A_YEAR, "print(1)")
    made = told(
        site, A_LAB_WITH_A_YEAR, "from tests.browser.report_records import make; print(json.dumps(make(lab)))"
    )
    office, staff, public = page_of("ラボの事務局"), page_of("IPA"), page_of()
    own = [
        "/activities/", "/activities/labs/410004/?year=2024", "/activities/labs/410004/new/", "/activities/labs/410004/import/",
        f"/activities/{made['activity']}/", "/activities/labs/410004/policies/new/", f"/activities/imports/{made['batch']}/",
        f"/activities/imports/{made['batch']}/columns/", "/reporting/", f"/reporting/{made['draft']}/", f"/reporting/{made['accepted']}/",
        f"/reporting/{made['accepted']}/correct/", f"/answers/{made['sheet']}/", f"/answers/{made['sheet']}/check/",
        *[f"/answers/{made['sheet']}/s/{one}/" for one in ("lab", "members", "activities", "indicators", "policies", "review", "publish")],
        "/award-entries/", f"/award-entries/entries/{made['entry']}/", "/office/own-lab/",
    ]  # fmt: skip
    offices = [
        "/office/reporting/", "/office/reporting/years/new/", f"/office/reporting/years/{made['year']}/extend/", f"/office/reporting/{made['sent']}/",
        f"/office/reporting/{made['sent']}/sections/activities/", f"/office/reporting/{made['sent']}/return/", "/office/reporting/actuals/",
        f"/office/reporting/actuals/{made['actual']}/verify/", "/office/reporting/questions/", "/office/policies/",
        "/office/awards/", "/office/awards/new/", f"/office/awards/{made['award']}/", f"/office/awards/{made['award']}/jury/",
        f"/office/awards/{made['award']}/entries/{made['entry']}/",
    ]  # fmt: skip
    everybodys = [
        "/statistics/", "/statistics/?by=bureau&measure=companies", "/statistics/?as_of=2024-11-05",
        "/statistics/question/?q=セミナー", "/statistics/question/?q=ない",
        "/reports/", "/awards/", "/labs/410004/activities/", "/figures/F30/", "/en/statistics/", "/en/reports/", "/en/awards/",
    ]  # fmt: skip
    assert faults_of(office, own) == {}
    assert faults_of(staff, offices) == {}
    assert faults_of(public, everybodys) == {}
