"""Conflicts of interest: five relations at five entry points, all barred (tests/reviewing/test_conflicts.py)."""

from collections.abc import Iterator

from bench.numbers import Number, exactly
from bench.suite import passed


def measure() -> Iterator[Number]:
    """The number of issue C: 25 of 25."""
    barred, failed = passed("tests/reviewing/test_conflicts.py", "-k", "test_a_conflict_bars_everywhere")
    yield exactly("conflicts.barred_of_25", barred, 25)
    yield exactly("conflicts.let_through", failed, 0)
