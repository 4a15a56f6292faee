"""Take away somebody's second step, when app, passkeys and recovery codes are lost: ask who it is by another way first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tsunagu.accounts import mails
from tsunagu.accounts.models import Person
from tsunagu.accounts.services import reset_second_step


class Command(BaseCommand):
    help = "認証アプリ・パスキー・回復コードをすべて外し、その人のサインインを終わらせます。先に電話などで本人か確かめてください。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"「{options['email']}」は登録されていません。")
        reset_second_step(person=person)
        mails.send_notice(
            to=person.email,
            to_name=person.name,
            what="2段階の確認が事務局によって外されました",
            client_address="管理コマンド",
        )
        self.stdout.write(
            f"{person.name} さんの2段階の確認を外しました。次のサインインのあとに、新しく加えてもらいます。"
        )
