"""Forms of awards."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tsunagu.awards.models import Award, AwardEntry
from tsunagu.awards.services import change_entry, choose, save_award
from tsunagu.questionnaires.moments import MomentField
from tsunagu.registry.forms import VersionedForm
from tsunagu.reviewing.models import CriteriaSet


class AwardForm(VersionedForm):
    """An award with its prizes."""

    opens_at = MomentField(label=_("募集の開始"))
    closes_at = MomentField(label=_("募集の締切"))
    prizes = forms.CharField(
        label=_("賞"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("上の賞から順に、1行に1つ。")
    )

    class Meta:
        model = Award
        fields = [
            "key",
            "fiscal_year",
            "title",
            "title_en",
            "summary",
            "criteria_set",
            "opens_at",
            "closes_at",
        ]
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["criteria_set"].queryset = CriteriaSet.objects.all()
        if self.instance.pk:
            self.initial["prizes"] = "\n".join(one.name for one in self.instance.prizes.all())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("opens_at") and found.get("closes_at") and found["closes_at"] <= found["opens_at"]:
            self.add_error("closes_at", _now("締切は、開始より後の日時にしてください。"))
        return found

    def store(self, award: Award, *, seen: int | None = None) -> Award:
        """Save the award with its prizes. Raises `EditConflict`."""
        return save_award(award, prizes=self.cleaned_data["prizes"].splitlines(), seen=seen)


class EntryForm(VersionedForm):
    """What a lab's entry says."""

    class Meta:
        model = AwardEntry
        fields = ["title", "story", "may_publish"]
        widgets = {"story": forms.Textarea(attrs={"rows": 14})}
        help_texts = {
            "story": _("活動報告から作った文です。4,000文字まで。直さずに応募したままでもかまいません。")
        }

    def store(self, entry: AwardEntry, *, seen: int | None = None) -> AwardEntry:
        """Save the entry. Raises `EditConflict`, `NotAllowed`."""
        return change_entry(entry, seen=seen)


class ChooseForm(VersionedForm):
    """What an entry wins."""

    class Meta:
        model = AwardEntry
        fields = ["prize", "comment"]
        widgets = {"comment": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"comment": _("発表すると、応募したラボと公開ページに出ます。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["prize"].queryset = self.instance.award.prizes.all()
        fields["prize"].required = False
        fields["prize"].empty_label = _("（受賞なし）")

    def store(self, entry: AwardEntry, *, seen: int | None = None) -> AwardEntry:
        """Save the choice. Raises `EditConflict`, `NotAllowed`."""
        return choose(entry=entry, prize=entry.prize, comment=entry.comment, seen=seen)


class JuryForm(forms.Form):
    """When the jury scores."""

    opens_at = MomentField(label=_("採点の開始"))
    closes_at = MomentField(label=_("採点の締切"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("opens_at") and found.get("closes_at") and found["closes_at"] <= found["opens_at"]:
            raise ValidationError(_now("締切は、開始より後の日時にしてください。"))
        return found
