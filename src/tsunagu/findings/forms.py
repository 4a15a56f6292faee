"""Forms of findings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.findings.models import Resolution
from tsunagu.registry.fields import PartialDateFormField


class ResolveForm(forms.Form):
    """How and why a finding is settled."""

    resolution = forms.ChoiceField(label=_("解決のしかた"), choices=Resolution.choices)
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("あとで読む人が分かるように、何を見て判断したかを書いてください。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class ListForm(forms.Form):
    """A published list to hold against the records."""

    title = forms.CharField(label=_("資料名"), max_length=200)
    as_of = PartialDateFormField(label=_("一覧の時点"), help_text=_("例: 2025-02-26、令和7年2月26日"))
    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("CSV または Excel。列: 地域名（必須）、経済産業局、制度、団体コード。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,
    )
