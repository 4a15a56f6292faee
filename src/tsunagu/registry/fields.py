"""A date of which perhaps only the month or the year is known, kept as the range of days it may be."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import Range

from tsunagu.engines.dates import DateNotUnderstood, PartialDate, parse_date


def partial_date_range(value: PartialDate) -> Range[date]:
    """The half-open range of days `value` may be: 2023-04 is [2023-04-01, 2023-05-01)."""
    return Range(value.earliest, value.latest + timedelta(days=1), "[)")


class PartialDateFormField(forms.CharField):
    """Accepts 2023-04-01, 2023-04, 令和5年4月 and the other ways people write dates."""

    default_error_messages = {
        "not_a_date": _("日付として読めません。2023-04-01、2023-04、令和5年4月 のように入力してください。"),
        "era_out_of_range": _("その元号の期間にない日付です。元号と年を確認してください。"),
        "no_such_day": _("暦にない日付です。月と日を確認してください。"),
    }

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except DateNotUnderstood as error:
            raise ValidationError(self.error_messages[error.code], code=error.code) from error

    def prepare_value(self, value: Any) -> Any:
        return value.iso if isinstance(value, PartialDate) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class PartialDateField(DateRangeField):
    """Python side `PartialDate | None`, database side `daterange`, so that PostgreSQL can compare it."""

    description = _("月または年までしか分からないことがある日付")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> PartialDate | None:
        return None if value is None else PartialDate.from_range(value.lower, value.upper)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, PartialDate):
            return value
        if isinstance(value, str):
            try:
                return PartialDate.from_iso(value)
            except ValueError as error:
                raise ValidationError(_("日付として読めません。")) from error
        return PartialDate.from_range(value.lower, value.upper)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, PartialDate):
            return super().get_prep_value(partial_date_range(value))
        return super().get_prep_value(value)

    def value_to_string(self, obj: Any) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else value.iso

    def formfield(self, **kwargs: Any) -> Any:
        return PartialDateFormField(
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text or _("例: 2023-04-01、2023-04（日が不明のとき）、令和5年4月"),
        )
