"""Forms of experts and dispatches."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.activities.forms import DayField
from tsunagu.experts.fields import DaysField, outside
from tsunagu.experts.models import (
    DispatchReport,
    DispatchRequest,
    DispatchRules,
    Expert,
    ForWhom,
    Progress,
    Side,
    Visit,
)
from tsunagu.registry.codes import half_width, is_corporate_number
from tsunagu.registry.forms import VersionedForm

LONG = forms.Textarea(attrs={"rows": 4})
SEVERAL = forms.CheckboxSelectMultiple
MONTHS_AHEAD = 12


class ExpertForm(VersionedForm):
    """An expert's own entry."""

    away_months = forms.TypedMultipleChoiceField(
        label=_("引き受けられない月"), required=False, coerce=int, widget=SEVERAL,
        choices=[(month, f"{month}月") for month in range(1, 13)],
    )  # fmt: skip

    class Meta:
        model = Expert
        fields = [
            "headline", "about", "affiliation", "themes", "industries", "home", "mode", "areas", "away_months", "most_a_year",
            "most_a_month", "payer", "sells", "shows_alternatives", "conflicts", "is_listed",
        ]  # fmt: skip
        widgets = {"about": LONG, "themes": SEVERAL, "industries": SEVERAL, "areas": forms.SelectMultiple(attrs={"size": 8}),
                   "conflicts": forms.SelectMultiple(attrs={"size": 8})}  # fmt: skip
        help_texts = {
            "conflicts": _("取引や雇用など。選んだ組織が関わる依頼は来なくなります。ラボには見えません。"),
            "sells": _("なければ空欄。書くと名簿に出ます。"),
            "areas": _("何も選ばないと、全国へ行けるとみなします。"),
        }

    MANY = ("themes", "industries", "areas", "conflicts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("home", "areas"):
            fields[name].queryset = fields[name].queryset.filter(prefecture=None)
        fields["conflicts"].queryset = fields["conflicts"].queryset.filter(merged_into=None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("sells") and not cleaned.get("shows_alternatives"):
            self.add_error(
                "shows_alternatives", _now("売っているものがある人は、ほかの選択肢を示す約束が要ります。")
            )
        return cleaned


def coming_months() -> list[tuple[str, str]]:
    """This month and the next ones."""
    today = timezone.localdate().replace(day=1)
    found = []
    for step in range(MONTHS_AHEAD):
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        found.append((f"{year}-{month + 1:02d}-01", f"{year}年{month + 1}月"))
    return found


class RequestForm(VersionedForm):
    """What a lab asks: two sentences and four choices are enough."""

    for_whom = forms.ChoiceField(
        label=_("相談するのは"),
        choices=ForWhom.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=ForWhom.LAB,
    )
    month = forms.DateField(label=_("来てほしい月"), required=False, widget=forms.Select)
    days = DaysField(
        label=_("候補の日"),
        required=False,
        help_text=_("決まっていれば3つまで。月を選ばなければ、候補の日の月にします。"),
    )

    class Meta:
        model = DispatchRequest
        fields = [
            "title",
            "for_whom",
            "company",
            "corporate_number",
            "theme",
            "industry",
            "situation",
            "goal",
            "month",
            "days",
            "times",
            "mode",
        ]
        widgets = {"situation": LONG, "goal": LONG}
        help_texts = {
            "company": _("会社の名前は、事務局と、決まった専門家だけが見ます。"),
            "times": _("例: 火曜と木曜の午後"),
            "goal": _("終わったときに、何ができていればよいか。例: 受注を紙に書き写さなくてよくなる"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = coming_months()
        kept = self.instance.month
        if kept is not None and kept.isoformat() not in dict(months):
            months = [(kept.isoformat(), f"{kept.year}年{kept.month}月"), *months]
        self.fields["month"].widget = forms.Select(choices=[("", "—"), *months])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        company, for_whom = found.get("company", "").strip(), found.get("for_whom")
        if for_whom == ForWhom.LAB and company:
            self.add_error(
                "company",
                _now("ラボ自身の相談になっています。「地域の会社」を選ぶか、会社の名前を消してください。"),
            )
        found["for_whom"] = for_whom or (ForWhom.COMPANY if company else ForWhom.LAB)
        days, month = found.get("days") or [], found.get("month")
        if days and month is None and "month" not in self.errors:
            found["month"] = month = days[0].replace(day=1)
        if month is not None and (wrong := outside(days, month)):
            self.add_error("days", wrong)
        return found

    def clean_corporate_number(self) -> str:
        number = half_width(self.cleaned_data["corporate_number"])
        if number and not is_corporate_number(number):
            raise forms.ValidationError(
                _now("法人番号の検査数字が合いません。国税庁の公表サイトで13桁を確かめてください。")
            )
        return number


class NoteForm(forms.Form):
    """A sentence that goes with an act."""

    note = forms.CharField(
        label=_("ひとこと"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class VisitForm(VersionedForm):
    """A visit, on a phone: six short fields."""

    held_on = DayField(label=_("会った日"))

    class Meta:
        model = Visit
        fields = ["held_on", "mode", "hours", "people", "done", "next_step"]
        widgets = {"mode": forms.RadioSelect}


class ReportForm(VersionedForm):
    """A side's report."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer, side = self.instance.offer, self.instance.side
        # Who sells something shows other choices too: the expert says which, the lab whether.
        asked = {Side.EXPERT: "alternatives", Side.LAB: "was_shown"}.get(side) if offer.sells else None
        for name in ("alternatives", "was_shown"):
            if name == asked:
                self.fields[name].required = True
            else:
                del self.fields[name]
        if asked == "alternatives":
            self.fields["alternatives"].help_text = _now(
                "「%(sells)s」のほかに示した製品やしかたを書いてください。何もすすめなかったときは、そう書いてください。"
            ) % {"sells": offer.sells}

    class Meta:
        model = DispatchReport
        fields = ["reached", "told", "alternatives", "was_shown", "inner"]
        widgets = {
            "told": LONG,
            "alternatives": forms.Textarea(attrs={"rows": 3}),
            "was_shown": forms.RadioSelect,
            "inner": LONG,
            "reached": forms.RadioSelect(choices=[(number, str(number)) for number in range(1, 6)]),
        }
        help_texts = {"told": _("相手も読みます。"), "inner": _("相手には見えません。")}


class FollowUpForm(forms.Form):
    """What became of it: one press."""

    progress = forms.ChoiceField(
        label=_("いまどうなっているか"), choices=Progress.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("ひとこと"), max_length=300, required=False)


class RulesForm(VersionedForm):
    """The secretariat's limits."""

    class Meta:
        model = DispatchRules
        fields = ["most_of_a_lab", "nudge_days", "rematch_days", "capital_share"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        nudge, again = cleaned.get("nudge_days"), cleaned.get("rematch_days")
        if nudge is not None and again is not None and again <= nudge:
            self.add_error("rematch_days", _now("はじめの連絡を促す日より後にしてください。"))
        return cleaned
