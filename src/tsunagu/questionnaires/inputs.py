"""A field on a page: what its inputs are called, what they hold, and how what comes back is read."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from tsunagu.questionnaires.counting import count_characters
from tsunagu.questionnaires.definition import Field, Kind, Section
from tsunagu.questionnaires.hosting import Known
from tsunagu.questionnaires.lookups import suggestions, tied
from tsunagu.questionnaires.values import Problem, Value, read_typed, shown
from tsunagu.registry.models import Policy

SPARE_ROWS = 1


@dataclass
class Cell:
    """One input, or the two of an organisation."""

    field: Field
    name: str
    value: Value
    errors: list[str] = dataclasses.field(default_factory=list)
    suggestions: list[str] = dataclasses.field(default_factory=list)

    @property
    def identifier(self) -> str:
        return self.name.replace(".", "-")

    @property
    def text(self) -> str:
        """What a text input holds."""
        if isinstance(self.value, dict):
            return str(self.value.get("code" if self.field.kind == Kind.REGION else "name", ""))
        return "" if self.value is None else str(self.value)

    @property
    def number(self) -> str:
        """The 法人番号 of an organisation."""
        return str(self.value.get("corporate_number", "")) if isinstance(self.value, dict) else ""

    @property
    def words(self) -> str:
        return shown(self.field, self.value)

    @property
    def length(self) -> int:
        return count_characters(self.text)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(code, label, chosen) of a choice; an answer that is no option any more stays to be seen."""
        chosen = self.value if isinstance(self.value, list) else [self.text]
        if self.field.kind == Kind.YES_NO:
            known = [("yes", _("はい")), ("no", _("いいえ"))]
        elif self.field.kind == Kind.POLICY:
            known = [(one.code, f"{one.name}（{one.owner}）") for one in Policy.objects.all()]
        else:
            known = [(one.code, one.label) for one in self.field.options]
        odd = [(one, one) for one in chosen if one and one not in {code for code, _label in known}]
        return [(code, label, code in chosen) for code, label in known + odd]


@dataclass
class Box:
    """A question on the page with everything around it."""

    field: Field
    cell: Cell
    version: int
    rows: list[list[Cell]] = dataclasses.field(default_factory=list)
    source: str = ""
    theirs: str = ""
    by: str = ""
    is_clash: bool = False
    # Known already: shown with its source instead of asked; `is_offered` while the sheet does not hold it yet.
    fact: Known | None = None
    is_offered: bool = False

    @property
    def fact_words(self) -> str:
        """What is known, in words."""
        return shown(self.field, read_typed(self.field, self.fact.value)) if self.fact else ""

    @property
    def errors(self) -> list[str]:
        return self.cell.errors

    @property
    def kind(self) -> str:
        return str(self.field.kind)

    @property
    def described_by(self) -> str:
        """The ids of everything that explains the input, for screen readers."""
        parts = []
        if self.field.help or self.field.guidance:
            parts.append("help")
        if self.field.kind in {Kind.TEXT, Kind.LONG}:
            parts.append("count")
        if self.errors:
            parts.append("error")
        if self.is_clash:
            parts.append("clash")
        return " ".join(f"{self.cell.identifier}-{one}" for one in parts)


def name_of(one: Field) -> str:
    return f"f.{one.key}"


def box(
    one: Field,
    value: Value,
    *,
    version: int = 0,
    problems: Iterable[Problem] = (),
    source: str = "",
    extra_rows: int = SPARE_ROWS,
) -> Box:
    """How a field is shown with its value."""
    mine = [each for each in problems if each.field == one.key]
    cell = Cell(one, name_of(one), value, errors=[each.message for each in mine if not each.row])
    if one.kind == Kind.REGION and not isinstance(value, dict):
        cell.suggestions = suggestions(value)
    rows = []
    if one.kind == Kind.ROWS:
        given = value if isinstance(value, list) else []
        extra_rows = 0 if one.has_fixed_rows else extra_rows
        count = min(max(len(given) + extra_rows, one.fewest_rows, 1), one.most_rows)
        for number in range(count):
            row = given[number] if number < len(given) else {}
            rows.append([_row_cell(one, column, number, row, mine) for column in one.columns])
    return Box(field=one, cell=cell, version=version, rows=rows, source=source)


def _row_cell(
    one: Field, column: Field, number: int, row: Mapping[str, Value], problems: list[Problem]
) -> Cell:
    errors = [each.message for each in problems if each.row == number + 1 and each.column == column.key]
    return Cell(column, f"{name_of(one)}.{number}.{column.key}", row.get(column.key, ""), errors=errors)


def is_sent(one: Field, post: QueryDict) -> bool:
    """Whether a form brought an answer to the field: unticked boxes are told from absent ones by a hidden name."""
    return f"v.{one.key}" in post


def typed_value(one: Field, post: QueryDict) -> Value:
    """The answer to a field from a form that was sent."""
    return tied(one, read_typed(one, _typed(one, name_of(one), post)))


def _typed(one: Field, name: str, post: QueryDict) -> Any:
    if one.kind == Kind.ROWS:
        count = min(int(post.get(f"n.{one.key}", "0") or 0), one.most_rows + 50)
        return [
            {column.key: _typed(column, f"{name}.{number}.{column.key}", post) for column in one.columns}
            for number in range(count)
            if f"x.{one.key}.{number}" not in post
        ]
    if one.kind == Kind.CHOICES:
        return post.getlist(name)
    if one.kind == Kind.ORGANISATION:
        found = {
            "name": post.get(name, "").strip(),
            "corporate_number": post.get(f"{name}.number", "").strip(),
        }
        return {key: value for key, value in found.items() if value} or ""
    return post.get(name, "")


def sent_values(section: Section, post: QueryDict) -> tuple[dict[str, Value], dict[str, int]]:
    """The answers a form brought for a section, and the version of each the person had before them. Files come apart."""
    values: dict[str, Value] = {}
    seen: dict[str, int] = {}
    for one in section.fields:
        if one.kind == Kind.FILE or not is_sent(one, post):
            continue
        values[one.key] = typed_value(one, post)
        version = post.get(f"v.{one.key}", "0")
        seen[one.key] = int(version) if version.isdigit() else 0
    return values, seen
