"""Fields of the room's own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.activities.forms import DayField

MOST_DAYS = 3


class DaysWidget(forms.MultiWidget):
    """A few days, each in the browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(
            [
                forms.DateInput(attrs={"type": "date", "aria-label": _("候補の日 %(n)d") % {"n": number}})
                for number in range(1, MOST_DAYS + 1)
            ]
        )

    def decompress(self, value: Any) -> list[str | None]:
        days = [one.isoformat() if isinstance(one, date) else str(one) for one in value or []]
        return [*days, *[None] * (MOST_DAYS - len(days))]


class DaysField(forms.MultiValueField):
    """Up to three days, in their order; twice the same is one."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [DayField(required=False) for _each in range(MOST_DAYS)]
        super().__init__(fields, require_all_fields=False, widget=DaysWidget, **kwargs)

    def compress(self, data_list: Sequence[date | None]) -> list[date]:
        return sorted({one for one in data_list or [] if one is not None})


def outside(days: Sequence[date], month: date) -> str:
    """What to say of days that are not in the month asked for; '' when all are."""
    wrong = [one.isoformat() for one in days if (one.year, one.month) != (month.year, month.month)]
    if not wrong:
        return ""
    return _now("候補の日（%(days)s）は、来てほしい月の中の日にしてください。") % {"days": "、".join(wrong)}
