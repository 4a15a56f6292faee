"""Forms of selection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.engines.dates import parse_date
from tsunagu.questionnaires.models import Form, Purpose
from tsunagu.questionnaires.moments import MomentField
from tsunagu.questionnaires.reasons import ReasonsForm
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import Lab
from tsunagu.selection.models import Call, Cutoff, Decision, Opinion
from tsunagu.selection.rules import Screening


class CallForm(VersionedForm):
    """A call as the secretariat writes it."""

    opens_at = MomentField(label=_("受付の開始"))
    eligibility = forms.CharField(
        label=_("申請の要件"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("1行に1つ。申請を始める前に、申請者がひとつずつ確かめます。"),
    )
    reminder_days = forms.CharField(
        label=_("締切の何営業日前に知らせるか"),
        required=False,
        help_text=_("例: 10,5,1。下書きのままの人だけに知らせます。"),
    )

    class Meta:
        model = Call
        fields = [
            "title", "title_en", "key", "summary", "summary_en", "eligibility", "form", "criteria_set", "number_prefix",
            "opens_at", "is_rolling", "needs_approval", "reminder_days", "contact", "source",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms_to_apply: Any = self.fields["form"]
        forms_to_apply.queryset = Form.objects.filter(purpose__in=[Purpose.PLAN, Purpose.OTHER])
        if self.instance.pk:
            self.initial["eligibility"] = "\n".join(self.instance.eligibility)
            self.initial["reminder_days"] = ",".join(str(one) for one in self.instance.reminder_days)

    def clean_eligibility(self) -> list[str]:
        return [one.strip()[:300] for one in self.cleaned_data["eligibility"].splitlines() if one.strip()]

    def clean_reminder_days(self) -> list[int]:
        parts = [
            one.strip()
            for one in self.cleaned_data["reminder_days"].replace("、", ",").split(",")
            if one.strip()
        ]
        if not all(one.isdigit() and int(one) <= 60 for one in parts):
            raise forms.ValidationError(_("60までの数を、コンマで区切って書いてください。"))
        return sorted({int(one) for one in parts}, reverse=True)


class CutoffForm(VersionedForm):
    """A cut-off of a call."""

    closes_at = MomentField(label=_("締切"))

    class Meta:
        model = Cutoff
        fields = ["round", "closes_at", "result_planned"]


class RegisterForm(forms.Form):
    """Somebody who is not known yet and wants to apply."""

    name = forms.CharField(
        label=_("氏名"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("メールアドレス"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class StartForm(forms.Form):
    """Before an application begins: the requirements one by one, and for which lab it is."""

    def __init__(self, *args: Any, call: Call, labs: list[Lab], earlier: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, text in enumerate(call.eligibility):
            self.fields[f"meets_{number}"] = forms.BooleanField(
                label=text,
                required=True,
                error_messages={
                    "required": _(
                        "この要件を満たさないと申請できません。分からないときは、問い合わせ先に聞いてください。"
                    )
                },
            )
        if labs:
            self.fields["lab"] = forms.ChoiceField(
                label=_("どのラボの申請か"),
                choices=[(str(one.pk), str(one)) for one in labs] + [("", _("新しいラボとして申請する"))],
                required=False,
                widget=forms.RadioSelect,
                initial=str(labs[0].pk),
            )
        if earlier:
            self.fields["earlier"] = forms.ChoiceField(
                label=_("前の申請の内容から始める"),
                choices=[("", _("使わない"))]
                + [(str(one.pk), f"{one.number} {one}（{one.get_state_display()}）") for one in earlier],
                required=False,
            )


class ReasonForm(forms.Form):
    """A reason for an act."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ExtensionForm(ReasonForm):
    """More time."""

    until = MomentField(label=_("いつまで"))
    field_order = ["until", "reason"]


class ReturnForm(ReasonsForm):
    """差戻し: a reason for each section that is returned, and until when it is to be mended."""

    due_at = MomentField(label=_("修正の期限"))
    asks = _("「%(title)s」を差し戻す理由")
    nothing = _("差し戻す章の理由を、1つ以上書いてください。")


class IneligibleForm(forms.Form):
    """Why an application does not meet the requirements."""

    reasons = forms.MultipleChoiceField(
        label=_("満たさない要件"), choices=Screening.choices, widget=forms.CheckboxSelectMultiple
    )
    remark = forms.CharField(
        label=_("申請者への説明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(VersionedForm):
    """What is meant to be decided about one application."""

    conditions = forms.CharField(
        label=_("条件"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "条件つき選定のとき。1行に1つ、「2027-09-30 指標の基準値を確定する」のように期日から書きます。"
        ),
    )

    class Meta:
        model = Decision
        fields = ["outcome", "reason", "feedback"]

    def clean_conditions(self) -> list[tuple[str, Any]]:
        found = []
        for line in self.cleaned_data["conditions"].splitlines():
            if not line.strip():
                continue
            day, _space, text = line.strip().partition(" ")
            try:
                when = parse_date(day)
                if when.precision != "day" or not text.strip():
                    raise ValueError(line)
            except ValueError as error:
                raise forms.ValidationError(
                    _("「%(line)s」の期日を読めません。「2027-09-30 条件」のように書いてください。")
                    % {"line": line}
                ) from error
            found.append((text.strip(), when.earliest))
        return found


class ApplyForm(forms.Form):
    """When the decisions are announced, after the sheet was looked at."""

    announce_at = MomentField(label=_("公表する日時"))
    expected = forms.IntegerField(widget=forms.HiddenInput)


class ReviewTimesForm(forms.Form):
    """From when until when a cut-off's applications are scored."""

    opens_at = MomentField(label=_("採点の開始"))
    closes_at = MomentField(label=_("採点の締切"))


class OpinionForm(forms.Form):
    """同意・指摘・保留."""

    opinion = forms.ChoiceField(
        label=_("意見"),
        choices=[one for one in Opinion.choices if one[0] != Opinion.WAITING],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(label=_("コメント"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ConditionMetForm(forms.Form):
    """A condition was met."""

    note = forms.CharField(label=_("確かめたこと"), widget=forms.Textarea(attrs={"rows": 3}))
