"""The walk through every route as every role, run as the test suite runs it."""

import json
import subprocess
from collections.abc import Iterator

from bench.numbers import Number, at_most, exactly
from bench.place import ROOT

LEAST = 5_000


def measure() -> Iterator[Number]:
    """Runs `tests/sharing` and reads what it wrote."""
    result = ROOT / "var" / "test" / "walk.json"
    result.unlink(missing_ok=True)
    command = [str(ROOT / "scripts" / "pytest"), "-q", "-n", "2", "--dist", "loadfile", "tests/sharing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or not result.exists():
        yield Number("short", "walk.checks", "the walk failed", f">= {LEAST}")
        print(done.stdout[-3000:])
        return
    found = json.loads(result.read_text())
    state = "ok" if found["checks"] >= LEAST else "short"
    yield Number(state, "walk.checks", str(found["checks"]), f">= {LEAST}")
    yield exactly("walk.leaks", found["leaks"], 0)
    yield at_most("walk.seconds", found["seconds"], 120, "s")
