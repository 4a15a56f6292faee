"""Numbers, wordings, what a paper is worth, from when to when the mark may be used."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.certificates.rules import (
    MarkRight,
    Standing,
    State,
    check_number_pattern,
    check_text,
    fill,
    make_number,
    mark_right,
    standing,
    years_selected,
)
from tsunagu.outbox.placeholders import PlaceholderRefused
from tsunagu.registry.kinds import EventKind, Status
from tsunagu.registry.rules import Happening, Span

DAYS = st.dates(date(2016, 1, 1), date(2035, 12, 31))


def happened(kind: EventKind, day: date) -> Happening:
    return Happening(kind, Span(day, day))


def test_a_number_follows_its_pattern() -> None:
    assert make_number("地DX第{{ round }}-{{ serial }}号", round_number=4, serial=12) == "地DX第4-012号"
    assert make_number("{{serial}}/{{round}}", round_number=None, serial=1000) == "1000/"


@pytest.mark.parametrize(
    "pattern", ["第{{ round }}号", "{{ serial }}号", "{{ serial }}{{ round }}{{ x }}", "号"]
)
def test_a_pattern_two_certificates_would_share_is_refused(pattern: str) -> None:
    with pytest.raises(PlaceholderRefused):
        check_number_pattern(pattern)


def test_an_unknown_place_in_the_text_is_named() -> None:
    check_text("{{ name }}を{{scheme}}に選定")
    with pytest.raises(PlaceholderRefused, match="lab_name"):
        check_text("{{ lab_name }}")


@given(st.text(max_size=30))
def test_what_is_filled_in_is_never_read_again(name: str) -> None:
    assert fill("A{{ name }}B", {"name": name}) == f"A{name}B"


def test_the_paper_speaks_before_the_designation() -> None:
    assert standing(State.REVOKED, Status.SELECTED) is Standing.REVOKED
    assert standing(State.SUPERSEDED, Status.ENDED) is Standing.SUPERSEDED
    assert [standing(State.VALID, status) for status in Status] == [
        Standing.VALID, Standing.DORMANT, Standing.ENDED, Standing.MOVED,
    ]  # fmt: skip


@given(DAYS, DAYS, DAYS)
def test_the_mark_begins_and_ends_with_the_designation(selected: date, ended: date, day: date) -> None:
    right = mark_right(selected=Span(selected, selected), events=[happened(EventKind.ENDED, ended)])
    assert right.on(day) == (selected <= day < ended)


@given(DAYS, DAYS)
def test_a_withdrawal_only_ever_ends_it_earlier(ended: date, withdrawn: date) -> None:
    events = [happened(EventKind.ENDED, ended)]
    assert mark_right(selected=None, events=events, withdrawn=withdrawn, reason="x").stops == min(
        ended, withdrawn
    )


@given(DAYS, DAYS)
def test_a_pause_does_not_touch_the_right(paused: date, day: date) -> None:
    assert mark_right(selected=None, events=[happened(EventKind.DORMANT, paused)]).on(day)


def test_a_move_ends_the_old_schemes_mark() -> None:
    right = mark_right(selected=None, events=[happened(EventKind.MOVED, date(2025, 4, 1))])
    assert right == MarkRight(None, date(2025, 4, 1), "選定の終了")


def test_years_of_selection() -> None:
    day = date(2016, 7, 31)
    assert years_selected(Span(day, day), date(2025, 3, 31)) == "2016–2025"
    assert years_selected(Span(day, day), None) == "2016–"
    assert years_selected(None, None) == ""
    assert years_selected(Span(day, date(2018, 1, 1)), date(2025, 3, 31)) == "–2025"
