"""The rules of annual reports: states, due dates, doubts, how long it took. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.activities.rules import changed_much
from tsunagu.engines.dates import business_days_after
from tsunagu.questionnaires.values import as_number, is_empty, is_empty_row

MOST_PAUSE = timedelta(minutes=5)
FEWEST_MEASURED = 3
UNREAD_DAYS = 365
REMINDED_AFTER = (1, 6, 11)


class State(TextChoices):
    """Where a report stands."""

    EXPECTED = "expected", gettext_lazy("未着手")
    DRAFT = "draft", gettext_lazy("作成中")
    SUBMITTED = "submitted", gettext_lazy("提出済み")
    RETURNED = "returned", gettext_lazy("差戻し中")
    ACCEPTED = "accepted", gettext_lazy("受理")
    CORRECTING = "correcting", gettext_lazy("訂正中")


MOVES: Mapping[str, frozenset[str]] = {
    State.EXPECTED: frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.RETURNED, State.ACCEPTED}),
    State.RETURNED: frozenset({State.SUBMITTED}),
    State.ACCEPTED: frozenset({State.CORRECTING}),
    State.CORRECTING: frozenset({State.SUBMITTED}),
}
WITH_THE_LAB = frozenset({State.EXPECTED, State.DRAFT, State.RETURNED, State.CORRECTING})
WITH_THE_STAFF = frozenset({State.SUBMITTED, State.ACCEPTED})
HANDED_IN = frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.CORRECTING})


class NotAllowed(Exception):
    """The act is not possible now; the text says why and what to do."""


def check_move(now: str, then: State) -> None:
    """Raises `NotAllowed` unless a report may go from one state to the other."""
    if then not in MOVES[now]:
        raise NotAllowed(
            _("いまは「%(now)s」なので、「%(then)s」にはできません。画面を開き直してください。")
            % {"now": State(now).label, "then": then.label}
        )


def is_late(due_at: datetime, *, submitted_at: datetime | None, now: datetime) -> bool:
    """Whether a report came, or is still to come, after its due time."""
    return (submitted_at or now) > due_at


def days_to_remind(due_on: date) -> list[date]:
    """The days a lab whose report has not come is reminded: only after the due day, by business days."""
    return [business_days_after(due_on, count) for count in REMINDED_AFTER]


@dataclass(frozen=True)
class Doubt:
    """A value to look at again: where, and why."""

    field: str
    row: int
    column: str
    message: str


def doubts(answers: Mapping[str, Any], before: Mapping[str, Any]) -> list[Doubt]:
    """Values 50 % off last year's without a word on it, texts left as they were last year, sums that look odd."""
    found = []
    for name, now, column in (("indicators", "actual", "comment"), ("activities", "count", "comment")):
        for number, row in enumerate(_rows(answers.get(name)), start=1):
            value, last = as_number(row.get(now)), as_number(row.get("last"))
            if not changed_much(_plain(value), _plain(last)) or str(row.get(column) or "").strip():
                continue
            message = _(
                "%(what)s: 昨年度の%(last)sから%(now)sへ、50%%以上変わっています。理由を書いてください。"
            )
            what = row.get("indicator") or row.get("kind") or ""
            found.append(
                Doubt(
                    name, number, column, message % {"what": what, "last": f"{last:,f}", "now": f"{value:,f}"}
                )
            )
    for name in ("results", "next_year", "summary"):
        text = str(answers.get(name) or "").strip()
        if text and text == str(before.get(name) or "").strip():
            found.append(
                Doubt(name, 0, "", _("昨年度と同じ文です。変わったところがないか確かめてください。"))
            )
    return found


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def filled_share(definition_fields: Sequence[Any], answers: Mapping[str, Any]) -> tuple[int, int]:
    """(boxes filled, boxes asked) of the fields given: every cell of a table's rows is a box, an empty table is one."""
    filled = asked = 0
    for one in definition_fields:
        value = answers.get(one.key)
        rows = [row for row in _rows(value) if not is_empty_row(row)]
        if one.columns and rows:
            asked += len(rows) * len(one.columns)
            filled += sum(not is_empty(row.get(column.key)) for row in rows for column in one.columns)
        else:
            asked += 1
            filled += not is_empty(value)
    return filled, asked


def seconds_between(last: datetime | None, now: datetime) -> int:
    """Working time since the last sign of life: a longer pause than five minutes was spent elsewhere."""
    if last is None or now <= last or now - last > MOST_PAUSE:
        return 0
    return int((now - last).total_seconds())


def burden(seconds: Iterable[int]) -> int | None:
    """The median minutes of reports that were measured; None for fewer than three, which could point at one lab."""
    measured = sorted(seconds)
    return round(median(measured) / 60) if len(measured) >= FEWEST_MEASURED else None


@dataclass(frozen=True)
class Rate:
    """A line of the reporting-rate board."""

    due: int
    in_time: int
    late: int
    accepted: int
    missing: int

    @property
    def percent(self) -> int:
        """Reports that came, of those due, in whole percent."""
        return round(100 * (self.in_time + self.late) / self.due) if self.due else 0
