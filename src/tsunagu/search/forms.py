"""Forms of the search."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.registry.forms import VersionedForm
from tsunagu.search.models import Alert, SynonymGroup

LONGEST_NAME = 100


class SaveForm(forms.Form):
    """Keep a question under a name."""

    name = forms.CharField(label=gettext_lazy("名前"), max_length=LONGEST_NAME)
    alert = forms.ChoiceField(
        label=gettext_lazy("新しく見つかったものの知らせ"), choices=Alert.choices, initial=Alert.WEEKLY
    )
    # A character of Japanese takes nine in an address.
    query = forms.CharField(widget=forms.HiddenInput, max_length=6000, required=False)


class SynonymForm(VersionedForm):
    """A group of expressions that mean the same."""

    class Meta:
        model = SynonymGroup
        fields = ["expressions", "note"]

    def clean_expressions(self) -> str:
        """At least two, each once."""
        listed = dict.fromkeys(
            line.strip() for line in self.cleaned_data["expressions"].splitlines() if line.strip()
        )
        if len(listed) < 2:
            raise forms.ValidationError(_("同じ意味の言葉を、1行に1つ、2つ以上入れてください。"))
        if any(len(one) > 60 for one in listed):
            raise forms.ValidationError(_("1つの言葉は60文字以内にしてください。"))
        return "\n".join(listed)
