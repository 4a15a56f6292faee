"""Settings of the design room: what every form says in the same words."""

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesignConfig(AppConfig):
    """The look and the common words of all pages."""

    name = "tsunagu.design"

    def ready(self) -> None:
        """An empty field says what to do; Django's own words speak of 「フィールド」."""
        forms.Field.default_error_messages["required"] = _("入力してください。")
        for kind in (forms.ChoiceField, forms.ModelChoiceField, forms.FileField):
            kind.default_error_messages["required"] = _("選んでください。")
