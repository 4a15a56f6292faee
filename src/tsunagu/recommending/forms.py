"""Forms of recommendations and of the way to DX認定."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.recommending.models import Company, Edition, Part, Recommendation
from tsunagu.recommending.rules import Route, Step
from tsunagu.recommending.selectors import editions_to_come
from tsunagu.recommending.wording import Line
from tsunagu.registry.codes import half_width, is_corporate_number
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

UNCONFIRMED = ("", _("未確認"))
TRUTH = {"yes": True, "no": False, "": None}


def _dates(*names: str) -> dict[str, forms.Widget]:
    return {name: forms.DateInput(attrs={"type": "date"}) for name in names}


class TruthField(forms.TypedChoiceField):
    """Yes, no, or not looked up yet."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [UNCONFIRMED, ("yes", _("はい")), ("no", _("いいえ"))]
        super().__init__(
            choices=choices,
            coerce=TRUTH.get,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class RoutesField(forms.MultipleChoiceField):
    """Some of the routes; none ticked means not looked up yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=Route.choices, required=False, widget=forms.CheckboxSelectMultiple,
            help_text=_("分からないときは、どれにも印を付けません。"), **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> list[str] | None:
        return list(super().clean(value)) or None


class EditionForm(VersionedForm):
    """The rules of an edition; blank means not looked up yet."""

    routes_with = RoutesField(label=_("DX認定のある会社が選べる道"))
    routes_without = RoutesField(label=_("DX認定のない会社が選べる道"))
    pledge_needed = TruthField(label=_("DX認定のない会社に、推薦する人の申請補助の宣言が要る"))
    past_winners_excluded = TruthField(label=_("過去に選定された会社は除く"))

    class Meta:
        model = Edition
        fields = [
            "year", "title", "opens_on", "closes_on", "lab_scheme", "routes_with", "routes_without", "pledge_needed",
            "filing_deadline", "capital_below", "staff_at_most", "past_winners_excluded", "source", "note",
        ]  # fmt: skip
        widgets = _dates("opens_on", "closes_on", "filing_deadline")
        help_texts = {"source": _("きまりの書かれた募集要領などのURLと題名。")}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens, closes = found.get("opens_on"), found.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("受付の終わりは、始まりの日かそれより後にしてください。"))
        return found


class CompanyForm(VersionedForm):
    """A company as a lab knows it."""

    won_years = forms.CharField(
        label=_("DXセレクションに選定された年"), required=False, help_text=_("なければ空欄。例: 2023,2024")
    )

    class Meta:
        model = Company
        fields = [
            "capital", "staff", "trade", "industry", "size_note", "nintei", "nintei_number", "nintei_from", "nintei_to",
            "nintei_source", "won_years", "contact_name", "contact_email",
        ]  # fmt: skip
        widgets = {**_dates("nintei_from", "nintei_to"), "size_note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "capital": _("円の数で。例: 30000000"),
            "size_note": _(
                "回のきまりの数を超えても、同じくらいの規模といえるときだけ、その理由を書きます。"
            ),
            "nintei_source": _("確かめたページのURL、または会社から聞いた日。"),
            "contact_email": _("推薦の内容を確かめて同意してもらうページの案内を、ここへ送ります。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["won_years"] = ",".join(str(one) for one in self.instance.won_years)

    def clean_won_years(self) -> list[int]:
        text = self.cleaned_data["won_years"].replace("、", ",")
        parts = [one.strip() for one in text.split(",") if one.strip()]
        if not all(one.isascii() and one.isdigit() and 2022 <= int(one) <= 2100 for one in parts):
            raise forms.ValidationError(_("2022からの年を、コンマで区切って書いてください。"))
        return sorted({int(one) for one in parts})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("nintei_from"), found.get("nintei_to")
        if begins and ends and ends < begins:
            self.add_error("nintei_to", _("認定の終わりは、始まりより後にしてください。"))
        return found


class NewCompanyForm(CompanyForm):
    """A company a lab begins to work with, by its 法人番号."""

    number = forms.CharField(
        label=_("法人番号"), help_text=_("13桁の数字。国税庁の法人番号公表サイトで確かめられます。")
    )
    name = forms.CharField(label=_("会社の名称"), max_length=200)
    field_order = ["number", "name"]

    def __init__(self, *args: Any, lab: Lab, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lab = lab

    def clean_number(self) -> str:
        number = half_width(self.cleaned_data["number"])
        if not is_corporate_number(number):
            raise forms.ValidationError(_("法人番号の検査数字が合いません。13桁を確かめてください。"))
        if Company.objects.filter(lab=self.lab, organisation__corporate_number=number).exists():
            raise forms.ValidationError(_("この会社は、すでに登録されています。一覧から選んでください。"))
        return number


class RecommendationForm(VersionedForm):
    """The text of a recommendation."""

    class Meta:
        model = Recommendation
        fields = ["company", "edition", "route", "reasons", "results", "pledge", "planned_filing_on"]
        widgets = {
            **_dates("planned_filing_on"),
            "route": forms.RadioSelect,
            "reasons": forms.Textarea(attrs={"rows": 6}),
            "results": forms.Textarea(attrs={"rows": 6}),
            "pledge": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "reasons": _("会社に、このまま見せて同意を求めます。"),
            "pledge": _(
                "DX認定のない会社を推薦するとき: 認定の申請を、だれが、どう助けるか。宣言した人と日時が残ります。"
            ),
            "planned_filing_on": _("DX認定のない会社のとき。回のきまりの期限までの日。"),
        }

    def __init__(self, *args: Any, lab: Lab, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Company.objects.filter(lab=lab).select_related("organisation")
        editions = editions_to_come(viewer, on=timezone.localdate())
        if self.instance.pk:
            # What was begun stays with its company and edition.
            known = known.filter(pk=self.instance.company_id)
            editions = Edition.objects.filter(pk=self.instance.edition_id)
        self.fields["company"].queryset = known  # type: ignore[attr-defined]
        self.fields["edition"].queryset = editions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        same = Recommendation.objects.filter(company=found.get("company"), edition=found.get("edition"))
        if same.exclude(pk=self.instance.pk).exclude(state=Step.WITHDRAWN).exists():
            self.add_error(
                "company", _("この会社は、この回にすでに推薦を始めています。一覧から開いてください。")
            )
        return found


class ConsentForm(forms.Form):
    """A company's answer to the text it is shown."""

    struck = forms.MultipleChoiceField(
        label=_("送らない項目"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("印を付けた項目は、送る内容から消えます。会社の名称など、推薦に欠かせない項目は消せません。"),
    )  # fmt: skip
    name = forms.CharField(label=_("あなたの役職と氏名"), max_length=100)
    reason = forms.CharField(
        label=_("断る場合の理由"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, lines: list[Line], refusing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusing = refusing
        self.fields["struck"].choices = [  # type: ignore[attr-defined]
            (one.key, one.label) for one in lines if not one.is_fixed
        ]

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if self.refusing and not reason:
            raise forms.ValidationError(_("断る場合は、理由を一言書いてください。ラボだけに伝わります。"))
        return reason


class FilingForm(forms.Form):
    """That DX認定 was filed."""

    filed_on = forms.DateField(label=_("DX認定を申請した日"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label=_("申請の控え"), required=False, max_length=200, help_text=_("受付番号や、控えの置き場所。")
    )

    def clean_filed_on(self) -> Any:
        day = self.cleaned_data["filed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("申請した日は、今日までの日にしてください。"))
        return day


class ReasonForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label=_("取り下げる理由"), max_length=300)


class ResultForm(forms.Form):
    """The organisers' result."""

    state = forms.ChoiceField(
        label=_("結果"),
        choices=[(one.value, one.label) for one in (Step.SELECTED, Step.NOT_SELECTED)],
        widget=forms.RadioSelect,
    )
    result_on = forms.DateField(label=_("発表の日"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("出典"), max_length=300, help_text=_("発表のページのURLなど。"))


class PartForm(VersionedForm):
    """What a company has for one pillar."""

    class Meta:
        model = Part
        fields = [
            "text", "document_name", "means", "address", "place", "published_on", "decided_by", "decided_on",
        ]  # fmt: skip
        widgets = {
            **_dates("published_on", "decided_on"),
            "text": forms.Textarea(attrs={"rows": 8}),
            "means": forms.RadioSelect,
        }
        help_texts = {
            "text": _("会社が公表しているとおりに写してください。まだなら、公表する案を書きます。"),
            "document_name": _("ウェブサイトならそのページの題名、文書なら文書の名前。"),
            "place": _("ページまでの道すじ。ウェブサイトでないときは、どこで、だれに、どう公表しているか。"),
            "decided_by": _("取締役会、または取締役会に準ずる機関の名前。"),
        }
