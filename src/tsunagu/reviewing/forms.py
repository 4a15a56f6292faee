"""Forms of reviewing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.moments import MomentField
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import LocalGovernment
from tsunagu.reviewing.models import Level, Panel, PanelMember, ReviewerProfile


class PanelForm(VersionedForm):
    """A panel's times and numbers."""

    opens_at = MomentField(label=_("採点の開始"))
    closes_at = MomentField(label=_("採点の締切"))
    discussion_until = MomentField(label=_("討議の終わり"), required=False)

    class Meta:
        model = Panel
        fields = [
            "title",
            "criteria_set",
            "opens_at",
            "closes_at",
            "discussion_until",
            "reviews_wanted",
            "most_cases",
            "least_cases",
            "shows_others",
        ]
        help_texts = {
            "least_cases": _(
                "0なら最少を決めません。守れないときは、だれがなぜ足りないかを示し、割り当てません。"
            )
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens, closes, until = found.get("opens_at"), found.get("closes_at"), found.get("discussion_until")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("締切は、開始より後にしてください。"))
        if until and closes and until < closes:
            self.add_error("discussion_until", _("討議の終わりは、採点の締切より後にしてください。"))
        least, most = found.get("least_cases"), found.get("most_cases")
        if least is not None and most is not None and least > most:
            self.add_error("least_cases", _("最少の件数は、最大の件数より多くできません。"))
        return found


class LimitsForm(VersionedForm):
    """How many cases one reviewer has, where it is not what the panel says."""

    class Meta:
        model = PanelMember
        fields = ["most_cases", "least_cases"]
        help_texts = {"most_cases": _("空欄なら、審査会の最大の件数。")}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        least, most = found.get("least_cases"), found.get("most_cases")
        if least is not None and most is not None and least > most:
            self.add_error("least_cases", _("最少の件数は、最大の件数より多くできません。"))
        return found


class ProfileForm(VersionedForm):
    """A reviewer's own facts."""

    class Meta:
        model = ReviewerProfile
        fields = [
            "affiliation",
            "prefectures",
            "former_employers",
            "business_partners",
            "mentored_labs",
            "most_cases",
            "uses_keys",
        ]
        help_texts = {"most_cases": _("空欄なら、審査会の決まりによります。")}

    def __init__(self, *args: Any, criteria: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.fields["prefectures"].queryset = LocalGovernment.objects.filter(prefecture=None)  # type: ignore[attr-defined]
        for code, label in criteria:
            self.fields[f"expertise_{code}"] = forms.TypedChoiceField(
                label=_("「%(label)s」の得意さ") % {"label": label},
                choices=[
                    (0, _("0 あまり分からない")),
                    (1, _("1 少し分かる")),
                    (2, _("2 分かる")),
                    (3, _("3 得意")),
                ],
                coerce=int,
                required=False,
                initial=(self.instance.expertise or {}).get(code, 0),
            )

    def expertise(self) -> dict[str, int]:
        """What the person said of themselves, by criterion."""
        return {code: int(self.cleaned_data.get(f"expertise_{code}") or 0) for code, _label in self.criteria}


class InviteForm(forms.Form):
    """Whom to ask."""

    name = forms.CharField(label=_("氏名"), max_length=100)
    email = forms.EmailField(label=_("メールアドレス"))
    is_chair = forms.BooleanField(label=_("座長"), required=False)


class AnswerForm(forms.Form):
    """An answer to an invitation."""

    most_cases = forms.IntegerField(
        label=_("引き受けられる件数（減らすとき）"), min_value=1, max_value=200, required=False
    )
    note = forms.CharField(label=_("ひとこと"), max_length=300, required=False)


class DismissForm(forms.Form):
    """Why a suggested conflict is none."""

    reason = forms.CharField(
        label=_("問題ないと判断した理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FileForm(forms.Form):
    """A table of assignments, or a filled-in sheet."""

    file = forms.FileField(label=_("ファイル（CSVかExcel）"))


class RemarkForm(forms.Form):
    """Something said about a case."""

    level = forms.ChoiceField(label=_("読む人"), choices=Level.choices)
    text = forms.CharField(label=_("発言"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AbstainForm(forms.Form):
    """棄権."""

    reason = forms.CharField(label=_("棄権の理由"), max_length=300)


class SlotsForm(forms.Form):
    """Times for interviews, one a line."""

    starts = forms.CharField(
        label=_("面談の開始の日時（1行に1つ）"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("例: 2027-02-20 10:00"),
    )
    minutes = forms.IntegerField(label=_("1件の長さ（分）"), min_value=10, max_value=240, initial=30)

    def clean_starts(self) -> list[Any]:
        field = MomentField()
        return [
            field.clean(line.strip()) for line in self.cleaned_data["starts"].splitlines() if line.strip()
        ]


class OfferForm(forms.Form):
    """Offering times to the applicant."""

    video_link = forms.URLField(label=_("ビデオ会議のリンク"), required=False, assume_scheme="https")


class QuestionsForm(forms.Form):
    """The questions of an interview, one a line."""

    questions = forms.CharField(
        label=_("面談の質問（1行に1つ）"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
