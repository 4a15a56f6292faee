"""Signing in and out goes into the history."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class AccountsConfig(AppConfig):
    """`tsunagu.accounts`."""

    name = "tsunagu.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tsunagu.history.services import note

        def signed_in(user: Any, **_details: Any) -> None:
            note(action="signed_in", table="accounts_person", record=str(user.pk), detail={"name": user.name})

        def signed_out(user: Any, **_details: Any) -> None:
            if user is not None:
                note(action="signed_out", table="accounts_person", record=str(user.pk))

        def failed(credentials: dict[str, Any], **_details: Any) -> None:
            tried = str(credentials.get("email", ""))[:254]
            note(action="sign_in_failed", table="accounts_person", detail={"email": tried})

        user_logged_in.connect(signed_in, weak=False, dispatch_uid="accounts.signed_in")
        user_logged_out.connect(signed_out, weak=False, dispatch_uid="accounts.signed_out")
        user_login_failed.connect(failed, weak=False, dispatch_uid="accounts.failed")
