"""The programme's decisions about dates and status."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.kinds import EventKind, Reason, Scheme, Status
from tsunagu.registry.rules import (
    Certainty,
    EventRefused,
    Happening,
    Span,
    check_event,
    check_member_dates,
    selection_span,
    span_of,
    status_as_of,
)

DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def happening(kind: EventKind, text: str, reason: str = "") -> Happening:
    return Happening(kind, span_of(PartialDate.from_iso(text)), reason)


def test_a_month_is_certain_only_when_it_is_over() -> None:
    april = span_of(PartialDate(2023, 4))
    assert april.by(date(2023, 3, 31)) is Certainty.NO
    assert april.by(date(2023, 4, 1)) is Certainty.POSSIBLE
    assert april.by(date(2023, 4, 29)) is Certainty.POSSIBLE
    assert april.by(date(2023, 4, 30)) is Certainty.CERTAIN


@given(DAYS, DAYS, DAYS)
def test_certainty_never_falls_as_days_pass(first: date, second: date, day: date) -> None:
    span = Span(min(first, second), max(first, second))
    order = [Certainty.NO, Certainty.POSSIBLE, Certainty.CERTAIN]
    assert order.index(span.by(day)) <= order.index(span.by(day + timedelta(days=1)))


def test_a_designation_takes_its_date_from_itself_then_its_round_then_the_scheme() -> None:
    own, of_round = PartialDate(2023, 4), PartialDate(2023, 4, 1)
    rounds = [span_of(PartialDate(2016, 7, 31)), span_of(PartialDate(2022, 3))]
    assert selection_span([own], [of_round], rounds) == span_of(own)
    assert selection_span([None], [of_round], rounds) == span_of(of_round)
    assert selection_span([None], [], rounds) == Span(date(2016, 7, 31), date(2022, 3, 31))
    assert selection_span([], [], []) is None


def test_status_follows_the_last_event_that_certainly_happened() -> None:
    events = [happening(EventKind.DORMANT, "2022-05"), happening(EventKind.RESUMED, "2023-02-01")]
    assert status_as_of(events, date(2022, 5, 30)) is Status.SELECTED
    assert status_as_of(events, date(2022, 5, 31)) is Status.DORMANT
    assert status_as_of(events, date(2023, 2, 1)) is Status.SELECTED


def test_of_two_events_of_one_day_the_later_recorded_counts() -> None:
    events = [happening(EventKind.DORMANT, "2022-05-01"), happening(EventKind.ENDED, "2022-05-01")]
    assert status_as_of(events, date(2022, 5, 1)) is Status.ENDED


def refused(
    kind: EventKind, when: str, reason: Reason, *, events: list[Happening], scheme: str = Scheme.IOT
) -> str:
    with pytest.raises(EventRefused) as caught:
        check_event(
            events=events,
            kind=kind,
            when=PartialDate.from_iso(when),
            reason=reason,
            selected=span_of(PartialDate(2017, 8, 7)),
            scheme=scheme,
        )
    return caught.value.code


def test_goal_achieved_is_a_reason_for_ending_only() -> None:
    assert refused(EventKind.DORMANT, "2022-05", Reason.GOAL_ACHIEVED, events=[]) == "reason_does_not_fit"


def test_only_an_iot_lab_moves() -> None:
    assert refused(EventKind.MOVED, "2023-04", Reason.MOVED, events=[], scheme=Scheme.DX) == "only_iot_moves"


def test_nothing_happens_before_selection() -> None:
    assert refused(EventKind.ENDED, "2017-08-06", Reason.OTHER, events=[]) == "before_selection"


def test_nothing_happens_after_the_end() -> None:
    ended = [happening(EventKind.ENDED, "2020-03-31")]
    assert refused(EventKind.DORMANT, "2021-01", Reason.RESOURCES, events=ended) == "not_after_ended"
    assert refused(EventKind.ENDED, "2019-01", Reason.OTHER, events=ended) == "before_last_event"


def test_a_dormant_lab_resumes_and_does_not_fall_dormant_again() -> None:
    dormant = [happening(EventKind.DORMANT, "2020-03-31")]
    assert refused(EventKind.DORMANT, "2021-01", Reason.RESOURCES, events=dormant) == "not_after_dormant"
    check_event(
        events=dormant,
        kind=EventKind.RESUMED,
        when=PartialDate(2021, 1),
        reason=Reason.RESUMED,
        selected=None,
        scheme=Scheme.IOT,
    )


def test_a_member_cannot_leave_before_it_joined() -> None:
    assert check_member_dates(PartialDate(2023, 4), PartialDate(2023, 4))
    assert check_member_dates(None, PartialDate(2020))
    assert not check_member_dates(PartialDate(2023, 4), PartialDate(2023, 3, 31))
