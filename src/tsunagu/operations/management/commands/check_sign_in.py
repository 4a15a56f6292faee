"""`tsunagu check_sign_in`: can somebody sign in here? Used by the drill on the restored copy."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from django.urls import reverse

from tsunagu.accounts.models import Person
from tsunagu.accounts.services import invite_person, issue_sign_in_link

CHECKER = "sign-in-check@check.invalid"


class Command(BaseCommand):
    help = "1回だけ使えるリンクで、実際にサインインできるかを確かめる（訓練で戻した写しで使う）"

    def handle(self, *args: Any, **options: Any) -> None:
        host = next((one for one in settings.ALLOWED_HOSTS if one and "*" not in one), "localhost")
        client = Client(headers={"host": host}, enforce_csrf_checks=False)
        person = Person.objects.filter(is_active=True, memberships__isnull=False).order_by("pk").first()
        # A programme in which nobody has a role yet: somebody who may do nothing but sign in.
        person = person or invite_person(email=CHECKER, name="サインインの確認", role="talent")
        token = issue_sign_in_link(person=person)
        answer = client.post(reverse("accounts:use_link", args=[token]), secure=True)
        if answer.status_code != 302:
            raise CommandError(f"サインインできませんでした（{answer.status_code}）。")
        if client.session.get("_auth_user_id") != str(person.pk):
            raise CommandError("サインインしたはずの人が、サインインしていません。")
        self.stdout.write("サインインできました。")
