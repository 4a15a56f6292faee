"""Holding a computed count against a published one."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.figures.rules import Computed, Count, Counted, Verdict, compare


def count(certain: int, possible: int = 0) -> Count:
    return Count((Counted("x"),) * certain, (Counted("y"),) * possible)


def test_exact_counts_agree_or_differ() -> None:
    assert compare(7, count(7)) is Verdict.AGREE
    assert compare(8, count(7)) is Verdict.DIFFER


def test_a_published_number_within_the_doubt_is_neither() -> None:
    assert compare(72, count(29, 45)) is Verdict.UNKNOWN
    assert compare(75, count(29, 45)) is Verdict.DIFFER
    assert compare(28, count(29, 45)) is Verdict.DIFFER


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 80))
def test_doubt_never_counts_as_agreement(certain: int, possible: int, published: int) -> None:
    assert compare(published, count(certain, possible)) is not Verdict.AGREE


def test_a_percentage_needs_both_sides_exact() -> None:
    assert Computed(count(21), count(43)).percent == 49
    assert Computed(count(21, 1), count(43)).percent is None
    assert Computed(count(21), count(0)).percent is None
    assert Computed().percent is None
