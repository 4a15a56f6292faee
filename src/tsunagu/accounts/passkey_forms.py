"""Forms of passkeys; apart, since they load the library that speaks with keys."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from tsunagu.accounts.forms import reword


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey and the name to tell it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["name"], _("パスキーの名前"), _("例: 職場のパソコン"), maxlength="60")
        reword(
            self.fields["passwordless"],
            _("このパスキーだけでサインインできるようにする"),
            _("指紋や顔、暗証番号で本人を確かめるパスキーだけです。パスワードも番号も要らなくなります。"),
        )


class NamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self.fields["name"], _("パスキーの名前"), maxlength="60")
