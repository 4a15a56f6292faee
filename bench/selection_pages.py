"""The secretariat's pages with 2,000 applications and three reviews each: time and statements. `python -m bench.selection_pages`."""

import statistics
import time
from collections.abc import Iterator

from bench.numbers import Number, at_most
from bench.place import set_up
from bench.selection_world import make_reviewed

RUNS = 40


def run() -> dict[str, tuple[float, int]]:
    """Page → (p50 in milliseconds, statements), by Django's own client in this process."""
    set_up()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from tsunagu.accounts.services import invite_person
    from tsunagu.selection.models import Application

    settings.TSUNAGU_REQUIRE_TWO_STEPS = False
    cutoff, panel = make_reviewed()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(invite_person(email="bench-ipa@example.invalid", name="測定", role="ipa"))
    one = Application.objects.filter(cutoff=cutoff).order_by("pk")[1000]
    pages = {
        "list": reverse("selection:applications"),
        "search": reverse("selection:applications") + "?text=測定市19",
        "dashboard": reverse("reviewing:panel", args=[panel.pk]),
        "disagreement": reverse("reviewing:panel", args=[panel.pk]) + "?sort=spread",
        "application": reverse("selection:application", args=[one.key]),
    }
    found = {}
    for name, address in pages.items():
        for _warm in range(3):
            assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted = [
            one
            for one in queries.captured_queries
            if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]
        times = []
        for _run in range(RUNS):
            started = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        found[name] = (statistics.median(times), len(counted))
    return found


def measure() -> Iterator[Number]:
    """The numbers of issue C about pages."""
    found = run()
    limits = {"list": 60, "search": 60, "dashboard": 70, "disagreement": 70, "application": 40}
    for name, (milliseconds, statements) in found.items():
        yield at_most(f"selection.{name}.p50", round(milliseconds, 1), limits[name], "ms")
        yield at_most(f"selection.{name}.statements", statements, 15, "SQL")


if __name__ == "__main__":
    for line in measure():
        print(line.line())
