"""Forms of signing in and of one's own settings. The library's fields get our words and lose their placeholders."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as LibraryConfirmForm
from allauth.mfa.adapter import get_adapter as second_step_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from tsunagu.accounts.models import Person
from tsunagu.accounts.passwords import fold

# A code of an authenticator app is good for its own half minute and one before and after.
CODE_LIFETIME = 120


def reword(field: forms.Field, label: Any, help_text: Any = "", **attributes: str) -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["login"], _("メールアドレス"), autocomplete="username")
        reword(self.fields["password"], _("パスワード"))

    @property
    def is_locked(self) -> bool:
        """Whether there were too many wrong tries."""
        return self.has_error("__all__", "too_many_login_attempts")


class ConfirmByPasswordForm(LibraryConfirmForm):
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["password"], _("パスワード"))


class LinkForm(forms.Form):
    """Where to send a link to."""

    email = forms.EmailField(label=_("メールアドレス"), widget=forms.EmailInput({"autocomplete": "email"}))


class OneUse(forms.Form):
    """A code of an authenticator app works once, also when it is still on the app's screen."""

    user: Person
    code_label = _("番号")
    code_help = _("認証アプリに出ている6桁の番号、または回復コード")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["code"], self.code_label, self.code_help, inputmode="numeric")

    def clean_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        used = getattr(self, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            return code
        plain = "".join(letter for letter in fold(code) if letter.isalnum())
        if not cache.add(f"tsunagu.totp.{self.user.pk}.{plain}", True, timeout=CODE_LIFETIME):
            raise second_step_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(OneUse, AuthenticateForm):
    """The second step of signing in."""


class ConfirmByCodeForm(OneUse, ReauthenticateForm):
    """A code, before something sensitive."""


class StartAppForm(OneUse, ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code_help = _("QRコードを読み取ると、アプリに6桁の番号が出ます")


class NameForm(forms.ModelForm):
    """The person's name as others see it."""

    class Meta:
        model = Person
        fields = ["name"]
        widgets = {"name": forms.TextInput({"autocomplete": "name"})}


class AddressForm(forms.Form):
    """The address the person wants to use from now on."""

    email = forms.EmailField(
        label=_("新しいメールアドレス"),
        help_text=_("確認のメールを送ります。そのメールのリンクを開くまでは、今のアドレスのままです。"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class PasswordForm(forms.Form):
    """A first or a new password, typed twice."""

    password = forms.CharField(
        label=_("新しいパスワード"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("新しいパスワード（もう一度）"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", _("2つのパスワードが違います。同じものを2回入力してください。"))
