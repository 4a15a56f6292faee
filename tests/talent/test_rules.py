"""Retention, stalls, the three points, scores: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.talent.plan import first_plan
from tsunagu.talent.rules import (
    SCORE,
    Bringing,
    NotAllowed,
    Wanted,
    barred,
    check_ranks,
    consent_words,
    fit,
    is_late,
    keep_until,
    monday_of,
    months_after,
    points_due,
    stalls,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def wanted(**more: object) -> Wanted:
    return Wanted(
        **{
            "key": 1,
            "needs": frozenset({"data", "ai"}),
            "hours": 10,
            "prefecture": "410004",
            "mode": "either",
            **more,
        }
    )  # type: ignore[arg-type]


def bringing(**more: object) -> Bringing:
    known = {
        "key": 1,
        "skills": frozenset({"data", "ai"}),
        "hours": 20,
        "places": 1,
        "home": "410004",
        "mode": "either",
    }
    return Bringing(**{**known, **more})  # type: ignore[arg-type]


@given(DAYS, st.integers(0, 60))
def test_months_after_keeps_the_day_or_the_last_of_the_month(day: date, months: int) -> None:
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_data_stay_so_long_after_the_final_report() -> None:
    assert keep_until(agreed_on=date(2026, 5, 1), reports_on=date(2027, 2, 28), keep_months=12) == date(
        2028, 2, 28
    )
    assert keep_until(agreed_on=date(2026, 5, 31), reports_on=None, keep_months=1) == date(2026, 6, 30)
    words = consent_words(edition="2026年度", purpose="連絡のため", keep_months=6)
    assert "6か月" in words
    assert "連絡のため" in words


@given(DAYS)
def test_a_week_is_its_monday(day: date) -> None:
    assert monday_of(day).weekday() == 0
    assert 0 <= (day - monday_of(day)).days < 7


def test_stalls_say_why() -> None:
    began, today = date(2026, 10, 1), date(2026, 10, 20)
    assert (
        stalls(
            today=today, began_on=began, last_note=date(2026, 10, 12), is_stuck=False, late=[], stall_days=14
        )
        == []
    )
    found = stalls(
        today=today, began_on=began, last_note=None, is_stuck=True, late=["公表する"], stall_days=14
    )
    assert len(found) == 3
    assert "19日" in found[0]
    assert is_late(date(2026, 10, 1), None, date(2026, 10, 9))
    assert not is_late(date(2026, 10, 1), None, date(2026, 10, 8))
    assert not is_late(date(2026, 10, 1), date(2026, 10, 9), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 9, 30), []), (date(2026, 10, 1), ["start"]), (date(2026, 12, 16), ["start", "middle"]),
        (date(2027, 2, 13), ["start", "middle"]), (date(2027, 2, 14), ["start", "middle", "end"]),
    ],
)  # fmt: skip
def test_the_three_points(today: date, due: list[str]) -> None:
    assert points_due(today=today, starts_on=date(2026, 10, 1), reports_on=date(2027, 2, 28)) == due
    assert points_due(today=today, starts_on=None, reports_on=date(2027, 2, 28)) == []


@pytest.mark.parametrize("kind", ["nintei", "model", "prototype", "other"])
def test_a_plan_ends_with_the_final_report(kind: str) -> None:
    plan = first_plan(kind, begins=date(2026, 10, 1), reports_on=date(2027, 2, 28))
    assert plan[-1][1] == date(2027, 2, 28)
    assert [due for _title, due in plan] == sorted(due for _title, due in plan)


def test_the_best_fit_is_one_and_says_why() -> None:
    best = fit(wanted(), bringing(), company_rank=1, talent_rank=1)
    assert best.score == SCORE
    assert any("1番目" in text for text in best.reasons)
    assert fit(wanted(), bringing(), company_rank=None, talent_rank=5).score < best.score
    assert (
        fit(wanted(mode="onsite"), bringing(home="130001"), company_rank=1, talent_rank=1).score < best.score
    )


@pytest.mark.parametrize(
    "more", [{"places": 0}, {"hours": 9}, {"skills": frozenset({"design"})}, {"mode": "online"}]
)
def test_rules_bar_and_say_which(more: dict[str, object]) -> None:
    assert barred(wanted(mode="onsite"), bringing(**more))
    assert fit(wanted(mode="onsite"), bringing(**more), company_rank=1, talent_rank=1).score == 0


@given(st.integers(1, 9) | st.none(), st.integers(1, 9) | st.none(), st.integers(10, 90), st.booleans())
def test_scores_stay_between_nothing_and_one(
    one: int | None, other: int | None, hours: int, near: bool
) -> None:
    its = fit(
        wanted(),
        bringing(hours=hours, home="410004" if near else "130001"),
        company_rank=one,
        talent_rank=other,
    )
    assert 0 < its.score <= SCORE


def test_a_place_is_given_once() -> None:
    check_ranks([1, None, 2, None])
    with pytest.raises(NotAllowed, match="2番目"):
        check_ranks([2, 1, 2])
