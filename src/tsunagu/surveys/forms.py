"""Forms of surveys."""

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import FormVersion, Purpose
from tsunagu.questionnaires.moments import MomentField
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.models import Bureau
from tsunagu.surveys.models import ShowsResults, Survey, Wave

ASKED_STATES = [Status.SELECTED, Status.DORMANT, Status.ENDED]


class WaveForm(VersionedForm):
    """A wave as the secretariat prepares it: what is asked, when, and whom."""

    survey = forms.ModelChoiceField(
        queryset=Survey.objects.all(), label=_("アンケート"), required=False, empty_label=_("新しいアンケート"),
        help_text=_("前と同じアンケートの回にすると、同じ質問の結果を回ごとに比べられます。"),
    )  # fmt: skip
    new_survey = forms.CharField(
        label=_("新しいアンケートの題名"),
        required=False,
        max_length=100,
        help_text=_("上で選ばないときだけ。"),
    )
    opens_at = MomentField(label=_("受付の開始"))
    closes_at = MomentField(label=_("締切"))
    schemes = forms.MultipleChoiceField(
        label=_("どの制度のラボに聞くか"), choices=Scheme.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("選ばなければ、すべて。"),
    )  # fmt: skip
    statuses = forms.MultipleChoiceField(
        label=_("どの状態のラボに聞くか"), choices=[(one.value, one.label) for one in ASKED_STATES], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("選ばなければ、すべて。"),
    )  # fmt: skip
    bureaus = forms.MultipleChoiceField(
        label=_("どの経済産業局のラボに聞くか"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("選ばなければ、すべて。"),
    )  # fmt: skip

    class Meta:
        model = Wave
        fields = [
            "survey", "new_survey", "label", "form_version", "held_on", "opens_at", "closes_at", "is_anonymous",
            "shows_results", "as_of", "schemes", "statuses", "bureaus", "note", "note_en",
        ]  # fmt: skip
        help_texts = {
            "label": _("例: 2027年1月"),
            "held_on": _("例: 2027-01。回を並べる順になります。"),
            "is_anonymous": _("どのラボの回答かを、だれにも分からないようにします。内訳は出せなくなります。"),
            "as_of": _("例: 2026-11-24。空欄なら、開く日。"),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("note", "note_en")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = self.fields["form_version"]
        assert isinstance(versions, forms.ModelChoiceField)
        versions.queryset = (
            FormVersion.objects.filter(form__purpose=Purpose.SURVEY, published_at__isnull=False)
            .select_related("form")
            .order_by("form__title", F("number").desc())
        )
        versions.required = True
        bureaus = self.fields["bureaus"]
        assert isinstance(bureaus, forms.MultipleChoiceField)
        bureaus.choices = [(one.code, one.label) for one in Bureau.objects.all()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("survey") and not found.get("new_survey"):
            self.add_error("survey", _("アンケートを選ぶか、新しいアンケートの題名を書いてください。"))
        opens, closes = found.get("opens_at"), found.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("締切は、受付の開始より後の日時にしてください。"))
        if found.get("is_anonymous") and found.get("shows_results") == ShowsResults.ANSWERED:
            self.add_error(
                "shows_results",
                _("無記名の回では、途中の結果は見せられません。「締め切ったあと」にしてください。"),
            )
        survey, label = found.get("survey"), found.get("label")
        taken = Wave.objects.filter(survey=survey, label=label).exclude(pk=self.instance.pk)
        if survey and label and taken.exists():
            self.add_error(
                "label", _("このアンケートには、同じ名前の回がもうあります。ほかの名前にしてください。")
            )
        return found


class MoreTimeForm(forms.Form):
    """More time, with the reason."""

    until = MomentField(label=_("いつまで延ばすか"))
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("延長のメールに入ります。"),
    )  # fmt: skip
