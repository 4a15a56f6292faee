"""A lab with 40 logged activities reports in a real browser: how much is there already, what is typed, clicked, how long.

`python -m bench.report_browser`. The minutes are what the machine took plus what a person would need: reading every page
at 500 characters a minute, typing at 60 characters a minute (Japanese, conversion included), 3 seconds a click.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.numbers import Number, at_most
from bench.place import chromium, server, set_up

READ_PER_MINUTE, TYPED_PER_MINUTE, SECONDS_A_CLICK = 500, 60, 3
YEAR = 2025


@dataclass
class Work:
    """What the person did."""

    fields: int = 0
    characters: int = 0
    clicks: int = 0
    read: int = 0
    machine: float = 0.0

    @property
    def minutes(self) -> float:
        person = (
            self.read / READ_PER_MINUTE
            + self.characters / TYPED_PER_MINUTE
            + self.clicks * SECONDS_A_CLICK / 60
        )
        return person + self.machine / 60


def prepare() -> tuple[Any, str]:
    """The lab's report, and a link its office's person signs in with."""
    from django.urls import reverse
    from django.utils import timezone

    from bench.report_world import log_year, open_year, plan_indicators
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import invite_person, issue_sign_in_link
    from tsunagu.registry.models import Lab
    from tsunagu.reporting.models import Report

    lab = Lab.objects.select_related("region__bureau").get(slug="410004")
    person = invite_person(
        email="bench-saga@example.invalid", name="測定", role="lab_office", lab=lab, is_demo=True
    )
    lab.activities.filter(started_on__range=(f"{YEAR}-04-01", f"{YEAR + 1}-03-31")).delete()
    log_year(lab, viewer_for(person, on=timezone.localdate()), YEAR)
    plan_indicators(lab, YEAR)
    open_year(YEAR)
    report = Report.objects.get(lab=lab, year__fiscal_year=YEAR)
    return report, reverse("accounts:use_link", args=[issue_sign_in_link(person=person)])


class Person:
    """Somebody in front of the browser, whose doings are counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.work, self.started = page, Work(), time.perf_counter()

    def look(self) -> None:
        """Read the page."""
        self.work.read += len(self.page.evaluate(SHOWN))

    def press(self, name: str) -> None:
        """Press a button or follow a link."""
        target = (
            self.page.locator("main")
            .get_by_role("button", name=name)
            .or_(self.page.locator("main").get_by_role("link", name=name))
        )
        with self.page.expect_navigation():
            target.first.click()
        self.work.clicks += 1

    def type(self, name: str, text: str) -> None:
        """Type into an empty box; one that is filled already is only read."""
        box = self.page.locator(f'[name="{name}"]')
        if box.count() and not box.first.input_value().strip():
            box.first.fill(text)
            self.work.fields += 1
            self.work.characters += len(text)
            self.work.clicks += 1

    def tick(self, name: str, value: str) -> None:
        box = self.page.locator(f'[name="{name}"][value="{value}"]')
        if box.count() and not box.first.is_checked():
            box.first.check()
            self.work.clicks += 1


# What stands on the page; the closed lists of choices are not read through.
SHOWN = """() => { const main = document.querySelector("main").cloneNode(true);
  main.querySelectorAll("option, script, .visually-hidden").forEach((one) => one.remove());
  return main.textContent.replace(/\\s/g, ""); }"""
TYPED = {
    "f.lab_name": "佐賀県DX推進ラボ", "f.office": "産業DX・スタートアップ推進グループ", "f.contact_person": "佐賀太郎",
    "f.contact_email": "saga@example.invalid", "f.members.0.organisation": "佐賀県",
    "f.results": "窓口に来た会社の半分が、紙の受発注をやめ、月に平均で20時間を生み出した。",
    "f.next_year": "伴走する会社を30社に増やし、県内の商工会議所と事例の会を毎月開く。",
    "f.summary": "セミナーと伴走で60社を支援しました。",
}  # fmt: skip


def report_it(person: Person, address: str) -> None:
    """From the list of one's reports to the receipt."""
    page = person.page
    page.goto(address + "/reporting/")
    person.look()
    person.press("2025年度")
    person.look()
    person.press("報告を書き始める")
    person.look()
    page.goto(page.url)
    with page.expect_navigation():
        page.locator("ol.task-list a").first.click()
    person.work.clicks += 1
    while "/check/" not in page.url:
        person.look()
        for name, text in TYPED.items():
            person.type(name, text)
        for row in range(5):
            person.type(f"f.indicators.{row}.actual", str(12 + row))
        person.tick("f.may_publish", "yes")
        last = page.get_by_role("button", name="保存して一覧へ", exact=True).count()
        person.press("保存して一覧へ" if last else "保存して次の章へ")
        if last:
            person.look()
            person.press("内容を確認して提出へ")
    person.look()
    person.press("提出する")
    person.look()


def measure() -> Iterator[Number]:
    set_up()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    report, link = prepare()
    with server() as (address, _process), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_context(locale="ja-JP").new_page()
        page.goto(address + link)
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()
        person = Person(page)
        report_it(person, address)
        person.work.machine = time.perf_counter() - person.started
        browser.close()
    report.refresh_from_db()
    assert report.state == "submitted", report.state
    work = person.work
    state = "ok" if report.opened_filled >= 60 else "short"
    yield Number(state, "report.opens_filled", f"{report.opened_filled} %", ">= 60 %")
    yield at_most(
        "report.typed_fields",
        work.fields,
        25,
        "fields",
        f"{work.characters} characters, {work.clicks} clicks",
    )
    yield at_most(
        "report.minutes",
        round(work.minutes, 1),
        15,
        "min",
        f"{work.machine:.0f} s of it the machine, the rest reckoned",
    )


if __name__ == "__main__":
    for one in measure():
        print(one.line(), flush=True)
