"""Signing in and out goes into the history."""

from dataclasses import replace
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class AccountsConfig(AppConfig):
    """`tsunagu.accounts`."""

    name = "tsunagu.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tsunagu.history.acting import acting, who_acts
        from tsunagu.history.services import note

        def signed_in(user: Any, **_details: Any) -> None:
            # The request began as a stranger's; from here on it is this person's.
            with acting(replace(who_acts(), person_id=user.pk, person=user.name)):
                note(action="signed_in", table="accounts_person", record=str(user.pk))

        def signed_out(user: Any, **_details: Any) -> None:
            if user is not None:
                note(action="signed_out", table="accounts_person", record=str(user.pk))

        def failed(credentials: dict[str, Any], **_details: Any) -> None:
            tried = str(credentials.get("email", ""))[:254]
            note(action="sign_in_failed", table="accounts_person", detail={"email": tried})

        user_logged_in.connect(signed_in, weak=False, dispatch_uid="accounts.signed_in")
        user_logged_out.connect(signed_out, weak=False, dispatch_uid="accounts.signed_out")
        user_login_failed.connect(failed, weak=False, dispatch_uid="accounts.failed")
