"""Forms of annual reports."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.engines.dates import fiscal_year
from tsunagu.questionnaires.models import Form, Purpose
from tsunagu.questionnaires.moments import MomentField
from tsunagu.registry.forms import VersionedForm
from tsunagu.reporting.models import ReportYear


class YearForm(VersionedForm):
    """A fiscal year's round of reports."""

    due_at = MomentField(label=_("提出の期限"))

    class Meta:
        model = ReportYear
        fields = ["fiscal_year", "form", "due_at", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"fiscal_year": _("報告する年度。2025年度は2025年4月から2026年3月まで。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["form"].queryset = Form.objects.filter(purpose=Purpose.REPORT)
        fields["note"].required = False
        if self.instance.pk:
            fields["fiscal_year"].disabled = True
        else:
            self.initial.setdefault("fiscal_year", fiscal_year(timezone.localdate()) - 1)

    def clean_fiscal_year(self) -> int:
        year = int(self.cleaned_data["fiscal_year"])
        if not 2022 <= year <= fiscal_year(timezone.localdate()):
            raise ValidationError(_now("2022年度から今年度までの年度を、4桁の西暦で書いてください。"))
        return year


class StartForm(forms.Form):
    """Whether the time it takes may be measured."""

    measure = forms.BooleanField(
        label=_("書くのにかかった時間を測ってよい"),
        required=False,
        help_text=_(
            "負担を減らすために使い、全国の中央値だけを公開します。だれがいつ書いたかは残しません。いつでもやめられます。"
        ),
    )


class ExtendForm(forms.Form):
    """More time."""

    until = MomentField(label=_("新しい期限"))
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)


class VerifyForm(forms.Form):
    """What a number was checked against."""

    verified_with = forms.CharField(
        label=_("何で確かめたか"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("書類の名前、ページの住所、確かめた日など。公開ページに「確認済み」と表示します。"),
    )
