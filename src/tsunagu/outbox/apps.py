"""The outbox refuses to start where it could not deliver."""

from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class OutboxConfig(AppConfig):
    """Registers the check of the mail settings."""

    name = "tsunagu.outbox"

    def ready(self) -> None:
        checks.register(check_mail_settings)


def check_mail_settings(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Outside local mode there is a mail server and an address that mails come from."""
    found: list[checks.CheckMessage] = []
    if settings.MAIL_SERVER is None and not settings.LOCAL_MODE:
        found.append(
            checks.Error(
                "メールサーバーが設定されていません。",
                hint="環境変数 TSUNAGU_SMTP_URL に smtps://利用者:パスワード@ホスト:ポート を設定してください。",
                id="outbox.E001",
            )
        )
    if "@" not in parseaddr(settings.MAIL_FROM)[1]:
        found.append(
            checks.Error(
                "メールの差出人が設定されていません。",
                hint="環境変数 TSUNAGU_MAIL_FROM に 表示名 <アドレス> を設定してください。",
                id="outbox.E002",
            )
        )
    return found
