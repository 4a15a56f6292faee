"""What a visitor does: find a lab, a bureau on a day, the records behind a number; without script, by keyboard."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def test_from_the_top_to_a_labs_history(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/")
    page.get_by_label("地域やラボの名前で探す").fill("にいはま")
    page.get_by_role("button", name="探す").click()
    page.get_by_role("link", name="新居浜市").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("新居浜市")
    expect(page.get_by_text("2021年4月16日（令和3年）").first).to_be_visible()


def test_the_labs_of_a_bureau_on_a_day(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/bureaus/")
    page.get_by_label("いつ時点で見るか").fill("2024-01-31")
    page.get_by_role("button", name="表示").click()
    page.get_by_role("link", name="四国経済産業局").click()
    expect(page.get_by_text("2024年1月31日（令和6年）時点")).to_be_visible()
    row = page.get_by_role("row", name="新居浜市")
    expect(row).to_contain_text("地方版IoT推進ラボ")


def test_from_a_published_number_to_its_records(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/figures/")
    page.get_by_role("link", name="F24", exact=True).click()
    expect(page.get_by_text("数に入っている記録（5件）")).to_be_visible()
    page.get_by_role("link", name="恩納村").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("恩納村")


def test_facets_without_pressing_a_button(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/labs/")
    # Other tests on this site may have added a lab.
    everything = page.get_by_role("status").get_by_text("件").first.inner_text()
    page.get_by_label("四国経済産業局").check()
    expect(page.get_by_role("status").get_by_text("7件")).to_be_visible()
    expect(page).to_have_url("/labs/?q=&bureau=shikoku")
    expect(page.get_by_role("group", name="制度").get_by_label("地域DX推進ラボ")).to_be_visible()
    expect(page.get_by_role("group", name="制度")).to_contain_text("地域DX推進ラボ2件")
    assert page.evaluate("document.activeElement.value") == "shikoku", "the keyboard stays where it was"
    page.get_by_role("link", name="四国経済産業局 を外す").click()
    expect(page.get_by_role("status").get_by_text("件").first).to_have_text(everything)


def test_everything_works_without_script(page_of: Callable[..., Page]) -> None:
    page = page_of(java_script_enabled=False)
    page.goto("/labs/")
    page.get_by_label("四国経済産業局").check()
    page.get_by_role("button", name="しぼり込む").click()
    expect(page.locator("#results").get_by_text("7件")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="香川県: 1件").click()
    expect(page.get_by_role("link", name="高松市")).to_be_visible()


def test_the_map_by_keyboard(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/")
    page.get_by_role("link", name="地図をとばして表へ").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "北海道: 11件"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("11件")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 1366])
@pytest.mark.parametrize("address", ["/labs/", "/bureaus/kanto/", "/labs/410004/", "/figures/"])
def test_no_word_stands_on_its_end(page_of: Callable[..., Page], address: str, width: int) -> None:
    page = page_of(viewport={"width": width, "height": 740})
    page.goto(address)
    # A table that does not fit scrolls; a badge in it stays on its line, an address of a source on a few.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('.table .badge')].map(one => one.offsetHeight), 0)"
        )
        < 32
    )
    assert (
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('.table ul a')].map(one => one.offsetHeight), 0)"
        )
        < 120
    )


def test_the_first_tab_skips_to_the_text(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/figures/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_nothing_comes_from_elsewhere_and_nothing_is_refused(page_of: Callable[..., Page]) -> None:
    page = page_of()
    foreign: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:")):
            foreign.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for address in (
        "/",
        "/labs/",
        "/labs/382051/",
        "/bureaus/kanto/",
        "/figures/",
        "/figures/charts/",
        "/en/",
    ):
        page.goto(address)
    assert foreign == []
    assert complaints == []


def test_english_and_back(page_of: Callable[..., Page]) -> None:
    page = page_of()
    page.goto("/labs/?scheme=dx")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url("/en/labs/?scheme=dx")
    page.get_by_role("link", name="日本語").click()
    expect(page).to_have_url("/labs/?scheme=dx")


def test_a_strangers_script_harvests_every_table(site: Site, tmp_path: Path) -> None:
    """The example of the documentation, run as anybody would: it knows the site's address and nothing else."""
    site.command("check_tables")
    script = Path(__file__).parents[2] / "examples" / "harvest.py"
    done = subprocess.run(
        [sys.executable, "-I", str(script), site.address + "/", str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert len(told) == len(list(tmp_path.glob("*.csv"))) > 20
    assert all(line.endswith("as promised") for line in told), told
