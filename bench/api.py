"""The read API: time and queries of a list of 50, and whether it does what it says. `python -m bench.api [EXAMPLES]`."""

import http.client
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.numbers import Number, at_most, exactly
from bench.pages import make_history
from bench.place import server, set_up

LISTS = ("labs", "local-governments", "cases", "activities", "members", "status-events")
REPEATS = 40
EXAMPLES = 10


def query_counts() -> dict[str, int]:
    """SQL statements of a list of 50."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # With the count of how often somebody asks, as outside a measurement.
    settings.TSUNAGU_LIMITS = True
    client, counts = Client(), {}
    for name in LISTS:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/api/v1/{name}?limit=50")
        counts[name] = len(captured)
    return counts


def times(address: str) -> dict[str, float]:
    """The 95th percentile of milliseconds from request to the last byte, for each list."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    found: dict[str, list[float]] = {name: [] for name in LISTS}
    for turn in range(REPEATS + 3):
        for name in LISTS:
            started = time.perf_counter()
            connection.request("GET", f"/api/v1/{name}?limit=50", headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            if turn >= 3:
                found[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.quantiles(values, n=20)[-1] for name, values in found.items()}


def failures(address: str, examples: int) -> tuple[int, int]:
    """(what schemathesis found to differ from the description, how many requests it sent)."""
    program = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"]
    done = subprocess.run(
        [*program, "--max-examples", str(examples), "--generation-deterministic"],
        capture_output=True,
        text=True,
    )
    told = re.search(r"(\d+) generated(?:, (\d+) found)?", done.stdout)
    if told is None:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return int(told[2] or 0), int(told[1])


def measure(examples: int = EXAMPLES) -> Iterator[Number]:
    """Queries, p95 with 400 labs of history, and what differs from the description."""
    set_up()
    make_history()
    make_activities()
    counts = query_counts()
    most = max(counts, key=lambda one: counts[one])
    yield at_most("api.list_of_50_queries", counts[most], 6, "queries", most)
    with server() as (address, _process):
        p95 = times(address)
        slowest = max(p95, key=lambda one: p95[one])
        yield at_most("api.list_of_50_p95", round(p95[slowest], 1), 40, "ms", slowest)
        found, sent = failures(address, examples)
        yield exactly("api.differs_from_its_description", f"{found} of {sent}", f"0 of {sent}")


def make_activities() -> None:
    """2,000 public activities, so that a page of them is one of many."""
    from tsunagu.activities.models import Activity, ActivityKind
    from tsunagu.registry.models import Lab

    labs, kinds = list(Lab.objects.all()[:40]), list(ActivityKind.objects.all())
    Activity.objects.bulk_create(
        Activity(
            lab=labs[number % len(labs)], kind=kinds[number % len(kinds)], title=f"計測用の活動{number}",
            started_on=f"2025-{number % 12 + 1:02d}-{number % 27 + 1:02d}", people=number % 90, audience="public",
        )
        for number in range(2000)
    )  # fmt: skip


if __name__ == "__main__":
    for one in measure(int(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES):
        print(one.line(), flush=True)
