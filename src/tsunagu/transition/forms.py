"""Forms of the transition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.accounts.models import Person
from tsunagu.questionnaires.models import CRITERIA
from tsunagu.registry.forms import VersionedForm
from tsunagu.sharing.viewer import STAFF_ROLES
from tsunagu.transition.models import Consultation, Entry, SupportEnd


class ReasonedForm(forms.ModelForm):
    """A lab that does not move says why."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("state") == "not" and not found.get("reasons") and not found.get("text"):
            self.add_error("reasons", _("移行しない理由を選ぶか、文で書いてください。"))
        return found


class EntryForm(ReasonedForm):
    """Where a lab stands, as the staff heard it."""

    class Meta:
        model = Entry
        fields = ["state", "reasons", "text", "next_action", "owner", "due_on"]
        widgets = {"reasons": forms.CheckboxSelectMultiple, "due_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.filter(
            memberships__role__in=STAFF_ROLES, memberships__valid_to=None
        ).distinct()
        self.fields["owner"].queryset = staff.order_by("name")  # type: ignore[attr-defined]


class OwnEntryForm(ReasonedForm):
    """What a lab says of itself."""

    class Meta:
        model = Entry
        fields = ["state", "reasons", "text"]
        labels = {"text": _("事務局に伝えたいこと")}
        widgets = {"reasons": forms.CheckboxSelectMultiple, "state": forms.RadioSelect}


class PointsForm(forms.Form):
    """What the IoT plan says to each of the six criteria."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in CRITERIA:
            self.fields[code] = forms.CharField(
                label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
            )
            self.fields[f"{code}_source"] = forms.CharField(
                label=_("%(label)s の出典") % {"label": label}, required=False, max_length=300
            )


class WantedForm(forms.Form):
    """What a lab wants to talk about."""

    wanted = forms.CharField(
        label=_("相談したいこと"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ConsultationForm(VersionedForm):
    """What was said in a consultation."""

    class Meta:
        model = Consultation
        fields = ["wanted", "held_on", "people", "mode", "answer", "follow_up"]
        widgets = {"held_on": forms.DateInput(attrs={"type": "date"})}


class SupportEndForm(VersionedForm):
    """When support ends, as announced."""

    notice_days = forms.CharField(label=_("何日前に知らせるか"), help_text=_("例: 180,90,30,7"))

    class Meta:
        model = SupportEnd
        fields = ["announced_on", "ends_on", "notice_days", "source"]
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("announced_on", "ends_on")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["notice_days"] = (
            ",".join(str(one) for one in self.instance.notice_days) if self.instance.pk else "180,90,30,7"
        )

    def clean_notice_days(self) -> list[int]:
        parts = [
            one.strip()
            for one in self.cleaned_data["notice_days"].replace("、", ",").split(",")
            if one.strip()
        ]
        if not parts or not all(one.isdigit() and 0 < int(one) <= 1000 for one in parts):
            raise forms.ValidationError(_("1〜1000の数を、コンマで区切って書いてください。"))
        return sorted({int(one) for one in parts}, reverse=True)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("announced_on") and found.get("ends_on") and found["ends_on"] <= found["announced_on"]:
            self.add_error("ends_on", _("終わる日は、公表した日より後にしてください。"))
        return found
