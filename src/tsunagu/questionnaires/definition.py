"""What a form is: sections of fields, conditions and checks. Plain data, kept as one document per version.

A field's `key` names it inside the form and stays the same over versions; its `element` names the fact it asks for in the
whole system (glossary: データ要素), so that a fact known from elsewhere is shown instead of asked again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
ELEMENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
MOST_CHARACTERS = 20_000
MOST_ROWS = 200


class Kind(TextChoices):
    """What is typed into a field."""

    TEXT = "text", gettext_lazy("1行の文")
    LONG = "long", gettext_lazy("長い文")
    NUMBER = "number", gettext_lazy("数")
    DATE = "date", gettext_lazy("日付")
    CHOICE = "choice", gettext_lazy("1つ選ぶ")
    CHOICES = "choices", gettext_lazy("いくつでも選ぶ")
    YES_NO = "yes_no", gettext_lazy("はい・いいえ")
    ROWS = "rows", gettext_lazy("行をくり返す表")
    FILE = "file", gettext_lazy("ファイル")
    ORGANISATION = "organisation", gettext_lazy("組織")
    REGION = "region", gettext_lazy("地域")
    POLICY = "policy", gettext_lazy("政策・施策")


WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES})
IN_ROWS = frozenset(Kind) - {Kind.ROWS, Kind.FILE, Kind.CHOICES}


class Operator(TextChoices):
    """How a condition looks at another field's answer."""

    IS = "is", gettext_lazy("が次のとき")
    IS_NOT = "is_not", gettext_lazy("が次でないとき")
    HAS = "has", gettext_lazy("に次が含まれるとき")
    FILLED = "filled", gettext_lazy("が書かれているとき")
    EMPTY = "empty", gettext_lazy("が空のとき")


class CheckKind(TextChoices):
    """Checks over several fields."""

    NOT_AFTER = "not_after", gettext_lazy("1つ目の日付は2つ目より後にならない")
    NOT_MORE = "not_more", gettext_lazy("1つ目の数は2つ目をこえない")
    SUM_IS = "sum_is", gettext_lazy("最後を除く数の合計が最後の数になる")
    SUM_AT_MOST = "sum_at_most", gettext_lazy("最後を除く数の合計が最後の数をこえない")
    ONE_OF = "one_of", gettext_lazy("どれか1つは書く")


class DefinitionFaulty(ValueError):
    """A form cannot be published like this; `problems` says what to mend, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Condition:
    """Shown only when another field's answer is so; all conditions of a field must hold."""

    field: str
    operator: str = Operator.FILLED
    value: str = ""


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    code: str
    label: str


@dataclass(frozen=True)
class Field:
    """One question. Numbers carry their unit; texts their greatest length in characters.

    A `fixed` column of a table holds what records say: it is shown, not typed.
    """

    key: str
    label: str
    kind: str = Kind.TEXT
    required: bool = True
    help: str = ""
    guidance: str = ""
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    decimals: int = 0
    longest: int = 0
    options: tuple[Option, ...] = ()
    columns: tuple["Field", ...] = ()
    fewest_rows: int = 0
    most_rows: int = 30
    criteria: tuple[str, ...] = ()
    element: str = ""
    show_if: tuple[Condition, ...] = ()
    confidential: bool = False
    fixed: bool = False

    @property
    def has_fixed_rows(self) -> bool:
        """A table whose rows come from records: people fill in the other columns and add no rows."""
        return bool(self.columns) and self.columns[0].fixed

    @property
    def limit(self) -> int:
        """The greatest number of characters of a text."""
        return self.longest or (MOST_CHARACTERS if self.kind == Kind.LONG else 200)

    def option_label(self, code: str) -> str:
        return next((one.label for one in self.options if one.code == code), code)


@dataclass(frozen=True)
class Section:
    """A page of the form: one topic."""

    key: str
    title: str
    guidance: str = ""
    fields: tuple[Field, ...] = ()
    show_if: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Check:
    """A rule over several fields of the form."""

    kind: str
    fields: tuple[str, ...]
    message: str = ""


@dataclass(frozen=True)
class Definition:
    """A whole form; `minutes` and `papers` tell people before they start how long it takes and what to have ready."""

    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()
    minutes: int = 0
    papers: tuple[str, ...] = ()
    by_key: Mapping[str, Field] = field(default_factory=dict, compare=False)

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field | None:
        return self.by_key.get(key)

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def section_of(self, field_key: str) -> Section | None:
        return next((one for one in self.sections if any(f.key == field_key for f in one.fields)), None)


def read_definition(document: Mapping[str, Any]) -> Definition:
    """A form from the document it is kept as; unknown entries are left out, nothing is checked."""
    sections = tuple(_section(one) for one in document.get("sections", []))
    checks = tuple(
        Check(one.get("kind", ""), tuple(one.get("fields", [])), one.get("message", ""))
        for one in document.get("checks", [])
    )
    return Definition(
        sections=sections,
        checks=checks,
        minutes=int(document.get("minutes") or 0),
        papers=tuple(document.get("papers", [])),
        by_key={one.key: one for section in sections for one in section.fields},
    )


def _conditions(found: list[Mapping[str, str]]) -> tuple[Condition, ...]:
    return tuple(
        Condition(one.get("field", ""), one.get("operator", Operator.FILLED), one.get("value", ""))
        for one in found
    )


def _section(one: Mapping[str, Any]) -> Section:
    return Section(
        key=one.get("key", ""),
        title=one.get("title", ""),
        guidance=one.get("guidance", ""),
        fields=tuple(_field(each) for each in one.get("fields", [])),
        show_if=_conditions(one.get("show_if", [])),
    )


def _field(one: Mapping[str, Any]) -> Field:
    plain = {
        name: one[name]
        for name in (
            "key", "label", "kind", "required", "help", "guidance", "unit", "minimum", "maximum", "decimals",
            "longest", "fewest_rows", "most_rows", "element", "confidential", "fixed",
        )
        if name in one
    }  # fmt: skip
    return Field(
        **plain,
        options=tuple(Option(each["code"], each["label"]) for each in one.get("options", [])),
        columns=tuple(_field(each) for each in one.get("columns", [])),
        criteria=tuple(one.get("criteria", [])),
        show_if=_conditions(one.get("show_if", [])),
    )


def written(definition: Definition) -> dict[str, Any]:
    """The document a form is kept as; `read_definition` gives the same form back."""
    return {
        "minutes": definition.minutes,
        "papers": list(definition.papers),
        "sections": [
            {
                "key": one.key,
                "title": one.title,
                "guidance": one.guidance,
                "show_if": [vars(each) for each in one.show_if],
                "fields": [_written_field(each) for each in one.fields],
            }
            for one in definition.sections
        ],
        "checks": [
            {"kind": one.kind, "fields": list(one.fields), "message": one.message}
            for one in definition.checks
        ],
    }


def _written_field(one: Field) -> dict[str, Any]:
    whole = {**vars(one)}
    whole["options"] = [vars(each) for each in one.options]
    whole["columns"] = [_written_field(each) for each in one.columns]
    whole["criteria"] = list(one.criteria)
    whole["show_if"] = [vars(each) for each in one.show_if]
    whole["kind"] = str(one.kind)
    return whole


def check_definition(definition: Definition) -> None:
    """Whether a form can be published. Raises `DefinitionFaulty` with everything that is wrong."""
    problems = [
        *_key_problems(definition),
        *[said for one in definition.fields() for said in _field_problems(one)],
        *_reference_problems(definition),
    ]
    if not definition.sections:
        problems.insert(0, _("章がありません。章を1つ以上加えてください。"))
    for section in definition.sections:
        if not section.fields:
            problems.append(_("章「%(title)s」に質問がありません。") % {"title": section.title})
    if problems:
        raise DefinitionFaulty(problems)


def _key_problems(definition: Definition) -> list[str]:
    problems = []
    for what, keys in (
        (_("章"), [one.key for one in definition.sections]),
        (_("質問"), [one.key for one in definition.fields()]),
    ):
        for key in sorted({one for one in keys if keys.count(one) > 1}):
            problems.append(_("%(what)sの記号「%(key)s」が2回使われています。") % {"what": what, "key": key})
        for key in keys:
            if not KEY.fullmatch(key):
                problems.append(
                    _(
                        "%(what)sの記号「%(key)s」は、英小文字で始まる40文字までの英小文字・数字・_ にしてください。"
                    )
                    % {"what": what, "key": key}
                )
    elements = [one.element for one in definition.fields() if one.element]
    for element in sorted({one for one in elements if elements.count(one) > 1}):
        problems.append(_("同じ事実（%(element)s）を2つの質問で聞いています。") % {"element": element})
    return problems


def _field_problems(one: Field) -> list[str]:
    name = one.label or one.key
    problems = []
    if not one.label:
        problems.append(_("質問「%(key)s」に見出しがありません。") % {"key": one.key})
    if one.kind not in Kind.values:
        problems.append(_("質問「%(name)s」の種類が分かりません。") % {"name": name})
    if one.kind in WITH_OPTIONS and len(one.options) < 2:
        problems.append(_("質問「%(name)s」には選択肢が2つ以上要ります。") % {"name": name})
    if len({each.code for each in one.options}) < len(one.options):
        problems.append(_("質問「%(name)s」の選択肢の記号が重なっています。") % {"name": name})
    if one.kind == Kind.ROWS and not one.columns:
        problems.append(_("表「%(name)s」に列がありません。") % {"name": name})
    if one.kind == Kind.ROWS and not 0 <= one.fewest_rows <= one.most_rows <= MOST_ROWS:
        problems.append(_("表「%(name)s」の行の数が正しくありません。") % {"name": name})
    if one.element and not ELEMENT.fullmatch(one.element):
        problems.append(
            _("質問「%(name)s」のデータ要素は lab.name のように書いてください。") % {"name": name}
        )
    for column in one.columns:
        if column.kind not in IN_ROWS:
            problems.append(_("表「%(name)s」の列に使えない種類があります。") % {"name": name})
        problems += _field_problems(column)
    return problems


def _reference_problems(definition: Definition) -> list[str]:
    known = set(definition.by_key)
    problems = []
    places: list[Section | Field] = [*definition.sections, *definition.fields()]
    for where in places:
        title = getattr(where, "title", "") or getattr(where, "label", "")
        for condition in where.show_if:
            if condition.field not in known or condition.field == where.key:
                problems.append(
                    _("「%(title)s」の条件が、ない質問「%(key)s」を見ています。")
                    % {"title": title, "key": condition.field}
                )
    for check in definition.checks:
        least = 1 if check.kind == CheckKind.ONE_OF else 2
        if check.kind not in CheckKind.values or len(check.fields) < least or not set(check.fields) <= known:
            problems.append(
                _("質問どうしの検査「%(message)s」の対象が正しくありません。") % {"message": check.message}
            )
    return problems
