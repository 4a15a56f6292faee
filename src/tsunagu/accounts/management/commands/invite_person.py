"""Make a person known and print a one-time sign-in link: the first door of a new installation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.urls import reverse

from tsunagu.accounts.services import invite_person, issue_sign_in_link
from tsunagu.registry.models import Bureau, Lab
from tsunagu.sharing.viewer import Role


class Command(BaseCommand):
    help = "人を登録し、1回だけ使えるサインイン用リンクを表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--bureau", help="経済産業局のコード（例: kanto）")
        parser.add_argument("--lab", help="ラボの番号（例: 410004）")
        parser.add_argument(
            "--base-url", default=settings.TSUNAGU_BASE_URL, help="例: https://lab.example.go.jp"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bureau = self._find(Bureau, "code", options["bureau"])
        lab = self._find(Lab, "slug", options["lab"])
        try:
            person = invite_person(
                email=options["email"], name=options["name"], role=options["role"], bureau=bureau, lab=lab
            )
        except IntegrityError as error:
            raise CommandError(
                "経済産業局の人には --bureau、ラボの事務局の人には --lab を付けてください。"
            ) from error
        link = reverse("accounts:use_link", args=[issue_sign_in_link(person=person)])
        self.stdout.write(f"{options['base_url']}{link}")

    def _find(self, model: Any, key: str, value: str | None) -> Any:
        if value is None:
            return None
        found = model.objects.filter(**{key: value}).first()
        if found is None:
            raise CommandError(f"「{value}」は登録されていません。")
        return found
