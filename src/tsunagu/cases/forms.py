"""Forms of cases."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.cases.models import (
    LARGEST_RESULT,
    RESULT_PLACES,
    Case,
    CaseInner,
    CaseResult,
    CaseReuse,
    CaseState,
    Stage,
    WithdrawReason,
)
from tsunagu.cases.selectors import fields, industries
from tsunagu.registry.fields import PartialDateFormField
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import Lab, LocalGovernment, Policy
from tsunagu.registry.selectors import tended_labs
from tsunagu.sharing.viewer import Viewer

LONG = forms.Textarea(attrs={"rows": 4})
SEPARATORS = re.compile(r"[\n,、，]+")
MOST_TECHNOLOGIES = 12
MOST_RESULTS = 10
LONGEST_MEASURE = 100

SECTIONS = (
    (gettext_lazy("何の事例か"), ("title", "summary", "about", "company", "prefecture", "industry", "field")),
    (gettext_lazy("課題と取組"), ("problem", "approach", "technology_lines", "began_on", "months", "staff", "cost", "policies")),
    (gettext_lazy("成果と、うまくいかなかったこと"), ("stage", "stopped_why", "outcome", "result_lines", "failed", "conditions")),
    (gettext_lazy("ラボだけに話すこと（公開されません）"), ("frankly", "contact")),
    (gettext_lazy("出典"), ("source",)),
)  # fmt: skip


class CaseForm(VersionedForm):
    """A case as its lab writes it: everything but the title may wait."""

    prefecture = forms.ModelChoiceField(
        LocalGovernment.objects.filter(prefecture=None), label=gettext_lazy("都道府県"), required=False
    )
    technology_lines = forms.CharField(
        label=gettext_lazy("使った技術"), required=False, max_length=400,
        help_text=gettext_lazy("「、」で区切る。例: センサー、LPWA、クラウド"),
    )  # fmt: skip
    began_on = PartialDateFormField(label=gettext_lazy("始めた時期"), required=False)
    result_lines = forms.CharField(
        label=gettext_lazy("成果の数"), required=False, widget=LONG,
        help_text=gettext_lazy("1行に1つ。例: 見回りの時間 10 → 4 時間／週（前が分からなければ「見回りの時間 → 4 時間／週」）"),
    )  # fmt: skip
    policies = forms.ModelMultipleChoiceField(
        Policy.objects.all(),
        label=gettext_lazy("使った施策"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    frankly = forms.CharField(
        label=gettext_lazy("失敗・費用の内訳・注意"), required=False, max_length=4000, widget=LONG,
        help_text=gettext_lazy("すべてのラボと支援機関・専門家が読めます。公開のページ・検索・データには出ません。"),
    )  # fmt: skip
    contact = forms.CharField(label=gettext_lazy("聞ける相手"), required=False, max_length=200)

    class Meta:
        model = Case
        fields = [
            "title", "summary", "about", "company", "prefecture", "industry", "field", "problem", "approach",
            "began_on", "months", "staff", "cost", "stage", "stopped_why", "outcome", "failed", "conditions", "source",
        ]  # fmt: skip
        widgets = dict.fromkeys(
            ("problem", "approach", "outcome", "failed", "conditions", "source", "summary"), LONG
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Case = self.instance
        inner = CaseInner.objects.filter(case=case).first() if case.pk else None
        self.inner = inner or CaseInner()
        choices = {
            "industry": [("", "—"), *[(one.pk, f"{one.code} {one}") for one in industries()]],
            "field": [("", "—"), *[(one.pk, str(one)) for one in fields()]],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.choices = listed
        self.initial.update(
            {
                "technology_lines": "、".join(case.technologies),
                "result_lines": "\n".join(line_of(one) for one in case.results.all()) if case.pk else "",
                "policies": [one.pk for one in case.policies.all()] if case.pk else [],
                "frankly": self.inner.frankly,
                "contact": self.inner.contact,
            }
        )

    def as_data(self) -> dict[str, Any]:
        """What the form would send if nothing was changed in it."""
        values = {name: self[name].value() for name in self.fields}
        return {name: "" if value is None else getattr(value, "iso", value) for name, value in values.items()}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_on_its_way = self.instance.state not in (CaseState.DRAFT, CaseState.RETURNED)
        if (
            is_on_its_way
            and cleaned.get("stage") == Stage.STOPPED
            and not cleaned.get("stopped_why", "").strip()
        ):
            self.add_error("stopped_why", _("中止した理由を書いてください。"))
        return cleaned

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields by the sections of the page."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def clean_technology_lines(self) -> list[str]:
        """Each once."""
        names = dict.fromkeys(
            name.strip() for name in SEPARATORS.split(self.cleaned_data["technology_lines"]) if name.strip()
        )
        if len(names) > MOST_TECHNOLOGIES or any(len(name) > 40 for name in names):
            raise forms.ValidationError(
                _("技術は%(most)d個まで、1つ40文字以内にしてください。") % {"most": MOST_TECHNOLOGIES}
            )
        return list(names)

    def clean_result_lines(self) -> list[CaseResult]:
        """Every faulty line is named."""
        lines = [line.strip() for line in self.cleaned_data["result_lines"].splitlines() if line.strip()]
        found, faulty = [], []
        for line in lines[:MOST_RESULTS]:
            if (one := result_of(line)) is not None:
                found.append(one)
            else:
                faulty.append(line)
        if faulty or len(lines) > MOST_RESULTS:
            raise forms.ValidationError(
                _(
                    "読み取れない行があります: %(lines)s。「何の数か 前 → 後 単位」の形で、%(most)d行までにしてください。"
                    "数は1兆より小さく、小数は6けたまでです。"
                )
                % {"lines": "／".join(faulty) or "—", "most": MOST_RESULTS}
            )
        return found

    def filled(self) -> Case:
        """The case with what was typed, not yet stored."""
        case: Case = self.save(commit=False)
        case.technologies = self.cleaned_data["technology_lines"]
        self.inner.frankly = self.cleaned_data["frankly"]
        self.inner.contact = self.cleaned_data["contact"]
        return case


NUMBER = r"[-−]?[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?"
RESULT = re.compile(
    rf"^(?P<measure>.+?)[\s　:：]*(?P<before>{NUMBER})?[\s　]*(?:→|⇒|->|から)[\s　]*(?P<after>{NUMBER})[\s　]*(?P<unit>.{{1,20}})$"
)


def result_of(line: str) -> CaseResult | None:
    """「見回りの時間 10 → 4 時間／週」; None when it is not of this form, or holds more than can be kept as written."""
    found = RESULT.match(line)
    if not found or len(found["measure"].strip()) > LONGEST_MEASURE:
        return None
    try:
        before = _number(found["before"]) if found["before"] else None
        after = _number(found["after"])
    except InvalidOperation:
        return None
    if any(one is not None and not _can_be_kept(one) for one in (before, after)):
        return None
    return CaseResult(
        measure=found["measure"].strip(), before=before, after=after, unit=found["unit"].strip()
    )


def _can_be_kept(value: Decimal) -> bool:
    return abs(value) < LARGEST_RESULT and value == round(value, RESULT_PLACES)


def _number(text: str) -> Decimal:
    return Decimal(unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-"))


def line_of(one: CaseResult) -> str:
    """A result as a person types it."""
    before = f"{one.before.normalize():f} " if one.before is not None else ""
    return f"{one.measure} {before}→ {one.after.normalize():f} {one.unit}"


class ReuseForm(VersionedForm):
    """「うちで試した」: four fields."""

    tried_on = PartialDateFormField(
        label=gettext_lazy("試した時期"), help_text=gettext_lazy("例: 2026-05、令和8年")
    )

    class Meta:
        model = CaseReuse
        fields = ["tried_on", "stage", "changed", "result"]
        widgets = {"changed": LONG, "result": LONG, "stage": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [one for one in Stage.choices if one[0] != Stage.HEARD]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What to mend."""

    note = forms.CharField(label=gettext_lazy("直してほしいこと"), max_length=2000, widget=LONG)


class AskForm(forms.Form):
    """Whom to ask for consent."""

    name = forms.CharField(label=gettext_lazy("会社の担当者の氏名"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("会社の担当者のメールアドレス"))


class AnswerForm(forms.Form):
    """A company's answer."""

    name = forms.CharField(label=gettext_lazy("お名前と役職"), max_length=100)
    reason = forms.CharField(
        label=gettext_lazy("断る理由（断るときだけ）"), max_length=1000, required=False, widget=LONG
    )


class WithdrawForm(forms.Form):
    """Why it is shown no longer."""

    why = forms.ChoiceField(label=gettext_lazy("取り下げる理由"), choices=WithdrawReason.choices)


class PhotoForm(forms.Form):
    """A photo with the words that stand for it."""

    photo = forms.FileField(
        label=gettext_lazy("写真"),
        help_text=gettext_lazy("JPEG か PNG、20MBまで。撮った場所などの情報は取り除きます。"),
    )
    alt = forms.CharField(
        label=gettext_lazy("写っているもの"),
        max_length=200,
        help_text=gettext_lazy(
            "写真を見られない人にも伝わる言葉で。例: 田んぼの畦に立てた、高さ1メートルほどの水位センサー"
        ),
    )
    caption = forms.CharField(label=gettext_lazy("写真の下に書く言葉"), max_length=200, required=False)
    people_agreed = forms.BooleanField(
        label=gettext_lazy("写っている人が公開に同意した、または人は写っていない")
    )  # fmt: skip


class ListForm(forms.Form):
    """A list of cases, and whose they are."""

    lab = forms.ModelChoiceField(Lab.objects.none(), label=gettext_lazy("ラボ"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("ファイル"), help_text=gettext_lazy("CSV か Excel（.xlsx）。2,000行まで。")
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labs: Any = self.fields["lab"]
        labs.queryset = tended_labs(viewer)
