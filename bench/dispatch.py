"""A month of 600 requests and 150 experts, proposed with reasons in a real browser. `python -m bench.dispatch`."""

import os
import random
import time
from collections.abc import Iterator
from datetime import date

from bench.numbers import Number, at_most, exactly
from bench.place import chromium, server, set_up

REQUESTS, EXPERTS = 600, 150
SEED = 20260401
MONTH = date(2027, 2, 1)


def make() -> None:
    """Experts, six in ten of them in Tokyo, and requests of every lab; seeded."""
    from django.utils import timezone

    from tsunagu.accounts.models import Person
    from tsunagu.cases.models import Industry
    from tsunagu.experts.models import DispatchRequest, DispatchRules, Expert, Theme
    from tsunagu.registry.models import Lab, LocalGovernment

    dice = random.Random(SEED)
    themes, industries = list(Theme.objects.all()), list(Industry.objects.all())
    homes = list(LocalGovernment.objects.filter(prefecture=None))
    tokyo = next(one for one in homes if one.lg_code == "130001")
    DispatchRules.objects.create(most_of_a_lab=20)
    for number in range(EXPERTS):
        person = Person.objects.create_person(f"e{number}@example.invalid", f"計測 {number}")
        expert = Expert.objects.create(
            person=person, headline="計測", home=tokyo if dice.random() < 0.6 else dice.choice(homes),
            confirmed_on=timezone.localdate(), most_a_month=4, most_a_year=12,
        )  # fmt: skip
        expert.themes.set(dice.sample(themes, 3))
        expert.industries.set(dice.sample(industries, 4))
    labs = list(Lab.objects.all())
    DispatchRequest.objects.bulk_create(
        DispatchRequest(
            number=f"D-{number + 1:04d}", lab=labs[number % len(labs)], state="ready", title=f"計測の相談{number}",
            theme=dice.choice(themes), industry=dice.choice(industries), situation="状況", goal="目標", month=MONTH,
            mode=dice.choice(["online", "onsite", "either"]), sent_at=timezone.now(),
        )
        for number in range(REQUESTS)
    )  # fmt: skip


def in_the_browser() -> tuple[float, int, int]:
    """Press the button in Chromium: (seconds until the whole plan can be offered, steps that were shown before, rows)."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from tsunagu.accounts.services import invite_person, issue_sign_in_link

    person = invite_person(email="bench-ipa@example.invalid", name="計測", role="ipa", is_demo=True)
    link = reverse("accounts:use_link", args=[issue_sign_in_link(person=person)])
    with server() as (address, _process), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_context(locale="ja-JP").new_page()
        page.goto(address + link)
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()
        times, steps, rows = [], 0, 0
        for _turn in range(3):
            page.goto(f"{address}{reverse('dispatch_office:month')}")
            page.select_option("#month", MONTH.isoformat())
            started = time.perf_counter()
            page.get_by_role("button", name="案を作る").click(no_wait_after=True)
            page.wait_for_selector(".so-far", state="attached", timeout=120_000)
            shown = time.perf_counter() - started
            page.get_by_role("button", name="この案を双方に示す").wait_for(timeout=120_000)
            times.append(time.perf_counter() - started)
            # What comes at the end only is no progress.
            steps += shown < times[-1]
            rows = page.locator(".computing tbody tr").count()
        browser.close()
    return sorted(times)[1], steps, rows


def measure() -> Iterator[Number]:
    """Seconds from the button to the whole plan in a browser, with progress before; and that nobody carries more than they said."""
    set_up()
    make()
    from tsunagu.experts.services.batching import plan_month

    took, steps, rows = in_the_browser()
    yield at_most("dispatch.month_of_600_by_150", round(took, 2), 5, "s", "in a browser, median of 3")
    yield exactly("dispatch.progress_shown_before_the_plan", f"{steps} of 3 times", "3 of 3 times")
    started = time.process_time()
    plan = plan_month(MONTH)
    yield at_most("dispatch.month_of_600_by_150_cpu", round(time.process_time() - started, 2), 5, "s")
    yield exactly("dispatch.rows_shown", rows, len(plan.rows))
    loads = plan.solution.loads.values()
    yield exactly("dispatch.over_their_limit", sum(one > 4 for one in loads), 0)
    yield exactly(
        "dispatch.requests_without_a_reason", sum(not reasons for *_row, reasons, _missing in plan.rows), 0
    )


if __name__ == "__main__":
    for number in measure():
        print(number.line(), flush=True)
