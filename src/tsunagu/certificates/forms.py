"""Forms of certificates and the mark."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.certificates.models import CertificateTemplate, MarkUse
from tsunagu.certificates.rules import NUMBER_PLACES, TEXT_PLACES, check_number_pattern, check_text
from tsunagu.outbox.placeholders import PlaceholderRefused
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import Designation, Lab


class DayInput(forms.DateInput):
    """The browser's own way of choosing a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _places(known: dict[str, object]) -> str:
    return "、".join(f"{{{{ {name} }}}} {words}" for name, words in known.items())


class TemplateForm(VersionedForm):
    """The wording of a scheme's certificates."""

    class Meta:
        model = CertificateTemplate
        fields = ["title", "text", "number_pattern", "signatories", "beside_code"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "signatories": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _now("使える差し込み: %(places)s") % {"places": _places(TEXT_PLACES)}
        self.fields["number_pattern"].help_text = _now(
            "例 地DX第{{ round }}-{{ serial }}号。使える差し込み: %(places)s。どちらも必要です。"
        ) % {"places": _places(NUMBER_PLACES)}
        self.fields["signatories"].help_text = _now("1行に1人。印刷する順に書きます。")

    def clean_text(self) -> str:
        return _checked(self.cleaned_data["text"], check_text)

    def clean_number_pattern(self) -> str:
        return _checked(self.cleaned_data["number_pattern"], check_number_pattern)


def _checked(text: str, check: Any) -> str:
    try:
        check(text)
    except PlaceholderRefused as refused:
        raise ValidationError(str(refused)) from refused
    return text


class IssueForm(forms.Form):
    """Dates of the certificates of a round."""

    issued_on = forms.DateField(label=_("発行日"), widget=DayInput())
    awarded_on = forms.DateField(
        label=_("授与日"),
        widget=DayInput(),
        required=False,
        help_text=_("選定証に印刷します。空欄なら弾の授与日、それもなければ発行日を印刷します。"),
    )


class RevokeForm(forms.Form):
    """Why a certificate is taken back."""

    reason = forms.CharField(
        label=_("取り消す理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("確認のページでだれにでも見えます。個人の事情は書かないでください。"),
    )


class NumberForm(forms.Form):
    """A number read off a certificate."""

    number = forms.CharField(
        label=_("文書番号"),
        max_length=80,
        help_text=_("選定証の右上の番号です。例 地DX第4-012号。全角と半角は、どちらでもかまいません。"),
    )


class TermsForm(forms.Form):
    """A version of the terms of use."""

    text = forms.CharField(label=_("使用規程の本文"), widget=forms.Textarea(attrs={"rows": 14}))
    changes = forms.CharField(
        label=_("前の版から変わったこと"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    effective_on = forms.DateField(
        label=_("効力が生じる日"),
        widget=DayInput(),
        help_text=_("この日から、ラボの事務局に新しい版の承諾を求めます。"),
    )


class ManyFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One or more files; `cleaned_data` holds the list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ManyFiles())
        super().__init__(*args, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in files]


class KitForm(forms.Form):
    """A version of the mark's files."""

    kit_files = ManyFilesField(label=_("ファイル"), help_text=_("PNG、JPEG、PDF。いくつでも選べます。"))
    changes = forms.CharField(label=_("前の版から変わったこと"), widget=forms.Textarea(attrs={"rows": 3}))


class UseForm(VersionedForm):
    """One use of the mark."""

    photo_file = forms.FileField(
        label=_("写真"), required=False, help_text=_("PNG か JPEG。看板や印刷物は、写真があると確かです。")
    )
    field_order = [
        "designation",
        "medium",
        "place",
        "address",
        "sought",
        "photo_file",
        "used_from",
        "used_to",
    ]

    class Meta:
        model = MarkUse
        fields = ["designation", "medium", "place", "address", "sought", "used_from", "used_to"]
        widgets = {"used_from": DayInput(), "used_to": DayInput()}
        help_texts = {
            "place": _("例 市のウェブサイトのトップページ、産業展のパネル。"),
            "address": _("公開のページなら、毎週、まだ載っているかを確かめます。"),
            "sought": _(
                "ロゴの画像のファイル名、代替テキスト、またはそばの文字。ページにあればロゴがあるとみなします。"
            ),
            "used_to": _("続いているあいだは空欄にします。"),
        }

    def __init__(self, *args: Any, lab: Lab, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Designation.objects.filter(lab=lab).select_related("lab__region")
        field = self.fields["designation"]
        field.queryset = choices  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.get_scheme_display()  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("address") and not found.get("sought"):
            self.add_error("sought", _("アドレスを書いたときは、ページの中の目じるしも書いてください。"))
        first, last = found.get("used_from"), found.get("used_to")
        if first and last and last < first:
            self.add_error("used_to", _("使い始めた日より前です。日付を確かめてください。"))
        return found


class WithdrawForm(forms.Form):
    """The day the mark has to come down, and why."""

    stops_on = forms.DateField(label=_("使用をやめる日"), widget=DayInput(), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("ラボに送るお願いのメールに入ります。"),
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}))
