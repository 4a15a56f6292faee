"""Forms of the outbox."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tsunagu.outbox.models import Mail


class MailForm(forms.ModelForm):
    """What may be changed in a mail that has not been released."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Mail
        fields = ["to_email", "to_name", "subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = True
        self.fields["body"].help_text = _("この文がそのまま届きます。書式のないテキストです。")
        self.initial["version"] = self.instance.version


class SendForm(forms.Form):
    """What the person saw when confirming."""

    up_to = forms.IntegerField(min_value=0)
    count = forms.IntegerField(min_value=1)
