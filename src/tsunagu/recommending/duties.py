"""What follows a recommendation: DX認定 is filed by the edition's day, and the recommender is reminded until then. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from tsunagu.engines.dates import business_days_until
from tsunagu.recommending.rules import GIVEN, Rules

# Business days before the due day on which the recommender is reminded.
LADDER = (20, 10, 5, 3, 1, 0)


@dataclass(frozen=True)
class Duty:
    """The filing a recommender has promised to help with."""

    due_on: date
    filed_on: date | None = None

    @property
    def is_done(self) -> bool:
        return self.filed_on is not None

    @property
    def was_late(self) -> bool:
        return self.filed_on is not None and self.filed_on > self.due_on

    def is_late(self, on: date) -> bool:
        return not self.is_done and on > self.due_on


def duty(
    rules: Rules, *, step: str, pledge: str, planned_filing_on: date | None, filed_on: date | None
) -> Duty | None:
    """The duty that follows a recommendation with a pledge; None without one, or before it was sent.

    Due is the edition's day; where that is not known, the day the company planned.
    """
    due = rules.filing_deadline or planned_filing_on
    if step not in GIVEN or not pledge.strip() or due is None:
        return None
    return Duty(due, filed_on)


def rung(duty: Duty, *, today: date) -> str:
    """Which reminder is due: the nearest rung whose day has come, one a week once it is late; '' for none.

    The same rung has the same name on every day until the next one, so that a day nobody was there loses nothing.
    """
    if duty.is_done:
        return ""
    if today > duty.due_on:
        year, week, _day = today.isocalendar()
        return f"late-{year}-{week:02d}"
    left = business_days_until(duty.due_on, today=today)
    reached = [one for one in LADDER if left <= one]
    return f"before-{min(reached)}" if reached else ""


def next_rung_on(duty: Duty, *, today: date) -> date | None:
    """The next day on which a reminder goes out before the due day; None when late or done."""
    if duty.is_done or today >= duty.due_on:
        return None
    now, day = rung(duty, today=today), today
    while day < duty.due_on:
        day += timedelta(days=1)
        if rung(duty, today=day) != now:
            return day
    return None
