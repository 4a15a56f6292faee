"""Forms for making forms."""

import json
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.definition import (
    IN_ROWS,
    Check,
    CheckKind,
    Condition,
    Definition,
    Field,
    Kind,
    Operator,
    Option,
)
from tsunagu.questionnaires.editing import free_key
from tsunagu.questionnaires.models import CRITERIA, DataElement, FieldQuestion, Form
from tsunagu.registry.forms import VersionedForm

KIND_WORDS = {str(kind.label): kind for kind in Kind}


class NewForm(forms.ModelForm):
    """A new form."""

    class Meta:
        model = Form
        fields = ["title", "key", "purpose"]
        help_texts = {"key": _("英小文字・数字・_ - で書く、あとで変えない記号です。")}


class ImportForm(forms.Form):
    """A form from a file."""

    file = forms.FileField(label=_("様式のファイル（JSON）"))

    def clean_file(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["file"].read().decode("utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise forms.ValidationError(
                _("JSONとして読めません。この画面で保存したファイルを使ってください。")
            ) from error
        if not isinstance(found, dict) or not isinstance(found.get("document"), dict):
            raise forms.ValidationError(_("様式のファイルではありません。"))
        return found


def _conditions(text: str, definition: Definition) -> tuple[Condition, ...]:
    """Lines such as `category is company`. Raises `ValidationError` naming the line."""
    found = []
    for line in (one.strip() for one in text.splitlines() if one.strip()):
        key, _space, rest = line.partition(" ")
        operator, _space, value = rest.partition(" ")
        if definition.field(key) is None or (operator or Operator.FILLED) not in Operator.values:
            raise forms.ValidationError(
                _(
                    "条件「%(line)s」を読めません。「記号 is 値」「記号 filled」のように書き、記号はこの様式の質問のものにしてください。"
                )
                % {"line": line}
            )
        found.append(Condition(key, operator or Operator.FILLED, value.strip()))
    return tuple(found)


def _condition_lines(conditions: tuple[Condition, ...]) -> str:
    return "\n".join(f"{one.field} {one.operator} {one.value}".strip() for one in conditions)


CONDITION_HELP = _(
    "1行に1つ。すべて当てはまるときだけ聞きます。例: category is company（is、is_not、has、filled、empty）"
)


class SectionForm(forms.Form):
    """A section's title and guidance."""

    title = forms.CharField(label=_("章の名前"), max_length=60)
    guidance = forms.CharField(label=_("手引き"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    show_if = forms.CharField(
        label=_("聞く条件"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=CONDITION_HELP,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition

    def clean_show_if(self) -> tuple[Condition, ...]:
        return _conditions(self.cleaned_data["show_if"], self.definition)


class FieldForm(forms.Form):
    """Every property of a question, in a layman's words."""

    label = forms.CharField(label=_("質問の見出し"), max_length=200)
    kind = forms.ChoiceField(label=_("答え方"), choices=Kind.choices)
    required = forms.BooleanField(label=_("必須にする"), required=False, initial=True)
    help = forms.CharField(label=_("ひとことの説明"), required=False, max_length=200)
    guidance = forms.CharField(
        label=_("手引き（何を書くか）"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    longest = forms.IntegerField(
        label=_("文字数の上限（文のとき）"), required=False, min_value=1, max_value=20_000
    )
    unit = forms.CharField(label=_("単位（数のとき）"), required=False, max_length=20)
    minimum = forms.CharField(label=_("いちばん小さい数・早い日"), required=False, max_length=20)
    maximum = forms.CharField(label=_("いちばん大きい数・遅い日"), required=False, max_length=20)
    decimals = forms.IntegerField(label=_("小数の桁"), required=False, min_value=0, max_value=4)
    options = forms.CharField(
        label=_("選択肢（1行に1つ）"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("「記号: 言葉」と書くと、言葉を変えても同じ選択肢として扱われます。"),
    )  # fmt: skip
    columns = forms.CharField(
        label=_("表の列（1行に1つ）"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("「記号: 見出し | 答え方 | 単位 | 任意」の順。例: baseline: 基準値 | 数 | 社 | 任意。答え方の「1つ選ぶ」は、最後に | あ/い を足します。"),
    )  # fmt: skip
    fewest_rows = forms.IntegerField(label=_("表の最少の行"), required=False, min_value=0, max_value=200)
    most_rows = forms.IntegerField(label=_("表の最多の行"), required=False, min_value=1, max_value=200)
    criteria = forms.MultipleChoiceField(
        label=_("こたえる審査の視点"), choices=CRITERIA, required=False, widget=forms.CheckboxSelectMultiple
    )
    element = forms.CharField(
        label=_("データ要素"), required=False, max_length=80, widget=forms.TextInput(attrs={"list": "elements"}),
        help_text=_("同じ事実を二度聞かないための記号です。例: lab.name。分からなければ空欄でかまいません。"),
    )  # fmt: skip
    fixed = forms.BooleanField(
        label=_("記録から入る列（表の中だけ）"), required=False, help_text=_("書き直せない列になります。")
    )
    confidential = forms.BooleanField(label=_("審査員に見せず、公開もしない"), required=False)
    show_if = forms.CharField(
        label=_("聞く条件"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=CONDITION_HELP,
    )
    key = forms.CharField(
        label=_("記号（空欄なら自動で付けます）"), required=False, max_length=40,
        help_text=_("前の版の回答を引き継ぐための記号です。公開したあとは変えないでください。"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition

    def clean_options(self) -> tuple[Option, ...]:
        found: list[Option] = []
        for number, line in enumerate(
            (one.strip() for one in self.cleaned_data["options"].splitlines() if one.strip()), start=1
        ):
            code, colon, label = line.partition(":")
            is_coded = bool(colon) and code.strip().replace("_", "").isalnum() and code.isascii()
            found.append(Option(code.strip(), label.strip()) if is_coded else Option(f"o{number}", line))
        return tuple(found)

    def clean_columns(self) -> tuple[Field, ...]:
        found: list[Field] = []
        for line in (one.strip() for one in self.cleaned_data["columns"].splitlines() if one.strip()):
            found.append(self._column(line, [one.key for one in found]))
        return tuple(found)

    def _column(self, line: str, taken: list[str]) -> Field:
        head, *parts = [one.strip() for one in line.split("|")]
        key, colon, label = head.partition(":")
        if not colon:
            key, label = "", head
        parts += [""] * (4 - len(parts))
        kind = KIND_WORDS.get(parts[0] or str(Kind.TEXT.label))
        if kind is None or kind not in IN_ROWS:
            words = "、".join(word for word, one in KIND_WORDS.items() if one in IN_ROWS)
            raise forms.ValidationError(
                _("列「%(line)s」の答え方を読めません。使えるもの: %(words)s")
                % {"line": line, "words": words}
            )
        options = tuple(
            Option(f"o{number}", one.strip())
            for number, one in enumerate(parts[3].split("/"), start=1)
            if one.strip()
        )
        key = key.strip() or free_key(taken, label, fallback="column")
        return Field(
            key=key,
            label=label.strip(),
            kind=kind,
            unit=parts[1],
            required=parts[2] != "任意",
            options=options,
        )

    def clean_show_if(self) -> tuple[Condition, ...]:
        return _conditions(self.cleaned_data["show_if"], self.definition)

    def field(self, old: Field | None) -> Field:
        """The question as it was filled in; columns that were there keep what the line does not say."""
        data = self.cleaned_data
        known = {one.key: one for one in old.columns} if old else {}
        columns = tuple(_kept(known.get(one.key), one) for one in data["columns"])
        key = data["key"] or (
            old.key if old else free_key(self.definition.by_key, data["label"], fallback="field")
        )
        return Field(
            key=key, label=data["label"], kind=data["kind"], required=data["required"], help=data["help"],
            guidance=data["guidance"], unit=data["unit"], minimum=data["minimum"], maximum=data["maximum"],
            decimals=data["decimals"] or 0, longest=data["longest"] or 0, options=data["options"], columns=columns,
            fewest_rows=data["fewest_rows"] or 0, most_rows=data["most_rows"] or 30, criteria=tuple(data["criteria"]),
            element=data["element"], show_if=data["show_if"], confidential=data["confidential"], fixed=data["fixed"],
        )  # fmt: skip


def _kept(old: Field | None, new: Field) -> Field:
    """A column as its line says, with limits and options it had before where the line is silent."""
    if old is None or old.kind != new.kind:
        return new
    return replace(
        old, label=new.label, unit=new.unit, required=new.required, options=new.options or old.options
    )


def field_initial(one: Field) -> dict[str, Any]:
    """What the form of a question holds at first."""
    columns = []
    for column in one.columns:
        parts = [
            f"{column.key}: {column.label}",
            str(Kind(column.kind).label),
            column.unit,
            "" if column.required else "任意",
        ]
        if column.options:
            parts.append("/".join(option.label for option in column.options))
        while parts[-1] == "" and len(parts) > 2:
            parts.pop()
        columns.append(" | ".join(parts))
    plain = {
        name: getattr(one, name)
        for name in (
            "label",
            "kind",
            "required",
            "help",
            "guidance",
            "unit",
            "minimum",
            "maximum",
            "element",
            "confidential",
            "key",
        )
    }
    return {
        **plain,
        "decimals": one.decimals or None,
        "longest": one.longest or None,
        "fewest_rows": one.fewest_rows or None,
        "most_rows": one.most_rows,
        "criteria": list(one.criteria),
        "options": "\n".join(f"{option.code}: {option.label}" for option in one.options),
        "columns": "\n".join(columns),
        "show_if": _condition_lines(one.show_if),
    }


def section_initial(definition: Definition, key: str) -> dict[str, Any]:
    one = definition.section(key)
    return (
        {"title": one.title, "guidance": one.guidance, "show_if": _condition_lines(one.show_if)}
        if one
        else {}
    )


class WholeForm(forms.Form):
    """What holds for the whole form: minutes, papers, checks over several questions."""

    minutes = forms.IntegerField(
        label=_("はじめて書く人にかかる分"), required=False, min_value=0, max_value=2000
    )
    papers = forms.CharField(
        label=_("手元にあるとよいもの（1行に1つ）"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    checks = forms.CharField(
        label=_("質問どうしの検査（1行に1つ）"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("「種類 記号,記号 | 伝える文」。種類: not_after、not_more、sum_is、sum_at_most、one_of"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_checks(self) -> list[Check]:
        found = []
        for line in (one.strip() for one in self.cleaned_data["checks"].splitlines() if one.strip()):
            head, _bar, message = line.partition("|")
            kind, _space, keys = head.strip().partition(" ")
            if kind not in CheckKind.values or not keys.strip():
                raise forms.ValidationError(_("検査「%(line)s」を読めません。") % {"line": line})
            found.append(
                Check(kind, tuple(one.strip() for one in keys.split(",") if one.strip()), message.strip())
            )
        return found


class PublishForm(forms.Form):
    """A word on what changed."""

    note = forms.CharField(label=_("この版で変えたこと"), max_length=200, required=False)


class AnswerForm(VersionedForm):
    """An answer to a question about a field."""

    class Meta:
        model = FieldQuestion
        fields = ["answer"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True


class FaqForm(forms.Form):
    """The words that become public."""

    text = forms.CharField(
        label=_("公開する質問"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("だれの質問か分かる言葉（地域・ラボ・人の名前）を消してください。"),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("公開する回答"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ElementForm(VersionedForm):
    """A data element's name and meaning."""

    class Meta:
        model = DataElement
        fields = ["label", "meaning"]
