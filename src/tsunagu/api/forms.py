"""Forms of keys."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.api.models import Scope
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

DAYS = [(30, _("30日")), (90, _("90日")), (365, _("1年"))]


class KeyForm(forms.Form):
    """A new key: for which lab, for what, what it opens, for how long."""

    lab = forms.ModelChoiceField(Lab.objects.none(), label=_("ラボ"), empty_label=None)
    name = forms.CharField(
        label=_("何に使うか"),
        max_length=60,
        help_text=_("あとで見て分かる名前。例: 庁内の活動台帳からの登録"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("できること"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("使える期間"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect,
        help_text=_("過ぎると使えなくなります。担当が変わるときは、新しい担当が作り直します。"),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labs: Any = self.fields["lab"]
        labs.queryset = Lab.objects.filter(pk__in=viewer.office_lab_ids).select_related("region")

    @property
    def expires_on(self) -> date:
        """The last day of the key."""
        return timezone.localdate() + timedelta(days=self.cleaned_data["days"])
