"""The rules of recommending, edition by edition, and of the filing that follows. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.dates import is_business_day
from tsunagu.recommending.duties import LADDER, Duty, duty, next_rung_on, rung
from tsunagu.recommending.rules import (
    GIVEN,
    CompanyFacts,
    Nintei,
    Route,
    Rules,
    Slip,
    Step,
    problems,
)
from tsunagu.recommending.sizes import Size, size_of
from tsunagu.registry.kinds import Status

ON = date(2025, 12, 10)
R2026 = Rules(
    year=2026, opens_on=date(2025, 12, 1), closes_on=date(2025, 12, 22), routes_with=["self", "lab", "other"],
    routes_without=["lab", "other"], pledge_needed=True, filing_deadline=date(2026, 1, 31), capital_below=10**9,
    staff_at_most=2000, past_winners_excluded=True,
)  # fmt: skip
WITHOUT = CompanyFacts(capital=30_000_000, staff=40, nintei=Nintei.NONE)
HOLDER = replace(WITHOUT, nintei=Nintei.HELD, nintei_from=date(2025, 1, 1), nintei_to=date(2026, 12, 31))
GOOD = Slip(Route.LAB, reasons="理由", pledge="助けます", planned_filing_on=date(2026, 1, 31))


def fields(
    rules: Rules = R2026,
    state: Status | None = Status.SELECTED,
    company: CompanyFacts = WITHOUT,
    slip: Slip = GOOD,
    on: date = ON,
) -> list[str]:
    return [one.field for one in problems(rules, state, company, slip, on) if one.stops]


def test_a_complete_recommendation_has_no_problem() -> None:
    assert problems(R2026, Status.SELECTED, WITHOUT, GOOD, ON) == []
    assert problems(R2026, Status.SELECTED, HOLDER, Slip(Route.SELF, reasons="理由"), ON) == []


@pytest.mark.parametrize("state", [None, Status.DORMANT, Status.ENDED, Status.MOVED])
def test_only_a_lab_with_a_designation_in_force(state: Status | None) -> None:
    assert fields(state=state) == ["lab"]


def test_2026_takes_a_company_without_nintei_only_by_recommendation_with_a_pledge() -> None:
    assert fields(slip=replace(GOOD, route=Route.SELF)) == ["route"]
    assert fields(slip=replace(GOOD, pledge=" ")) == ["pledge"]
    assert fields(slip=replace(GOOD, planned_filing_on=None)) == ["planned_filing_on"]
    assert fields(slip=replace(GOOD, planned_filing_on=date(2026, 2, 1))) == ["planned_filing_on"]
    assert fields(slip=replace(GOOD, planned_filing_on=date(2025, 12, 9))) == ["planned_filing_on"]
    assert fields(slip=replace(GOOD, planned_filing_on=date(2025, 12, 9), filed_on=date(2025, 12, 9))) == []


def test_2022_and_2023_took_only_labs_recommendations() -> None:
    rules = Rules(year=2022, lab_scheme="iot", routes_with=["lab"], routes_without=["lab"])
    for route, expected in ((Route.LAB, []), (Route.SELF, ["route"]), (Route.OTHER, ["route"])):
        assert fields(rules, slip=replace(GOOD, route=route)) == expected
    told = problems(rules, None, WITHOUT, GOOD, ON)
    assert "地方版IoT推進ラボ" in next(one.message for one in told if one.field == "lab")


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2025, 11, 30), ["edition"]), (date(2025, 12, 1), []), (date(2025, 12, 22), []), (date(2025, 12, 23), ["edition"])],
)  # fmt: skip
def test_the_intake_counts_both_its_days(on: date, expected: list[str]) -> None:
    assert fields(on=on) == expected


@pytest.mark.parametrize(
    ("capital", "staff", "note", "expected"),
    [
        (999_999_999, 2000, "", []), (10**9, 2000, "", ["capital"]), (999_999_999, 2001, "", ["staff"]), (None, 10, "", ["capital"]),
        (10**9, 2001, "同じくらいの規模", []), (0, 0, "", []),
    ],
)  # fmt: skip
def test_size(capital: int | None, staff: int | None, note: str, expected: list[str]) -> None:
    assert fields(company=replace(WITHOUT, capital=capital, staff=staff, size_note=note)) == expected


def test_past_winners() -> None:
    assert fields(company=replace(WITHOUT, won_years=[2024])) == ["company"]
    assert fields(company=replace(WITHOUT, won_years=[2026])) == []
    assert (
        fields(replace(R2026, past_winners_excluded=False), company=replace(WITHOUT, won_years=[2024])) == []
    )


def test_nintei_counts_only_while_it_is_in_force() -> None:
    over = replace(HOLDER, nintei_to=ON - timedelta(days=1))
    assert "nintei" in fields(company=over)
    assert fields(company=replace(HOLDER, nintei_to=ON), slip=Slip(Route.SELF, reasons="x")) == []
    assert "nintei" in fields(company=replace(WITHOUT, nintei=Nintei.UNKNOWN))


def test_a_rule_nobody_found_stops_nobody_but_is_said() -> None:
    told = problems(Rules(year=2027), Status.SELECTED, WITHOUT, GOOD, ON)
    assert told
    assert not any(one.stops for one in told)
    assert all("未確認" in one.message and one.mend for one in told)


RULES = st.builds(
    Rules,
    year=st.integers(2022, 2030),
    opens_on=st.none() | st.dates(date(2025, 11, 1), date(2026, 2, 1)),
    closes_on=st.none() | st.dates(date(2025, 11, 1), date(2026, 2, 1)),
    routes_with=st.none() | st.lists(st.sampled_from(Route.values)),
    routes_without=st.none() | st.lists(st.sampled_from(Route.values)),
    pledge_needed=st.none() | st.booleans(),
    filing_deadline=st.none() | st.dates(date(2025, 11, 1), date(2026, 3, 1)),
    capital_below=st.none() | st.integers(0, 10**10),
    staff_at_most=st.none() | st.integers(0, 5000),
    past_winners_excluded=st.none() | st.booleans(),
)
FACTS = st.builds(
    CompanyFacts,
    capital=st.none() | st.integers(0, 10**10),
    staff=st.none() | st.integers(0, 5000),
    size_note=st.sampled_from(["", "説明"]),
    nintei=st.sampled_from(Nintei),
    nintei_from=st.none() | st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    nintei_to=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    won_years=st.lists(st.integers(2022, 2030), max_size=2),
)
SLIPS = st.builds(
    Slip,
    route=st.sampled_from(Route),
    reasons=st.sampled_from(["", " ", "理由"]),
    pledge=st.sampled_from(["", "助けます"]),
    planned_filing_on=st.none() | st.dates(date(2025, 11, 1), date(2026, 3, 1)),
    filed_on=st.none() | st.just(ON),
)


@given(RULES, st.none() | st.sampled_from(Status), FACTS, SLIPS)
def test_whatever_passes_keeps_every_rule(
    rules: Rules, state: Status | None, company: CompanyFacts, slip: Slip
) -> None:
    found = problems(rules, state, company, slip, ON)
    assert all(one.message and one.mend and one.field for one in found)
    assert [one.stops for one in found] == sorted((one.stops for one in found), reverse=True)
    if any(one.stops for one in found):
        return
    assert state is Status.SELECTED
    assert rules.opens_on is None or rules.opens_on <= ON
    assert rules.closes_on is None or rules.closes_on >= ON
    allowed = rules.routes(holds=company.holds(ON))
    assert allowed is None or slip.route in allowed
    if rules.pledge_needed and not company.holds(ON):
        assert slip.pledge
        assert slip.filed_on or (
            slip.planned_filing_on and slip.planned_filing_on <= (rules.filing_deadline or date.max)
        )
    if rules.past_winners_excluded:
        assert not any(year < rules.year for year in company.won_years)


@pytest.mark.parametrize(
    ("capital", "staff", "trade", "expected"),
    [
        (300_000_000, 5000, "making", Size.SMALL), (300_000_001, 300, "making", Size.SMALL),
        (300_000_001, 301, "making", Size.MIDDLE), (10**10, 2000, "retail", Size.MIDDLE), (10**10, 2001, "retail", Size.LARGE),
        (100_000_001, 100, "service", Size.SMALL), (100_000_000, 101, "wholesale", Size.SMALL),
        (None, None, "making", Size.UNKNOWN), (10**10, None, "making", Size.UNKNOWN), (1, 1, "", Size.UNKNOWN),
    ],
)  # fmt: skip
def test_sizes_in_law(capital: int | None, staff: int | None, trade: str, expected: Size) -> None:
    assert size_of(capital=capital, staff=staff, trade=trade) is expected


def test_the_duty_begins_with_sending_and_a_pledge() -> None:
    day = date(2026, 1, 20)
    for step in Step:
        found = duty(R2026, step=step, pledge="助けます", planned_filing_on=day, filed_on=None)
        assert (found is not None) == (step in GIVEN)
    assert duty(R2026, step=Step.SENT, pledge="", planned_filing_on=day, filed_on=None) is None
    unknown = replace(R2026, filing_deadline=None)
    planned = duty(unknown, step=Step.SENT, pledge="x", planned_filing_on=day, filed_on=None)
    assert planned == Duty(day)


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(-40, 60))
def test_rungs_only_come_nearer_and_each_has_its_day(due: date, before: int) -> None:
    one, today = Duty(due), due - timedelta(days=before)
    now, tomorrow = rung(one, today=today), rung(one, today=today + timedelta(days=1))
    assert (now == "") == (today <= due and _left(due, today) > max(LADDER))
    if now.startswith("before") and tomorrow.startswith("before"):
        assert int(tomorrow.split("-")[1]) <= int(now.split("-")[1])
    assert now.startswith("late") == (today > due)
    assert rung(Duty(due, filed_on=today), today=today) == ""
    following = next_rung_on(one, today=today)
    assert following is None or today < following <= due


def _left(due: date, today: date) -> int:
    days = (today + timedelta(days=one) for one in range(1, (due - today).days + 1))
    return sum(is_business_day(one) for one in days)


def test_a_late_filing_is_recalled_once_a_week() -> None:
    one = Duty(date(2026, 1, 30))
    names = {rung(one, today=date(2026, 2, 2) + timedelta(days=day)) for day in range(7)}
    assert len(names) == 1
    assert Duty(date(2026, 1, 30), filed_on=date(2026, 1, 31)).was_late
