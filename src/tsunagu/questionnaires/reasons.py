"""Opening sections of a sheet again, each for a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.definition import Section


class ReasonsForm(forms.Form):
    """A reason for each section that is opened again; sections left empty stay closed."""

    asks: str | Promise = _("「%(title)s」を直す理由")
    nothing: str | Promise = _("直す章に、理由を書いてください。書いていない章は開きません。")

    def __init__(self, *args: Any, sections: Iterable[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in sections:
            self.fields[f"reason_{one.key}"] = forms.CharField(
                label=str(self.asks) % {"title": one.title},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def reasons(self) -> dict[str, str]:
        """The sections to open with their reasons."""
        return {
            name.removeprefix("reason_"): text.strip()
            for name, text in self.cleaned_data.items()
            if name.startswith("reason_") and text.strip()
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.reasons():
            raise ValidationError(str(self.nothing))
        return found
