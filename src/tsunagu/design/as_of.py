"""The day a page stands for: `?as_of=2024-01-31`, today without it."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import DateNotUnderstood, parse_date

FIRST_DAY = date(2016, 1, 1)


@dataclass(frozen=True)
class AsOf:
    """The day, whether it was asked for, and what was wrong with what was asked."""

    day: date
    is_past: bool = False
    error: str = ""


def asked_day(request: HttpRequest) -> AsOf:
    """The day the visitor asked for; today, with a sentence, when it cannot be shown.

    A month or year means its last day. Any way of writing a date is understood.
    """
    today = timezone.localdate()
    text = request.GET.get("as_of", "").strip()
    if not text:
        return AsOf(today)
    try:
        day = parse_date(text).latest
    except DateNotUnderstood:
        return AsOf(
            today,
            error=_(
                "日付として読めません。2024-01-31 のように入力してください。今日の記録を表示しています。"
            ),
        )
    if day > today:
        return AsOf(today, error=_("まだ来ていない日です。今日の記録を表示しています。"))
    if day < FIRST_DAY:
        return AsOf(
            today,
            error=_("制度が始まる前の日です。2016年以降の日を入力してください。今日の記録を表示しています。"),
        )
    return AsOf(day, is_past=day != today)


def as_of_context(request: HttpRequest, as_of: AsOf) -> dict[str, object]:
    """What `components/as_of.html` needs; the page's other choices travel along."""
    hidden = [
        (key, value)
        for key in request.GET
        if key not in {"as_of", "page"}
        for value in request.GET.getlist(key)
    ]
    return {
        "as_of": as_of.day,
        "as_of_is_past": as_of.is_past,
        "as_of_error": as_of.error,
        "as_of_hidden": hidden,
    }
