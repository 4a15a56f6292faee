"""Forms about people and the roles they hold."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.accounts.models import OF_LABS, OF_ORGANISATIONS, Membership, Person
from tsunagu.registry import selectors
from tsunagu.registry.models import Bureau, Lab, Organisation
from tsunagu.sharing.viewer import Role, Viewer


class SuccessorForm(forms.Form):
    """Who takes over, and until when the outgoing person stays."""

    name = forms.CharField(label=_("後任の氏名"), max_length=100)
    email = forms.EmailField(label=_("後任のメールアドレス"))
    last_day = forms.DateField(
        label=_("自分の最後の日"),
        initial=timezone.localdate,
        help_text=_("この日までは、二人とも使えます。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class InviteForm(forms.Form):
    """A person and the role they get from today on; the choices are those the viewer may give."""

    name = forms.CharField(label=_("氏名"), max_length=100)
    email = forms.EmailField(label=_("メールアドレス"))
    role = forms.ChoiceField(label=_("役割"))
    bureau = forms.ModelChoiceField(
        label=_("経済産業局"),
        queryset=Bureau.objects.all(),
        required=False,
        help_text=_("役割が経済産業局のとき"),
    )
    lab = forms.ModelChoiceField(
        label=_("ラボ"),
        queryset=Lab.objects.none(),
        required=False,
        help_text=_("役割がラボの事務局・構成員のとき"),
    )
    corporate_number = forms.CharField(
        label=_("組織の法人番号"),
        required=False,
        max_length=13,
        help_text=_("役割が支援機関・企業のとき（組織は先に登録しておきます）"),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = set(Role) if viewer.is_secretariat else set(OF_LABS) if viewer.is_staff else {Role.LAB_MEMBER}
        self.fields["role"].choices = [(one.value, one.label) for one in Role if one in given]  # type: ignore[attr-defined]
        labs = selectors.tended_labs(viewer).order_by("region__code", "slug")
        self.fields["lab"].queryset = labs  # type: ignore[attr-defined]
        if not viewer.is_secretariat:
            del self.fields["bureau"], self.fields["corporate_number"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        role = values.get("role")
        if role == Role.BUREAU and not values.get("bureau"):
            self.add_error("bureau", _("どの経済産業局かを選んでください。"))
        if role in OF_LABS and not values.get("lab"):
            self.add_error("lab", _("どのラボかを選んでください。"))
        if role in OF_ORGANISATIONS:
            number = values.get("corporate_number", "")
            found = Organisation.objects.filter(corporate_number=number, merged_into=None).first()
            if not number or found is None:
                self.add_error(
                    "corporate_number",
                    _(
                        "この法人番号の組織は登録されていません。13桁を確かめるか、先に組織を登録してください。"
                    ),
                )
            values["organisation"] = found
        return values

    def membership(self) -> Membership:
        """The role asked for, not stored yet; a person already known by the address keeps their name."""
        values = self.cleaned_data
        email = values["email"].strip().lower()
        person = Person.objects.filter(email=email).first() or Person(email=email, name=values["name"])
        role = values["role"]
        return Membership(
            person=person,
            role=role,
            bureau=values.get("bureau") if role == Role.BUREAU else None,
            lab=values.get("lab") if role in OF_LABS else None,
            organisation=values.get("organisation") if role in OF_ORGANISATIONS else None,
        )
