"""From a call to a lab in a real browser: the applicant without and with JavaScript, the secretariat, accessibility."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.accessible import faults_of
from tests.browser.applying import Entering, enter, entering, fill_section, link_of, new_call, new_draft, told
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
# Beyond the basic plane, a selector of a variant, an enclosed number, a letter with a separate mark, a line break.
HARD = "𠮷野家と髙島屋、葛\U000e0100城市、㋿元年、か\u3099く\n二行目"


@pytest.fixture
def opened(site: Site, browser: Browser) -> Iterator[Entering]:
    contexts: list[BrowserContext] = []
    yield entering(site, browser, contexts)
    for one in contexts:
        one.close()


@pytest.fixture
def email() -> str:
    return f"{uuid4().hex[:8]}@example.invalid"


def moment(days: float) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d %H:%M:%S}"


def test_an_applicant_without_javascript(
    site: Site, opened: Entering, page_of: Callable[..., Page], email: str
) -> None:
    call = new_call(site)
    page = opened(java_script_enabled=False)
    page.goto(f"/calls/{call}/")
    page.get_by_role("link", name="はじめて使う方: 申請を始める").click()
    page.get_by_label("氏名").fill("申請 花子")
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_role("button", name="リンクを送る").click()
    page.wait_for_url("**/sign-in/link/sent/")
    enter(page, link_of(site, email))
    page.goto(f"/calls/{call}/start/")
    page.get_by_role("button", name="下書きを作る").click()
    expect(page.get_by_text("この要件を満たさないと申請できません").first).to_be_visible()
    for one in page.get_by_role("checkbox").all():
        one.check()
    page.get_by_role("button", name="下書きを作る").click()

    page.locator(".task-list a").first.click()
    sections = 0
    while "/s/" in page.url:
        fill_section(page)
        page.locator('button[name=action][value="next"]').click()
        sections += 1
    assert sections == 9
    expect(page.get_by_text("9章のうち9章が書けています。")).to_be_visible()
    page.get_by_role("link", name="内容を確認して提出へ").click()
    expect(page.get_by_text("延岡𠮷髙DX推進ラボ").first).to_be_visible()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_role("heading", name="申請を受け付けました")).to_be_visible()
    number = f"{call.upper()}-0001"
    expect(page.get_by_text(f"受付番号 {number}")).to_be_visible()
    page.get_by_role("link", name="申請の経過を見る").click()
    own = page.url

    staff = page_of("IPA")
    staff.goto("/office/selection/")
    row = staff.get_by_role("row").filter(has_text=number)
    row.get_by_role("link").click()
    here = staff.url
    staff.get_by_role("link", name="章を選んで差し戻す").click()
    staff.get_by_label("修正の期限").fill(moment(5))
    staff.get_by_label("「目指す姿と地域の課題」を差し戻す理由").fill("課題を数で示してください。")
    staff.get_by_role("button", name="差し戻す").click()
    expect(staff.get_by_text("差し戻しました。")).to_be_visible()

    page.goto(own)
    page.get_by_role("link", name="続きを書く").click()
    expect(page.get_by_text("課題を数で示してください。")).to_be_visible()
    page.get_by_role("link", name="目指す姿と地域の課題").click()
    page.get_by_label("地域の課題とニーズ、現状").fill("人手が10年で3割減った。")
    page.get_by_role("button", name="一時保存").click()
    expect(page.get_by_text("保存しました。")).to_be_visible()
    page.goto(own)
    page.get_by_role("link", name="続きを書く").click()
    page.get_by_role("link", name="内容を確認して提出へ").click()
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_role("heading", name="申請を受け付けました")).to_be_visible()
    page.get_by_role("link", name="申請の経過を見る").click()
    page.get_by_role("link", name="前の提出との違い").click()
    expect(page.locator("ins")).to_contain_text("10年で3割減った")
    expect(page.get_by_text("地域の会社が自分で変わる。")).to_have_count(0)
    assert faults_of(staff, [f"{here}submissions/2/changes/"]) == {}


def test_writing_with_javascript_saves_counts_and_shows_the_other_person(
    site: Site, opened: Entering, email: str
) -> None:
    sheet = new_draft(site, new_call(site), email)["sheet"]
    page = opened(email)
    page.goto(f"/answers/{sheet}/s/vision/")
    box = page.get_by_label("目指す姿", exact=False).first
    with page.expect_response(re.compile("/autosave/$"), timeout=5_000) as saved:
        box.fill(HARD)
    assert saved.value.ok
    expect(page.locator("[data-chip]")).to_contain_text("保存済み")
    live = page.locator('[data-count-of="f-vision"] [data-count-now]').inner_text()

    plain = opened(email, java_script_enabled=False)
    plain.goto(f"/answers/{sheet}/s/vision/")
    expect(plain.get_by_label("目指す姿", exact=False).first).to_have_value(HARD)
    assert plain.locator('[data-count-of="f-vision"] [data-count-now]').inner_text() == live

    second = f"second-{email}"
    page.goto(f"/answers/{sheet}/people/")
    page.get_by_label("メールアドレス").fill(second)
    page.get_by_label("氏名").fill("共同 次郎")
    page.get_by_role("button", name="加えて知らせる").click()
    expect(page.get_by_text("共同 次郎 さんに知らせました。")).to_be_visible()
    other = opened(second)
    other.goto(f"/answers/{sheet}/s/vision/")
    with other.expect_response(re.compile("/present/$")):
        other.reload()
    page.goto(f"/answers/{sheet}/s/vision/")
    expect(page.locator("[data-others]")).to_contain_text("共同 次郎")


def test_the_secretariat_takes_an_application_from_the_call_to_the_lab_page(
    site: Site, page_of: Callable[..., Page], email: str
) -> None:
    page = page_of("IPA")
    key = f"o{uuid4().hex[:8]}"
    page.goto("/office/selection/calls/new/")
    page.locator('[name="title"]').fill(f"公募 {key}")
    page.locator('[name="key"]').fill(key)
    page.locator('[name="summary"]').fill("画面から作った公募です。")
    page.locator('[name="form"]').select_option(index=1)
    page.locator('[name="number_prefix"]').fill(key.upper())
    page.locator('[name="opens_at"]').fill(moment(-1))
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("link", name=re.compile(f"締切を加える.*{key}")).click()
    page.locator('[name="round"]').select_option(index=1)
    page.get_by_label("締切").fill(moment(7))
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("button", name=re.compile(f"公開する.*{key}")).click()
    expect(page.get_by_text("公開しました。")).to_be_visible()

    application = new_draft(site, key, email, send=True)["application"]
    here = f"/office/selection/a/{application}/"
    page.goto(here)
    page.get_by_role("button", name="受理する").click()
    expect(page.get_by_text("受理しました。お知らせ")).to_be_visible()
    page.get_by_role("link", name="判断の一覧").first.click()
    board = page.url
    page.get_by_label("採点の開始").fill(moment(-0.5))
    page.get_by_label("採点の締切").fill(moment(3))
    page.get_by_role("button", name="審査会を開き、受理した申請をかける").click()
    expect(page.get_by_text("受理した1件を審査会にかけました。")).to_be_visible()
    page.get_by_role("link", name="準備する").click()
    page.locator('[name="outcome"]').select_option(label="選定する")
    page.locator('[name="reason"]').fill("6つの視点を満たす。")
    page.locator('[name="feedback"]').fill("漁業のデータ化が明快です。")
    page.get_by_role("button", name="準備する").click()
    page.wait_for_url(board)
    page.get_by_role("link", name="決定の前に確かめる").click()
    page.get_by_label("公表する日時").fill(moment(0))
    page.get_by_role("button", name="1件を決定する").click()
    expect(page.get_by_text("決定しました。")).to_be_visible()

    visitor = page_of()
    visitor.goto("/labs/?q=延岡𠮷髙")
    expect(visitor.get_by_role("link", name=re.compile("延岡𠮷髙DX推進ラボ"))).to_have_count(0)
    slug = told(
        site,
        'found = Application.objects.get(key=given["key"])',
        "deciding.announce_batch(batch_id=found.decision.batch_id)",
        "found.refresh_from_db()",
        "print(json.dumps(found.designation.lab.slug))",
        key=application,
    )
    visitor.goto(f"/labs/{slug}/")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("延岡𠮷髙DX推進ラボ")
    page.goto(here)
    expect(page.get_by_text("選定", exact=False).first).to_be_visible()


IOT_LAB = 'print(json.dumps(Lab.objects.exclude(designations__scheme="dx").filter(designations__scheme="iot").first().slug))'
A_CUTOFF = 'print(json.dumps(Cutoff.objects.get(call__key=given["key"]).pk))'


def test_axe_finds_nothing_from_call_to_decision(
    site: Site, opened: Entering, page_of: Callable[..., Page], email: str
) -> None:
    call = new_call(site)
    draft = new_draft(site, call, email)
    sent = new_draft(site, call, email, send=True)
    sections = ("lab", "members", "vision", "effort", "schedule", "transition", "wishes")
    applicant = opened(email)
    problems = faults_of(
        applicant,
        [
            "/calls/", f"/calls/{call}/", f"/calls/{call}/start/", f"/answers/{draft['sheet']}/", f"/answers/{draft['sheet']}/check/",
            *(f"/answers/{draft['sheet']}/s/{one}/" for one in sections), f"/answers/{draft['sheet']}/s/schedule/?check=1",
            f"/applications/{sent['application']}/receipt/", f"/applications/{sent['application']}/", f"/answers/{sent['sheet']}/check/",
        ],
    )  # fmt: skip
    slug, cutoff = told(site, IOT_LAB), told(site, A_CUTOFF, key=call)
    staff = page_of("IPA")
    problems |= faults_of(
        staff,
        [
            "/office/selection/", f"/office/selection/a/{sent['application']}/", f"/office/selection/cutoffs/{cutoff}/board/",
            f"/office/selection/cutoffs/{cutoff}/apply/", "/office/selection/calls/", "/office/selection/calls/new/",
            f"/office/selection/a/{sent['application']}/return/", "/office/transition/", "/office/transition/?view=columns",
            f"/office/transition/labs/{slug}/", f"/office/transition/labs/{slug}/entry/", f"/office/transition/labs/{slug}/points/",
            f"/office/transition/labs/{slug}/ask/", f"/office/transition/labs/{slug}/say/", "/office/transition/support-end/",
        ],
    )  # fmt: skip
    assert problems == {}, json.dumps(problems, ensure_ascii=False, indent=1)


AN_OFFICE = """
from tsunagu.accounts.services import invite_person
lab = Lab.objects.filter(designations__scheme="iot").exclude(designations__scheme="dx").exclude(designations__events__kind="ended").last()
invite_person(email=given["email"], name="移行 三郎", role="lab_office", lab=lab)
print(json.dumps(lab.slug))
"""


def test_an_iot_lab_says_where_it_stands_and_drafts_its_application(
    site: Site, opened: Entering, page_of: Callable[..., Page], email: str
) -> None:
    new_call(site)
    slug = told(site, AN_OFFICE, email=email)
    page = opened(email, viewport={"width": 360, "height": 768})
    own = f"/office/transition/labs/{slug}/"
    assert faults_of(page, [own, f"{own}say/", f"{own}points/", f"{own}ask/"]) == {}
    page.goto(own)
    page.get_by_role("link", name="移行の考えを知らせる").click()
    page.get_by_label("前向き").check()
    page.get_by_label("事務局に伝えたいこと").fill(f"春に申請したい {email}")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("事務局に伝わりました。")).to_be_visible()
    page.get_by_role("link", name="計画を当てはめる").click()
    page.locator('[name="regionality"]').fill("港の人手が足りない。")
    page.get_by_role("button", name="保存する").click()
    map_of_plan = page.get_by_role("region", name="IoTの計画と6つの視点")
    expect(map_of_plan.get_by_role("row").filter(has_text="変革")).to_contain_text("足りない")
    expect(map_of_plan).to_contain_text("港の人手が足りない。")
    page.get_by_role("link", name="相談を頼む").click()
    page.get_by_label("相談したいこと").fill(f"変革の書き方を聞きたい。{email}")
    page.get_by_role("button", name="相談を頼む").click()
    expect(page.get_by_role("paragraph").filter(has_text=email).last).to_contain_text("これから答えます。")

    staff = page_of("IPA", viewport={"width": 360, "height": 768})
    staff.goto("/office/transition/?state=willing")
    expect(staff.get_by_role("row").filter(has_text="前向き")).not_to_have_count(0)
    staff.goto("/office/transition/?view=columns")
    staff.goto(own)
    expect(staff.get_by_text(f"春に申請したい {email}")).to_be_visible()

    page.get_by_role("button", name="申請の下書きを作る").click()
    page.get_by_role("link", name="目指す姿と地域の課題").click()
    expect(page.get_by_label("地域の課題とニーズ、現状")).to_have_value("港の人手が足りない。")
    expect(page.get_by_text("分かっている内容を入れてあります（IoT推進ラボの計画）")).to_be_visible()
