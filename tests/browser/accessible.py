"""Accessibility of a page as it stands, at desktop and phone width, with one visit."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESKTOP, PHONE = 1366, 320
# What the width of the window can change; everything else, colours included, is the same page, looked at once.
OF_THE_LAYOUT = ["scrollable-region-focusable", "css-orientation-lock"]
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
return ids.filter((one, place) => ids.indexOf(one) !== place); }"""


def violations(page: Page, *, only_layout: bool = False) -> list[str]:
    """What axe finds, each with the first element it finds it in."""
    # All rules run; only of violations are all elements described, which takes as long as running the rules.
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if only_layout:
        options["runOnly"] = {"type": "rule", "values": OF_THE_LAYOUT}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def faults(page: Page) -> list[str]:
    """All that is wrong with the page that is open: axe, ids there twice, scrolling sideways."""
    # Two elements of one id: a label would name the first, which axe does not see.
    found = [f"an id is there twice: {one}" for one in page.evaluate(TWICE)]
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 768})
        found += [f"{width}: {one}" for one in violations(page, only_layout=width == PHONE)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: the page scrolls sideways")
    return found


def faults_of(page: Page, addresses: list[str], *, allowed: tuple[int, ...] = (200,)) -> dict[str, list[str]]:
    """The pages at these addresses that have faults, with them."""
    # Once for all pages; sent to each anew it would take a fifth of the time of looking.
    page.add_init_script(Axe().axe_script)
    problems = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in allowed, address
        if found := faults(page):
            problems[address] = found
    return problems
