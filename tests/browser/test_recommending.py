"""A lab recommends a company without DX認定, in a real browser without JavaScript: consent by link, sending, filing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.accessible import faults
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
AN_EDITION = """
import json
from datetime import date, timedelta
from django.utils import timezone
from tsunagu.recommending.models import Consent, Edition
from tsunagu.recommending.services import following
from tsunagu.outbox.models import Reminder
today = timezone.localdate()
Edition.objects.get_or_create(year=2100, defaults={
    "title": "DXセレクション2100", "opens_on": today, "closes_on": today + timedelta(days=9), "routes_with": ["self", "lab"],
    "routes_without": ["lab"], "pledge_needed": True, "filing_deadline": today + timedelta(days=30), "source": "試験",
})
"""


def told(site: Site, code: str) -> Any:
    """What Python run on the site's database prints as JSON."""
    return site.python(f"{AN_EDITION}\n{code}")


def day(after: int) -> date:
    return timezone.localdate() + timedelta(days=after)


def well_made(page: Page) -> None:
    """The page as it is now, at both widths: nothing for axe to find, nothing beyond the edge."""
    assert faults(page) == [], page.url


def test_a_company_without_nintei_is_recommended(site: Site, page_of: Callable[..., Page]) -> None:
    told(site, "print(1)")
    lab = page_of("ラボの事務局", java_script_enabled=False)
    lab.goto("/office/own-lab/")
    lab.get_by_role("link", name="DXセレクションへの推薦").click()
    lab.get_by_role("link", name="会社を登録する").first.click()
    lab.get_by_label("法人番号").fill("2300001099999")
    lab.get_by_label("会社の名称").fill("架空𠮷髙精機株式会社")
    lab.get_by_label("資本金（円）").fill("30000000")
    lab.locator("[name=nintei]").select_option("none")
    lab.get_by_label("会社の担当者の氏名").fill("架空 花子")
    lab.get_by_label("会社の担当者のメールアドレス").fill("hanako@example.invalid")
    lab.get_by_role("button", name="保存する").click()
    lab.get_by_role("link", name="新しい推薦").first.click()
    lab.locator("[name=company]").select_option(label="架空𠮷髙精機株式会社")
    lab.locator("[name=edition]").select_option(label="DXセレクション2100")
    lab.get_by_label("推薦する理由").fill("紙の工程表をやめ、納期が半分になった。")
    lab.get_by_label("取組と成果").fill("売上が2割増えた。")
    lab.get_by_role("button", name="保存する").click()
    expect(lab.get_by_text("認定の申請を助けるという宣言が要ります")).to_be_visible()
    lab.get_by_role("link", name="推薦の内容を直す").click()
    lab.get_by_label("申請補助の宣言").fill("支援員が毎月2回訪ね、申請を助けます。")
    lab.get_by_label("DX認定を申請する予定の日").fill(str(day(20)))
    lab.get_by_role("button", name="保存する").click()
    own = lab.url
    lab.get_by_role("button", name="会社に同意を求める").click()
    expect(lab.get_by_text("案内を送りました")).to_be_visible()

    token = told(site, "print(json.dumps(Consent.objects.latest('pk').token))")
    company = page_of(java_script_enabled=False)
    company.goto(f"/recommend/consent/{token}/")
    expect(company.get_by_text("売上が2割増えた。")).to_be_visible()
    company.get_by_role("button", name="この内容を送ることに同意する").click()
    expect(company.get_by_role("heading", name="入力を確認してください")).to_be_visible()
    company.get_by_label("取組と成果").check()
    company.get_by_label("あなたの役職と氏名").fill("代表取締役 架空 太郎")
    company.get_by_role("button", name="この内容を送ることに同意する").click()
    expect(company.get_by_text("架空 太郎様が同意しました")).to_be_visible()
    expect(company.get_by_text("売上が2割増えた。")).to_have_count(0)

    lab.goto(own)
    lab.get_by_role("button", name="推薦する", exact=True).click()
    expect(lab.get_by_text("推薦しました。")).to_be_visible()
    expect(lab.get_by_text("売上が2割増えた。")).to_have_count(0)
    due = "(lambda d: [following.remind_of_filings(today=d + timedelta(days=n)) for n in range(30)])(today)"
    count = "Reminder.objects.filter(key__startswith='recommending:filing').count()"
    assert told(site, f"{due}\nprint(json.dumps({count}))") >= 5
    lab.goto("/recommend/")
    expect(lab.get_by_role("heading", name="DX認定の申請を待っている会社")).to_be_visible()
    lab.get_by_role("link", name="申請を記録する").click()
    lab.get_by_label("DX認定を申請した日").fill(str(day(0)))
    lab.get_by_role("button", name="保存する").click()
    expect(lab.get_by_text("お知らせは止まります。")).to_be_visible()
    lab.goto("/recommend/")
    expect(lab.get_by_role("heading", name="DX認定の申請を待っている会社")).to_have_count(0)


def test_every_page_is_well_made(site: Site, page_of: Callable[..., Page]) -> None:
    """After the test above: the pages as they are then, and the way to DX認定 with its defects."""
    made = (
        "from tsunagu.recommending.models import Company, Part, Recommendation\n"
        "from tsunagu.recommending.services import consenting, slips\nfrom tsunagu.registry.models import Lab\n"
        "from tsunagu.sharing.viewer import Viewer\n"
        "company = slips.save_company(Company(lab=Lab.objects.get(slug='410004'), nintei='none', contact_name='花子', "
        "contact_email='h@example.invalid'), name='試し電機株式会社', number='5010401067252')\n"
        "one = slips.save_recommendation(Recommendation(company=company, edition=Edition.objects.get(year=2100), "
        "reasons='理由。'), by=Viewer())\nPart.objects.create(company=company, number=1, text='私たちは、', "
        "document_name='ニュースリリース', address='https://example.co.jp/a-very-long-address/' + 'x' * 80)\n"
        "asked = consenting.ask(recommendation=one, by=Viewer())\n"
        "print(json.dumps([one.pk, company.pk, asked.token]))"
    )
    one, company, token = told(site, made)
    lab = page_of("ラボの事務局")
    for path in (
        "/recommend/", "/recommend/labs/410004/companies/new/", f"/recommend/companies/{company}/", "/recommend/labs/410004/new/",
        f"/recommend/{one}/", f"/recommend/{one}/edit/", f"/recommend/{one}/filed/", f"/recommend/{one}/withdraw/",
        "/companion/", f"/companion/{company}/", f"/companion/{company}/parts/1/", f"/recommend/consent/{token}/",
    ):  # fmt: skip
        lab.goto(path)
        well_made(lab)
    staff = page_of("IPA")
    for path in (
        "/office/recommending/?edition=2100", "/office/recommending/?edition=2022", "/office/recommending/editions/new/",
    ):  # fmt: skip
        staff.goto(path)
        well_made(staff)
