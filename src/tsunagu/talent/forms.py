"""Forms of the room."""

import itertools
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.accounts.models import Person
from tsunagu.activities.forms import DayField
from tsunagu.questionnaires.models import Form, Purpose
from tsunagu.registry.codes import half_width, is_corporate_number
from tsunagu.registry.forms import VersionedForm
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Lab
from tsunagu.talent.models import (
    Brief,
    Company,
    Deliverable,
    Edition,
    Entry,
    Kind,
    Milestone,
    Mood,
    Outcome,
    OutcomeType,
    Talent,
)

LONG = forms.Textarea(attrs={"rows": 4})
SHORT = forms.Textarea(attrs={"rows": 2})
SEVERAL = forms.CheckboxSelectMultiple
DAYS = ("opens_on", "closes_on", "meets_on", "starts_on", "reports_on")


def _prefectures_only(form: forms.ModelForm, *names: str) -> None:
    for name in names:
        field: Any = form.fields[name]
        field.queryset = field.queryset.filter(prefecture=None)


class EditionForm(VersionedForm):
    """An edition as the secretariat plans it."""

    opens_on = DayField(label=_("募集の始まり"), required=False)
    closes_on = DayField(label=_("募集の終わり"), required=False)
    meets_on = DayField(label=_("ミートアップ"), required=False)
    starts_on = DayField(label=_("伴走の始まり"), required=False)
    reports_on = DayField(label=_("最終報告会"), required=False)
    coordinator_emails = forms.CharField(
        label=_("コーディネーターのメールアドレス（1行に1人）"), required=False, widget=SHORT,
        help_text=_("空欄なら、制度の事務局がコーディネーターをします。先に「人と役割」で招いておいてください。"),
    )  # fmt: skip

    class Meta:
        model = Edition
        fields = [
            "key", "fiscal_year", "title", "title_en", "summary", "outcome_type", "way", "opens_on", "closes_on", "meets_on",
            "starts_on", "reports_on", "smallest", "largest", "stall_days", "seed", "purpose", "keep_months", "form", "source",
        ]  # fmt: skip
        widgets = {
            "summary": LONG,
            "purpose": SHORT,
            "source": SHORT,
            "way": forms.RadioSelect,
            "outcome_type": forms.RadioSelect,
        }
        help_texts = {
            "key": _("英小文字・数字・ハイフン。例: fy2026"),
            "seed": _(
                "同じ合い具合の人が並んだときに使う、くじの言葉。先に公開し、計算のあとは変えられません。例: 開催日の朝刊の見出し"
            ),
            "purpose": _("登録する人に、この文のまま見せて同意をもらいます。"),
            "form": _("選ばなければ、同梱の様式を使います。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["form"].queryset = Form.objects.filter(purpose=Purpose.SURVEY)
        if self.instance.pk:
            self.initial["coordinator_emails"] = "\n".join(
                self.instance.coordinators.order_by("email").values_list("email", flat=True)
            )

    def clean_coordinator_emails(self) -> list[Person]:
        wanted = [
            line.strip().lower()
            for line in self.cleaned_data["coordinator_emails"].splitlines()
            if line.strip()
        ]
        known = {one.email: one for one in Person.objects.filter(email__in=wanted, is_active=True)}
        if unknown := [one for one in wanted if one not in known]:
            raise forms.ValidationError(
                _now(
                    "このアドレスの人は登録されていません: %(who)s。「人と役割」で招いてから入れてください。"
                )
                % {"who": "、".join(unknown)}
            )
        return [known[one] for one in wanted]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        days = [(name, cleaned[name]) for name in DAYS if cleaned.get(name)]
        for (_before, earlier), (name, later) in itertools.pairwise(days):
            if later < earlier:
                self.add_error(
                    name,
                    _now(
                        "前の日付より前になっています。募集→ミートアップ→伴走→最終報告会の順にしてください。"
                    ),
                )
        if (cleaned.get("smallest") or 0) > (cleaned.get("largest") or 0):
            self.add_error("largest", _now("最少の人数より小さくなっています。"))
        return cleaned


class ReportWordsForm(VersionedForm):
    """What the final report says besides its numbers."""

    class Meta:
        model = Edition
        fields = ["report"]
        widgets = {"report": forms.Textarea(attrs={"rows": 10})}


class JoinForm(forms.Form):
    """The first step for somebody who has no account: who they are, and that they read what happens with their data."""

    kind = forms.ChoiceField(
        label=_("どちらとして参加しますか"), choices=Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("氏名"), max_length=100)
    email = forms.EmailField(label=_("メールアドレス"), help_text=_("サインインのためのリンクを送ります。"))
    agrees = forms.BooleanField(
        label=_("個人情報の使い方を読み、同意します"),
        error_messages={
            "required": _("読んで、同意するときは印をつけてください。同意しないと登録できません。")
        },
    )


def _consent() -> forms.BooleanField:
    """Somebody who is signed in already agrees on the form itself, once an edition."""
    return forms.BooleanField(
        label=_("上の「個人情報の使い方」を読み、同意します"),
        error_messages={
            "required": _("読んで、同意するときは印をつけてください。同意しないと登録できません。")
        },
    )


class TalentForm(VersionedForm):
    """A talent's description; hours and how many companies are of the edition."""

    hours = forms.IntegerField(label=_("この回で1か月に使える時間"), min_value=1, max_value=200)
    most = forms.IntegerField(label=_("同時に引き受ける会社の数"), min_value=1, max_value=5, initial=1)
    agrees = _consent()

    class Meta:
        model = Talent
        fields = ["headline", "about", "skills", "home", "mode", "portfolio"]
        widgets = {"about": LONG, "skills": SEVERAL, "mode": forms.RadioSelect}
        help_texts = {
            "headline": _("例: 製造業の在庫管理を表計算から作り直した経験があります"),
            "portfolio": _("あなたと会社の両方が希望したあとに、その会社にだけ見えます。"),
        }

    def __init__(self, *args: Any, entry: Entry, asks_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prefectures_only(self, "home")
        self.initial.update({"hours": entry.hours, "most": entry.most})
        if not asks_consent:
            del self.fields["agrees"]


class CompanyForm(VersionedForm):
    """A company as its contact describes it."""

    agrees = _consent()

    class Meta:
        model = Company
        fields = ["name", "corporate_number", "prefecture", "industry", "staff", "lab", "contact_title"]
        help_texts = {
            "name": _("両方が希望するまで、参加する人材には見えません。"),
            "lab": _(
                "ふだん相談しているラボがあれば選んでください。いっしょに支え、ラボの活動の記録にもなります。"
            ),
        }

    def __init__(self, *args: Any, asks_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prefectures_only(self, "prefecture")
        fields: dict[str, Any] = self.fields
        fields["lab"].queryset = (
            Lab.objects.filter(designations__scheme=Scheme.DX).select_related("region").distinct()
        )
        if not asks_consent:
            del self.fields["agrees"]

    def clean_corporate_number(self) -> str:
        number = half_width(self.cleaned_data["corporate_number"])
        if number and not is_corporate_number(number):
            raise forms.ValidationError(
                _now("法人番号の検査数字が合いません。国税庁の公表サイトで13桁を確かめてください。")
            )
        return number


class BriefForm(VersionedForm):
    """A brief, for both of its writers."""

    class Meta:
        model = Brief
        fields = [
            "title",
            "gist",
            "situation",
            "goal",
            "needs",
            "hours",
            "smallest",
            "largest",
            "mode",
            "secrets",
            "remark",
        ]
        widgets = {
            "gist": SHORT, "situation": LONG, "goal": LONG, "secrets": LONG, "needs": SEVERAL, "mode": forms.RadioSelect, "remark": SHORT,
        }  # fmt: skip
        help_texts = {
            "title": _("例: 紙の受注をなくし、在庫が見えるようにしたい（食品の製造）"),
            "goal": _("例: 受注から出荷までを1つの表で見られ、担当が休んでも分かる"),
            "secrets": _("取引先の名前や図面など。希望がそろった人にだけ見えます。"),
            "remark": _("いっしょに書いている相手（会社またはコーディネーター）だけが見ます。"),
        }

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        if edition.way == "pairs":
            for name in ("smallest", "largest"):
                del self.fields[name]
            self.instance.smallest = self.instance.largest = 1

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        least, most = cleaned.get("smallest"), cleaned.get("largest")
        if least is not None and most is not None:
            if not self.edition.smallest <= least:
                self.add_error(
                    "smallest", _now("この回のチームは%(n)d人からです。") % {"n": self.edition.smallest}
                )
            if most > self.edition.largest:
                self.add_error(
                    "largest", _now("この回のチームは%(n)d人までです。") % {"n": self.edition.largest}
                )
            if least > most:
                self.add_error("largest", _now("最少の人数より小さくなっています。"))
        return cleaned


class WeekForm(forms.Form):
    """The week in three fields."""

    mood = forms.ChoiceField(label=_("進み具合"), choices=Mood.choices, widget=forms.RadioSelect)
    done = forms.CharField(label=_("したこと"), max_length=200)
    next_step = forms.CharField(label=_("次にすること"), max_length=200, required=False)


class MilestoneForm(VersionedForm):
    """A step of the plan."""

    due_on = DayField(label=_("いつまでに"), required=False)
    done_on = DayField(label=_("できた日"), required=False)

    class Meta:
        model = Milestone
        fields = ["title", "due_on", "done_on", "note"]


class DeliverableForm(VersionedForm):
    """What a team hands over."""

    upload = forms.FileField(
        label=_("ファイル"), required=False,
        help_text=_("PDF、Excel、Word、PowerPoint、CSV、テキスト、PNG、JPEG。50MBまで。"),
    )  # fmt: skip

    class Meta:
        model = Deliverable
        fields = ["title", "what", "link"]
        widgets = {"what": SHORT}
        help_texts = {"link": _("公開しているページや動くものがあれば。")}


class OutcomeForm(VersionedForm):
    """What came of it; the dates of DX認定 only where the edition works towards it."""

    filed_on = DayField(label=_("DX認定を申請した日"), required=False)
    granted_on = DayField(label=_("DX認定を受けた日"), required=False)

    class Meta:
        model = Outcome
        fields = [
            "reached", "told", "learned", "filed_on", "granted_on", "nintei_number", "goes_on", "may_publish",
        ]  # fmt: skip
        widgets = {"reached": forms.RadioSelect, "told": LONG, "learned": LONG}
        help_texts = {
            "told": _("最終報告に載ります。会社の名前は書かないでください。"),
            "learned": _("次の回の人の役に立ちます。最終報告に載ります。"),
        }

    def __init__(self, *args: Any, outcome_type: str, is_company: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcome_type != OutcomeType.NINTEI:
            for name in ("filed_on", "granted_on", "nintei_number"):
                del self.fields[name]
        if not is_company:
            # Whether its name may stand there is the company's alone to say.
            del self.fields["may_publish"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        filed, granted = cleaned.get("filed_on"), cleaned.get("granted_on")
        if granted is not None and (filed is None or granted < filed):
            self.add_error("granted_on", _now("申請した日を入れ、それより後の日にしてください。"))
        return cleaned


class TogetherForm(forms.Form):
    """A team put together by hand."""

    entries = forms.ModelMultipleChoiceField(
        label=_("メンバー"), queryset=Entry.objects.none(), widget=SEVERAL,
        error_messages={"required": _("メンバーを選んでください。")},
    )  # fmt: skip
    reason = forms.CharField(label=_("この組み合わせにする理由"), max_length=300, widget=SHORT)

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["entries"]
        field.queryset = (
            Entry.objects.filter(interests__brief=brief, interests__opened_at__isnull=False, state="accepted")
            .select_related("talent__person")
            .prefetch_related("talent__skills")
            .distinct()
        )
        field.label_from_instance = self._label

    @staticmethod
    def _label(entry: Entry) -> str:
        skills = "、".join(one.name for one in entry.talent.skills.all())
        return f"{entry.talent.person.name}（{entry.label}: {skills}）"
