"""How soon a committed change is found, after a crash too, and what a case's page asks. `python -m bench.search_live`."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.numbers import Number, at_most, exactly
from bench.place import set_up

CHANGES = 20
PATIENCE = 30.0


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of the product, with the keeper of the index beside it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tsunagu.config.command", "worker", "--patience", "1"], env=dict(os.environ)
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def until_found(text: str) -> float:
    """Seconds until the public finds it; `inf` when it does not come."""
    from tsunagu.search import selectors
    from tsunagu.sharing.viewer import PUBLIC

    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE:
        if selectors.find(PUBLIC, text).exact:
            return time.perf_counter() - started
        time.sleep(0.02)
    return float("inf")


def change(number: int) -> str:
    """Log something with a word of its own; returns the word."""
    from tsunagu.activities.models import Activity, ActivityKind
    from tsunagu.registry.models import Lab

    word = f"zq{number:05d}xw"
    Activity.objects.create(
        lab=Lab.objects.all()[0], kind=ActivityKind.objects.all()[0], title=f"測定 {word}", started_on="2026-05-01", audience="public"
    )  # fmt: skip
    return word


def measure() -> Iterator[Number]:
    """Lag while a worker runs, what a killed worker had not done, and consistency afterwards."""
    place = tempfile.mkdtemp()
    os.environ["TSUNAGU_SEARCH_DIR"] = place
    set_up()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tsunagu.search.services.indexing import check

    settings.TSUNAGU_SEARCH_DIR = place
    settings.ALLOWED_HOSTS = ["*"]
    try:
        with worker() as running:
            until_found(change(0))
            times = [until_found(change(number)) for number in range(1, CHANGES)]
            yield at_most(
                "search.found_after_commit", round(max(times), 2), 2.0, "s", f"{CHANGES - 1} changes"
            )
            # In the midst of work: nothing committed may be lost.
            words = [change(number) for number in range(CHANGES, 2 * CHANGES)]
            running.send_signal(signal.SIGKILL)
        with worker():
            yield exactly(
                "search.found_after_a_kill", sum(until_found(word) < PATIENCE for word in words), len(words)
            )
        found = check()
        yield exactly("search.missing_or_surplus_after_it", len(found.missing) + len(found.surplus), 0)
        for address in ("/cases/S-0001/", "/cases/"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert Client().get(address).status_code == 200
            yield at_most(f"cases.queries {address}", len(asked), 10, "queries")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    for number in measure():
        print(number.line(), flush=True)
