"""Starting: a fresh clone, and again; the time of the tests."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.numbers import Number, absent, at_most, exactly
from bench.place import ROOT

STOP_LIMIT = 30
READY = "つなぐ を開きました"


def run_until_ready(folder: Path) -> tuple[float, int]:
    """Seconds from `make run` to its ready line, and how many processes are left after Ctrl-C."""
    keep = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("TSUNAGU", "DATABASE", "DJANGO"))
    }
    environment = {**keep, "TSUNAGU_PORT": "8900"}
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if READY in line:
            break
    else:
        raise RuntimeError("".join(lines))
    seconds = time.monotonic() - started
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.communicate(timeout=STOP_LIMIT)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        raise RuntimeError("make run did not stop on Ctrl-C") from error
    time.sleep(1)
    left = [
        one for one in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(one.info["cmdline"] or [])
    ]
    return seconds, len(left)


def measure() -> Iterator[Number]:
    """Fresh clone, second run, nothing left behind, and how long the last `make test` took."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagu-fresh-"))
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "tsunagu")], check=True)
        fresh, left = run_until_ready(folder / "tsunagu")
        yield at_most("start.fresh_make_run", round(fresh, 1), 120, "s")
        second, left_again = run_until_ready(folder / "tsunagu")
        yield at_most("start.second_make_run", round(second, 1), 5, "s")
        yield exactly("start.processes_left_after_ctrl_c", left + left_again, 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    last = ROOT / "var" / "last-test.json"
    if not last.exists():
        yield absent("tests.make_test", "run `make test` first", "< 600 s")
        return
    result = json.loads(last.read_text())
    if not result["ok"]:
        yield Number("short", "tests.make_test", f"failed at {result['finished_at']}", "all pass in < 600 s")
        return
    yield at_most("tests.make_test (last run)", result["seconds"], 600, "s")
