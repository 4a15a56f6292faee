"""Forms of the back office."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tsunagu.engines.controls import spaced
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.codes import half_width, is_corporate_number, natural_key
from tsunagu.registry.kinds import EventKind, Reason, RegionKind
from tsunagu.registry.models import (
    Designation,
    Lab,
    LabContact,
    LabDocument,
    LocalGovernment,
    MemberOrg,
    Organisation,
    Region,
    Round,
    StatusEvent,
)
from tsunagu.registry.models.imports import ImportKind
from tsunagu.registry.rules import REASONS_FOR, check_member_dates
from tsunagu.registry.services import save_contact, share_document
from tsunagu.sharing.policy import RecordAudience
from tsunagu.sharing.viewer import Viewer

EVENT_REFUSALS = {
    "reason_does_not_fit": _("この理由は、このできごとには使えません。「目標達成」は「終了」の理由です。"),
    "only_iot_moves": _("移行するのは地方版IoT推進ラボの選定だけです。"),
    "before_selection": _("選定より前の日付です。日付を確かめてください。"),
    "before_last_event": _("すでに記録されたできごとより前の日付です。先に新しいほうを取り消してください。"),
    "not_after_selected": _("選定中のラボには記録できません（活動再開は休止のあとです）。"),
    "not_after_dormant": _("すでに休止中です。"),
    "not_after_ended": _("すでに終了しています。誤りなら「終了」を取り消してください。"),
    "not_after_moved": _("すでに移行しています。誤りなら「移行」を取り消してください。"),
    "successor_unfit": _("同じラボの地域DX推進ラボの選定（日付つき）がありません。先に登録してください。"),
}


def without_controls(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What was sent, with spaces for what controls terminals or turns the direction of writing."""
    if data is None:
        return None
    if isinstance(data, QueryDict):
        copy = data.copy()
        for name, values in data.lists():
            copy.setlist(name, [spaced(str(one)) for one in values])
        return copy
    return {name: spaced(value) if isinstance(value, str) else value for name, value in data.items()}


# A source is a line or two: an address, or a page of a paper.
SHORT_SOURCE = {"source": forms.Textarea(attrs={"rows": 2})}


class VersionedForm(forms.ModelForm):
    """A form that remembers which version of the record the person has before them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(without_controls(data), *args, **kwargs)
        for field in self.fields.values():
            if field.required and isinstance(field.widget, forms.RadioSelect):
                # "---------" among the buttons of a question that must be answered would be one more answer.
                field.widget.choices = [one for one in field.widget.choices if one[0] != ""]
        self.fields["version"].required = self.instance.pk is not None
        self.initial["version"] = self.instance.version if self.instance.pk else None


class LabForm(VersionedForm):
    """A lab's own facts."""

    class Meta:
        model = Lab
        fields = ["name", "name_en", "website", "summary", "source"]
        widgets = SHORT_SOURCE


class SharedForm(VersionedForm):
    """A record of a lab with the people it is shared with."""

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not viewer.is_staff:
            # A lab's office would lose sight of what it keeps to the secretariat.
            choices = [one for one in RecordAudience.choices if one[0] != RecordAudience.SECRETARIAT]
            self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        others = Lab.objects.select_related("region").exclude(pk=self.instance.lab_id)
        self.fields["parties"].queryset = others  # type: ignore[attr-defined]


class ContactForm(SharedForm):
    """Whom to ask at a lab, and whom the lab lets see it."""

    class Meta:
        model = LabContact
        fields = ["desk", "email", "person", "phone", "note", "audience", "parties"]
        help_texts = {
            "email": _("部署の共用アドレスをおすすめします。公開範囲の人に見えます。"),
            "person": _("広くてもラボ間まで。公開にしても、外の人には見えません。"),
            "phone": _("広くてもラボ間まで。公開にしても、外の人には見えません。"),
            "note": _("このラボと、名前を挙げたラボと、担当の経済産業局だけに見えます。"),
            "parties": _("「当事者」のとき、ここで選んだラボにも見えます。"),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def store(self, contact: LabContact, *, seen: int | None = None) -> LabContact:
        """Save the contact together with the labs named. Raises `EditConflict`."""
        return save_contact(contact, parties=list(self.cleaned_data["parties"]), seen=seen)


class DocumentForm(SharedForm):
    """What a lab's document is called and whom it is shared with."""

    class Meta:
        model = LabDocument
        fields = ["title", "audience", "parties"]
        help_texts = {"parties": _("「当事者」のとき、ここで選んだラボにも見えます。")}

    def store(self, document: LabDocument, *, seen: int | None = None) -> LabDocument:
        """Save the document together with the labs named. Raises `EditConflict`."""
        return share_document(document, parties=list(self.cleaned_data["parties"]), seen=seen)


class NewDocumentForm(DocumentForm):
    """The same with the file itself."""

    file = forms.FileField(
        label=_("ファイル"),
        help_text=_(
            "PDF、Excel、Word、PowerPoint、CSV、テキスト、PNG、JPEG。マクロやパスワードのないもの。50MBまで。"
        ),
    )
    field_order = ["title", "file", "audience", "parties"]


class NewLabForm(forms.ModelForm):
    """A new lab; its region is named by code, so that 府中市 is never the wrong one."""

    region_code = forms.CharField(
        label=_("地域コード"),
        help_text=_("6桁の団体コード、または複数市町村の連携のコード（g- で始まるもの）"),
        max_length=30,
    )

    class Meta:
        model = Lab
        fields = ["name", "name_en", "website", "source"]
        widgets = SHORT_SOURCE

    field_order = ["region_code", "name", "name_en", "website", "source"]

    def clean_region_code(self) -> str:
        code = half_width(self.cleaned_data["region_code"])
        known = LocalGovernment.objects.filter(lg_code=code)
        if not known.exists() and not Region.objects.filter(code=code).exists():
            raise forms.ValidationError(
                _("このコードの地域はありません。総務省の一覧で6桁のコードを確かめてください。")
            )
        return code


class DesignationForm(VersionedForm):
    """A selection of a lab under a scheme."""

    class Meta:
        model = Designation
        fields = [
            "scheme",
            "round",
            "category",
            "selected_on",
            "announced_on",
            "certificate_awarded_on",
            "source",
        ]
        widgets = SHORT_SOURCE

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        scheme, its_round = cleaned.get("scheme"), cleaned.get("round")
        if scheme and its_round and its_round.scheme != scheme:
            self.add_error("round", _("この制度の弾ではありません。制度か弾を直してください。"))
        others = Designation.objects.filter(lab=self.instance.lab, scheme=scheme).exclude(pk=self.instance.pk)
        if scheme and others.exists():
            self.add_error("scheme", _("このラボには、この制度の選定がすでに登録されています。"))
        return cleaned


class MemberForm(forms.ModelForm):
    """An organisation in a lab, by name; a similar name is shown before a new organisation is made."""

    organisation_name = forms.CharField(label=_("組織の名称"), max_length=200)
    is_new = forms.BooleanField(label=_("似た名称があっても、新しい組織として登録する"), required=False)

    class Meta:
        model = MemberOrg
        fields = ["role", "valid_from", "valid_to", "source"]
        widgets = SHORT_SOURCE

    field_order = ["organisation_name", "role", "valid_from", "valid_to", "source", "is_new"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not check_member_dates(cleaned.get("valid_from"), cleaned.get("valid_to")):
            self.add_error("valid_to", _("離れた日が、参加した日より前です。"))
        name = cleaned.get("organisation_name")
        if name:
            self._find_organisation(name, is_new=bool(cleaned.get("is_new")))
        return cleaned

    def _find_organisation(self, name: str, *, is_new: bool) -> None:
        prefecture = self.instance.lab.region.prefecture
        living = Organisation.objects.filter(merged_into=None)
        known = living.filter(name=name, prefecture=prefecture).first() or living.filter(name=name).first()
        if known is None and not is_new:
            similar = living.filter(name_folded=fold(name))[:5]
            if similar:
                names = "、".join(one.name for one in similar)
                self.add_error(
                    "organisation_name",
                    _("似た名称の組織があります: %(names)s。同じならその名称を入れてください。")
                    % {"names": names},
                )
                return
        self.instance.organisation = known or Organisation(name=name, prefecture=prefecture)


class MemberEditForm(VersionedForm):
    """The role and time of a member."""

    class Meta:
        model = MemberOrg
        fields = ["role", "valid_from", "valid_to", "source"]
        widgets = SHORT_SOURCE

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not check_member_dates(cleaned.get("valid_from"), cleaned.get("valid_to")):
            self.add_error("valid_to", _("離れた日が、参加した日より前です。"))
        return cleaned


class EventForm(forms.ModelForm):
    """Something that happened to a designation; moving has its own button."""

    class Meta:
        model = StatusEvent
        fields = ["kind", "occurred_on", "reason", "reason_text", "source"]
        widgets = {"reason_text": forms.Textarea(attrs={"rows": 3}), **SHORT_SOURCE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [one for one in EventKind if one is not EventKind.MOVED]
        self.fields["kind"].choices = [("", "---------"), *((one.value, one.label) for one in kinds)]  # type: ignore[attr-defined]
        fitting = {reason for kind in kinds for reason in REASONS_FOR[kind]}
        reasons = [(one.value, one.label) for one in Reason if one in fitting]
        self.fields["reason"].choices = [("", "---------"), *reasons]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason somebody can read later."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class OrganisationForm(VersionedForm):
    """An organisation's facts."""

    class Meta:
        model = Organisation
        fields = ["name", "kind", "corporate_number", "prefecture", "website", "source"]
        widgets = SHORT_SOURCE
        help_texts = {"corporate_number": _("13桁の数字。国税庁の法人番号公表サイトで確かめられます。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefectures = LocalGovernment.objects.filter(prefecture=None)
        self.fields["prefecture"].queryset = prefectures  # type: ignore[attr-defined]

    def clean_corporate_number(self) -> str:
        number = half_width(self.cleaned_data["corporate_number"])
        if number and not is_corporate_number(number):
            raise forms.ValidationError(_("法人番号の検査数字が合いません。13桁を確かめてください。"))
        return number

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        prefecture = cleaned.get("prefecture")
        key = natural_key(
            corporate_number=cleaned.get("corporate_number") or "",
            name=cleaned.get("name") or "",
            prefecture_code=prefecture.pk if prefecture else "",
        )
        if Organisation.objects.filter(natural_key=key).exclude(pk=self.instance.pk).exists():
            self.add_error(
                None, _("同じ組織がすでに登録されています。法人番号か、名称と都道府県が同じです。")
            )
        return cleaned


class UploadForm(forms.Form):
    """A list to take in."""

    kind = forms.ChoiceField(
        label=_("内容"),
        choices=[(one.value, one.label) for one in (ImportKind.LABS, ImportKind.ORGANISATIONS)],
    )
    file = forms.FileField(
        label=_("ファイル"),
        help_text=_("CSV（UTF-8・Shift_JIS）または Excel（.xlsx）。1行目は見出し。50MBまで。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,
    )


class RoundForm(VersionedForm):
    """A round of a scheme."""

    class Meta:
        model = Round
        fields = [
            "scheme",
            "number",
            "selected_on",
            "announced_on",
            "certificate_awarded_on",
            "published_count",
            "source",
        ]
        widgets = SHORT_SOURCE


class GroupRegionForm(forms.Form):
    """A region of several municipalities."""

    code = forms.RegexField(
        r"^g-[a-z0-9-]{2,27}$",
        label=_("地域コード"),
        help_text=_("g- で始まる半角英小文字・数字・ハイフン（例: g-shonan）。あとから変えられません。"),
    )
    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英語名"), max_length=100, required=False)
    prefecture = forms.ModelChoiceField(LocalGovernment.objects.filter(prefecture=None), label=_("都道府県"))
    members = forms.CharField(
        label=_("構成市区町村の団体コード"),
        help_text=_("6桁の団体コードを「,」か改行で区切って入れてください。分からなければ空欄にします。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    source = forms.CharField(label=_("出典"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def clean_members(self) -> list[LocalGovernment]:
        codes = self.cleaned_data["members"].replace("、", ",").replace("\n", ",").split(",")
        wanted = [half_width(code) for code in codes if code.strip()]
        known = {one.lg_code: one for one in LocalGovernment.objects.filter(lg_code__in=wanted)}
        unknown = [code for code in wanted if code not in known]
        if unknown:
            raise forms.ValidationError(
                _("この団体コードはありません: %(codes)s") % {"codes": "、".join(unknown)}
            )
        return [known[code] for code in wanted]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        twin = Region.objects.filter(
            name=cleaned.get("name", ""), prefecture=cleaned.get("prefecture"), kind=RegionKind.GROUP
        ).exclude(code=cleaned.get("code", ""))
        if twin.exists():
            self.add_error("name", _("同じ名称の地域がすでに登録されています。"))
        return cleaned
