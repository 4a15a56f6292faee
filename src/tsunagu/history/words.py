"""A change in words: which record, which of its facts, from what to what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.dates import PartialDate
from tsunagu.history.models import Change

if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
else:
    AnyField = models.Field

ACTIONS = {
    "insert": gettext_lazy("登録しました"),
    "update": gettext_lazy("変えました"),
    "delete": gettext_lazy("消しました"),
    "truncate": gettext_lazy("表を空にしました"),
    "read": gettext_lazy("見ました"),
    "signed_in": gettext_lazy("サインインしました"),
    "sign_in_failed": gettext_lazy("サインインできませんでした"),
    "signed_out": gettext_lazy("サインアウトしました"),
    "view_as_began": gettext_lazy("この人として見はじめました"),
    "view_as_ended": gettext_lazy("この人として見るのをやめました"),
}
CHANGES = {"insert", "update", "delete", "truncate"}
LONGEST = 200


@dataclass(frozen=True)
class Fact:
    """One field of a change; `before` is empty when the record is new."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One change, ready to be shown."""

    kind: str
    action: str
    is_change: bool
    record_id: str
    facts: tuple[Fact, ...]


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def kind_of(table: str) -> str:
    """What people call the records of a table; the table's own name where nothing is known."""
    model = _models().get(table)
    return str(model._meta.verbose_name) if model else table


def _field(model: type[models.Model] | None, column: str) -> AnyField | None:
    if model is None:
        return None
    return next((field for field in model._meta.concrete_fields if field.column == column), None)


def _date_range(text: str) -> str:
    """PostgreSQL's text of a half-open range of days, as the day, month or year it stands for."""
    lower, upper = text.strip("[)").split(",")
    return PartialDate.from_range(date.fromisoformat(lower), date.fromisoformat(upper)).iso


def _plain(field: AnyField | None, value: Any, names: dict[tuple[type, str], str]) -> str:
    if value is None or value == "":
        return _("（空欄）")
    if isinstance(value, bool):
        return _("はい") if value else _("いいえ")
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, str(value)), _("番号 %(pk)s") % {"pk": value})
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.get_internal_type() == "DateRangeField" and isinstance(value, str):
        return _date_range(value)
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        moment = parse_datetime(value)
        return (
            timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else value
        )
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _related_names(changes: Iterable[Change]) -> dict[tuple[type, str], str]:
    """Names of the records that changes point to, one query for each kind of record."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for change in changes:
        model = _models().get(change.table_name)
        for values in (change.before, change.after):
            for column, value in (values or {}).items():
                field = _field(model, column)
                if isinstance(field, models.ForeignKey) and value is not None:
                    wanted[field.related_model].add(str(value))
    return {
        (model, str(one.pk)): str(one)
        for model, keys in wanted.items()
        for one in model._default_manager.filter(pk__in=keys)
    }


def _label(field: AnyField) -> str:
    """A field's name; a link without one of its own is called after what it leads to."""
    unnamed = field.verbose_name == field.name.replace("_", " ")
    if unnamed and isinstance(field, models.ForeignKey):
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _facts(change: Change, names: dict[tuple[type, str], str]) -> tuple[Fact, ...]:
    model = _models().get(change.table_name)
    before, after = change.before or {}, change.after or {}
    facts = []
    for column in dict.fromkeys([*before, *after]):
        field = _field(model, column)
        if (field is not None and field.primary_key) or column == "version":
            continue
        if change.action == "insert" and after.get(column) in (None, ""):
            continue
        label = _label(field) if field is not None else column
        old = _plain(field, before[column], names) if column in before else ""
        new = _plain(field, after[column], names) if column in after else ""
        facts.append(Fact(label, old, new))
    return tuple(facts)


def tell(changes: Iterable[Change]) -> list[Told]:
    """Changes in words, in the order given."""
    changes = list(changes)
    names = _related_names(changes)
    return [
        Told(
            kind_of(one.table_name),
            str(ACTIONS.get(one.action, one.action)),
            one.action in CHANGES,
            one.record_id,
            _facts(one, names),
        )
        for one in changes
    ]
