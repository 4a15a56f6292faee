"""When a role counts: between its days, and only if somebody confirmed it this fiscal year (人事異動 on 1 April)."""

from datetime import date, timedelta
from enum import Enum

from tsunagu.engines.dates.fiscal import fiscal_year

# After 1 April there is a month to confirm; then the role rests until somebody does.
GRACE = timedelta(days=30)


class Standing(Enum):
    """How a membership stands on a day."""

    HELD = "held"
    TO_CONFIRM = "to_confirm"
    RESTING = "resting"
    OVER = "over"


def year_begins(day: date) -> date:
    """1 April of the fiscal year of `day`."""
    return date(fiscal_year(day), 4, 1)


def standing(*, valid_from: date, valid_to: date | None, confirmed_on: date, today: date) -> Standing:
    """Whether a membership counts today; `TO_CONFIRM` still counts, `RESTING` no longer does."""
    if today < valid_from or (valid_to is not None and today > valid_to):
        return Standing.OVER
    opened = year_begins(today)
    last = max(confirmed_on, valid_from)
    if last >= opened:
        return Standing.HELD
    # Only a role that held until 31 March has the month of grace; one that rested before goes on resting.
    in_grace = last >= date(opened.year - 1, 4, 1) and today < opened + GRACE
    return Standing.TO_CONFIRM if in_grace else Standing.RESTING


def counts(standing: Standing) -> bool:
    """Whether a role with this standing gives its rights."""
    return standing in {Standing.HELD, Standing.TO_CONFIRM}
