"""The form as an Excel workbook, out and in: hard characters and any text (tests/questionnaires/test_workbook.py)."""

from collections.abc import Iterator

from bench.numbers import Number, exactly
from bench.suite import passed


def measure() -> Iterator[Number]:
    """The number of issue C: nothing lost."""
    same, differ = passed("tests/questionnaires/test_workbook.py", "-k", "come_back or comes_back or longer")
    yield Number(
        "ok" if same >= 18 else "short", "workbook.round_trips_tried", str(same), ">= 18 groups of texts"
    )
    yield exactly("workbook.round_trips_that_lost", differ, 0)
