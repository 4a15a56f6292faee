"""Numbers that a part of the test suite counts: run here on its own, and its result read."""

import re
import subprocess

from bench.place import ROOT


def passed(*selection: str) -> tuple[int, int]:
    """(passed, failed) of the tests selected."""
    done = subprocess.run(
        [str(ROOT / "scripts" / "pytest"), "-q", *selection],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0)
