"""Decisions of the programme about designations and their status. No database, no request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.kinds import EventKind, Reason, Scheme, Status


class Certainty(Enum):
    """Whether something had happened by a day, when its date may be known to the month only, or not at all."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"


@dataclass(frozen=True)
class Span:
    """The days on which something may have happened, both ends included."""

    earliest: date
    latest: date

    def by(self, day: date) -> Certainty:
        """Certain when every possible day has come, possible when some has."""
        if self.latest <= day:
            return Certainty.CERTAIN
        return Certainty.POSSIBLE if self.earliest <= day else Certainty.NO


def span_of(when: PartialDate) -> Span:
    return Span(when.earliest, when.latest)


@dataclass(frozen=True)
class Happening:
    """A status event, as far as the rules ask: what, when, why."""

    kind: str
    when: Span
    reason: str = ""


STATUS_AFTER = {
    EventKind.DORMANT: Status.DORMANT,
    EventKind.RESUMED: Status.SELECTED,
    EventKind.ENDED: Status.ENDED,
    EventKind.MOVED: Status.MOVED,
}

ALLOWED_EVENTS = {
    Status.SELECTED: (EventKind.DORMANT, EventKind.ENDED, EventKind.MOVED),
    Status.DORMANT: (EventKind.RESUMED, EventKind.ENDED, EventKind.MOVED),
    Status.ENDED: (),
    Status.MOVED: (),
}

REASONS_FOR = {
    EventKind.DORMANT: (Reason.RESOURCES, Reason.ORGANISATION, Reason.OTHER),
    EventKind.RESUMED: (Reason.RESUMED, Reason.OTHER),
    EventKind.ENDED: (
        Reason.GOAL_ACHIEVED,
        Reason.RESOURCES,
        Reason.ORGANISATION,
        Reason.SCHEME_CLOSED,
        Reason.OTHER,
    ),
    EventKind.MOVED: (Reason.MOVED,),
}


def selection_span(
    dates: Iterable[PartialDate | None], round_dates: Iterable[PartialDate | None], rounds: Iterable[Span]
) -> Span | None:
    """When a designation was made: its own first known date, else its round's, else within the scheme's rounds.

    `rounds` are the spans of the rounds it may belong to; None when nothing at all is known.
    """
    for known in (*dates, *round_dates):
        if known is not None:
            return span_of(known)
    candidates = list(rounds)
    if not candidates:
        return None
    return Span(min(span.earliest for span in candidates), max(span.latest for span in candidates))


def in_order(events: Iterable[Happening]) -> tuple[Happening, ...]:
    """Events as they count: by the day they had certainly happened, of one day the later recorded last."""
    return tuple(sorted(events, key=lambda event: event.when.latest))


def last_event(ordered: Sequence[Happening], day: date) -> Happening | None:
    """The last of the events (see `in_order`) that had certainly happened by `day`."""
    return next((event for event in reversed(ordered) if event.when.latest <= day), None)


def status_after(event: Happening | None) -> Status:
    """Where a designation stands after an event; selected before any."""
    return STATUS_AFTER[EventKind(event.kind)] if event else Status.SELECTED


def status_as_of(events: Iterable[Happening], day: date) -> Status:
    """The status after the last event that had certainly happened by `day`."""
    return status_after(last_event(in_order(events), day))


class EventRefused(ValueError):
    """An event that cannot follow; `code` says which rule it breaks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_event(
    *,
    events: Sequence[Happening],
    kind: str,
    when: PartialDate,
    reason: str,
    selected: Span | None,
    scheme: str,
) -> None:
    """Whether an event may be added after those already recorded. Raises `EventRefused`.

    休止, 終了 and 目標達成 stay apart: 目標達成 is a reason for 終了 only (seed A6); only an IoT lab moves (deck p.8).
    """
    if reason not in REASONS_FOR[EventKind(kind)]:
        raise EventRefused("reason_does_not_fit")
    if kind == EventKind.MOVED and scheme != Scheme.IOT:
        raise EventRefused("only_iot_moves")
    if selected is not None and when.latest < selected.earliest:
        raise EventRefused("before_selection")
    if events and when.latest < max(event.when.earliest for event in events):
        raise EventRefused("before_last_event")
    last = status_as_of(events, date.max)
    if EventKind(kind) not in ALLOWED_EVENTS[last]:
        raise EventRefused(f"not_after_{last.value}")


def check_member_dates(valid_from: PartialDate | None, valid_to: PartialDate | None) -> bool:
    """Whether a member can have left on or after the day it joined."""
    return valid_from is None or valid_to is None or valid_from.earliest <= valid_to.latest
