"""A moment in a form: a day and a time of day in Japan, to the second."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.engines.dates import parse_date


class MomentField(forms.Field):
    """A day and a time of day in Japan, to the second: 2027-02-03 17:00, 令和9年2月3日 17:00:00."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("日本時間。例: 2027-02-03 17:00:00、令和9年2月3日 17:00"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        return value

    def to_python(self, value: Any) -> datetime | None:
        text = " ".join(str(value or "").replace("\u3000", " ").replace("T", " ").split())
        if not text:
            return None
        day, _space, clock = text.rpartition(" ")
        try:
            found = parse_date(day if day else text)
            hour, minute, *second = (
                int(one) for one in (clock if day else "0:0:0").replace("：", ":").split(":")
            )
            if found.precision != "day":
                raise ValueError(text)
            naive = datetime(
                found.year, found.month or 1, found.day or 1, hour, minute, second[0] if second else 0
            )
        except ValueError as error:
            raise forms.ValidationError(
                _("日時を読めません。「2027-02-03 17:00:00」のように、日付と時刻を書いてください。")
            ) from error
        return timezone.make_aware(naive)
