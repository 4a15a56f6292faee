"""Accessibility and foreign requests, by the browser tests themselves."""

import re
import subprocess
from collections.abc import Iterator

from bench.numbers import Number, exactly
from bench.place import ROOT

SUITES = {
    "axe.violations_on_all_pages": ["tests/browser/test_axe.py"],
    "browser.third_party_requests": ["tests/browser/test_visitor.py", "-k", "nothing_comes_from_elsewhere"],
}


def measure() -> Iterator[Number]:
    """Zero unless a test says otherwise."""
    for name, arguments in SUITES.items():
        done = subprocess.run(
            ["scripts/pytest", "-q", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        failed = re.search(r"(\d+) failed", done.stdout)
        passed = re.search(r"(\d+) passed", done.stdout)
        problems = int(failed[1]) if failed else 0 if passed else -1
        yield exactly(name, problems, 0)
