"""Forms of the log."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.activities import selectors
from tsunagu.activities.importing.columns import COLUMNS
from tsunagu.activities.models import Activity, ActivityKind, PolicyUse
from tsunagu.activities.rules import Company, NotLogged, check_days, read_companies
from tsunagu.activities.services import Details, save_activity
from tsunagu.engines.tables import Table
from tsunagu.registry.fields import PartialDateFormField
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.models import Lab
from tsunagu.sharing.policy import RecordAudience
from tsunagu.sharing.viewer import Viewer


class DayField(PartialDateFormField):
    """A day, whole: any way of writing one, and the browser's own calendar where it has one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        found = super().clean(value)
        if found is None:
            return None
        if found.earliest != found.latest:
            raise ValidationError(_now("日まで書いてください。例: 2026-05-01"))
        return found.earliest

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else super().prepare_value(value)


def audiences(viewer: Viewer) -> list[tuple[str, Any]]:
    """The audiences a person may choose: a lab's office would lose sight of what it keeps to the secretariat."""
    return [
        (one.value, one.label)
        for one in RecordAudience
        if viewer.is_staff or one is not RecordAudience.SECRETARIAT
    ]


class ActivityForm(VersionedForm):
    """An activity: the first five fields are enough, the rest may stay closed."""

    kind = forms.ModelChoiceField(
        ActivityKind.objects.none(), label=_("種類"), widget=forms.RadioSelect, empty_label=None
    )
    started_on = DayField(label=_("行った日"))
    ended_on = DayField(label=_("終わった日"), required=False, help_text=_("1日で終わったときは空欄のまま。"))
    companies = forms.CharField(
        label=_("支援した企業"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "1行に1社。名前か法人番号、または両方。企業の名前は、あなたのラボと担当の事務局だけに見えます。"
        ),
    )
    labs = forms.ModelMultipleChoiceField(
        Lab.objects.none(),
        label=_("一緒に行ったラボ"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    others = forms.CharField(
        label=_("一緒に行った組織"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("1行に1つ。"),
    )
    evidence = forms.FileField(
        label=_("裏づけになるファイル"), required=False, help_text=_("写真、ちらし、名簿など。50MBまで。")
    )
    audience = forms.ChoiceField(
        label=_("公開範囲"),
        required=False,
        help_text=_(
            "「公開」にすると、種類・題名・日付・人数・内容がラボの公開ページに載ります。企業の名前は載りません。"
        ),
    )

    class Meta:
        model = Activity
        fields = [
            "kind",
            "title",
            "started_on",
            "people",
            "policies",
            "ended_on",
            "summary",
            "evidence_link",
            "audience",
        ]
        widgets = {"summary": forms.Textarea(attrs={"rows": 3}), "policies": forms.CheckboxSelectMultiple,
                   "people": forms.TextInput(attrs={"inputmode": "numeric"})}  # fmt: skip

    first = ("kind", "title", "started_on", "people", "companies")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.instance
        fields: dict[str, Any] = self.fields
        day = one.started_on or timezone.localdate()
        fields["kind"].queryset = selectors.kinds(on=day)
        fields["labs"].queryset = Lab.objects.select_related("region").exclude(pk=one.lab_id)
        fields["policies"].queryset = fields["policies"].queryset.order_by("name")
        fields["policies"].required = False
        by_kind = [] if one.pk else [("", _("種類に合わせる（相談・伴走はラボ間、ほかは公開）"))]
        fields["audience"].choices = [*by_kind, *audiences(viewer)]
        if one.pk:
            self.initial["companies"] = "\n".join(
                " ".join(part for part in (each.name, each.corporate_number) if part)
                for each in one.companies.all()
            )
            self.initial["labs"] = [each.lab_id for each in one.partners.all() if each.lab_id]
            self.initial["others"] = "\n".join(str(each) for each in one.partners.all() if not each.lab_id)
        else:
            self.initial["started_on"] = self.initial.get("started_on") or day

    def clean_companies(self) -> list[Company]:
        try:
            return read_companies(self.cleaned_data["companies"])
        except NotLogged as problem:
            raise ValidationError(str(problem)) from problem

    def clean_started_on(self) -> date:
        day: date = self.cleaned_data["started_on"]
        try:
            check_days(day, None, today=timezone.localdate())
        except NotLogged as problem:
            raise ValidationError(str(problem)) from problem
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("started_on"), cleaned.get("ended_on")
        if first and last:
            try:
                check_days(first, last, today=timezone.localdate())
            except NotLogged as problem:
                self.add_error("ended_on", str(problem))
        kind = cleaned.get("kind")
        if not cleaned.get("audience") and kind is not None:
            cleaned["audience"] = kind.default_audience
        return cleaned

    def opened(self) -> list[Any]:
        """The fields asked at once."""
        return [self[name] for name in self.first]

    def more(self) -> list[Any]:
        """The fields behind もっと書く."""
        return [one for one in self.visible_fields() if one.name not in self.first]

    @property
    def has_more_errors(self) -> bool:
        return any(one.errors for one in self.more())

    def store(self, activity: Activity, *, by: Viewer, seen: int | None = None) -> Activity:
        """Save the activity with all that belongs to it. Raises `EditConflict`, `NotLogged`."""
        given = self.cleaned_data
        activity.audience = given["audience"]
        details = Details(
            companies=given["companies"],
            labs=list(given["labs"]),
            others=given["others"].splitlines(),
            policies=list(given["policies"]),
        )
        return save_activity(activity, details=details, by=by, seen=seen)


class UploadForm(forms.Form):
    """A lab's own list."""

    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("CSV か Excel（.xlsx）。kintoneから書き出したCSVもそのまま選べます。50MB、20万行まで。"),
    )


class ColumnsForm(forms.Form):
    """Which column of a file means what, and how its words for kinds are read."""

    def __init__(
        self, *args: Any, table: Table, columns: dict[str, str], unknown: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        headings = [("", _("（使わない）")), *((one, one) for one in table.headers if one)]
        for column in COLUMNS:
            self.fields[f"c.{column.key}"] = forms.ChoiceField(
                label=column.label,
                choices=headings,
                required=column.required,
                initial=columns.get(column.key, ""),
            )
        self.words = {f"w.{number}": word for number, word in enumerate(unknown)}
        kinds = [("", _("（選んでください）")), *((one.code, one.label) for one in selectors.kinds())]
        for name, word in self.words.items():
            self.fields[name] = forms.ChoiceField(
                label=_("「%(word)s」の種類") % {"word": word}, choices=kinds, required=False
            )
        self.fields["name"] = forms.CharField(
            label=_("この割り当てを残す名前"),
            max_length=60,
            required=False,
            help_text=_("次に同じ形のファイルを選ぶと、列を選ばずに済みます。"),
        )

    @property
    def columns(self) -> dict[str, str]:
        return {
            one.key: self.cleaned_data[f"c.{one.key}"]
            for one in COLUMNS
            if self.cleaned_data.get(f"c.{one.key}")
        }

    @property
    def kinds(self) -> dict[str, str]:
        return {word: code for name, word in self.words.items() if (code := self.cleaned_data.get(name))}


class UseForm(VersionedForm):
    """What a lab made of a policy in a year."""

    class Meta:
        model = PolicyUse
        fields = ["policy", "fiscal_year", "companies", "count", "amount", "result", "again", "audience"]
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"amount": _("円。補助金などの額の合計。")}

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["audience"].choices = audiences(viewer)
        if self.instance.pk:
            for name in ("policy", "fiscal_year"):
                fields[name].disabled = True

    def clean_fiscal_year(self) -> int:
        year = int(self.cleaned_data["fiscal_year"])
        if not 2015 <= year <= timezone.localdate().year:
            raise ValidationError(_now("年度を4桁の西暦で書いてください。例: 2026"))
        return year


class VerifyForm(forms.Form):
    """The evidence against which a number was checked."""

    evidence = forms.CharField(
        label=_("何で確かめたか"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("書類の名前、ページの住所、確かめた日など。"),
    )


class QuestionForm(forms.Form):
    """A free question of the log."""

    kind = forms.ChoiceField(label=_("種類"), required=False)
    bureau = forms.ChoiceField(label=_("経済産業局"), required=False)
    policy = forms.ChoiceField(label=_("使った施策"), required=False)
    q = forms.CharField(label=_("言葉"), required=False, max_length=100)
    lab = forms.SlugField(required=False, widget=forms.HiddenInput, max_length=60)
    since = DayField(label=_("この日から"), required=False)
    until = DayField(label=_("この日まで"), required=False)

    def __init__(self, *args: Any, bureaus: list[Any], policies: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = [("", _("すべて"))]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [*anything, *((one.code, str(one)) for one in selectors.kinds())]
        fields["bureau"].choices = [*anything, *((one.code, one.label) for one in bureaus)]
        fields["policy"].choices = [*anything, *((one.code, one.name) for one in policies)]

    def wanted(self) -> dict[str, str]:
        """What is asked for; what was wrongly written is left out and said."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value
        }
