"""One-time sign-in links for a demo person of each role, on one's own machine only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from tsunagu.accounts.models import Person
from tsunagu.accounts.services import invite_person, issue_sign_in_link
from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models import Bureau, Lab, Organisation
from tsunagu.sharing.viewer import Role

DEMO_DOMAIN = "demo.invalid"


def _organisation(*kinds: OrganisationKind) -> Organisation | None:
    """A real organisation of the records to stand for one of these kinds."""
    return Organisation.objects.filter(kind__in=kinds, merged_into=None).order_by("pk").first()


class Command(BaseCommand):
    help = "試用の人物を役割ごとに用意し、1回だけ使えるサインイン用リンクを表示します（手元の試用環境だけ）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL_MODE:
            raise CommandError("試用の人物は手元の試用環境（TSUNAGU_MODE=local）だけで使えます。")
        lab = Lab.objects.filter(slug="410004").first() or Lab.objects.order_by("slug").first()
        places: dict[str, dict[str, Any]] = {
            Role.BUREAU: {"bureau": Bureau.objects.filter(code="kanto").first()},
            Role.LAB_OFFICE: {"lab": lab},
            Role.LAB_MEMBER: {"lab": lab},
            Role.SUPPORT_ORG: {
                "organisation": _organisation(
                    OrganisationKind.TRADE_BODY, OrganisationKind.PUBLIC_BODY, OrganisationKind.BANK
                )
            },
            Role.COMPANY: {"organisation": _organisation(OrganisationKind.COMPANY)},
        }
        for role in Role:
            place, label = places.get(role, {}), str(role.label)
            person = self._person(role, label, place)
            path = reverse("accounts:use_link", args=[issue_sign_in_link(person=person)])
            where = "".join(f"・{value}" for value in place.values() if value)
            self.stdout.write(f"  {label}{where}\n    {options['base_url'].rstrip('/')}{path}")

    def _person(self, role: Role, label: str, place: dict[str, Any]) -> Person:
        """A demo person with the role; where the records hold no body to have it for, somebody who has yet to register."""
        email, name = f"{role.value}@{DEMO_DOMAIN}", f"試用 {label}"
        if None in place.values():
            return Person.objects.filter(email=email).first() or Person.objects.create_person(
                email, name, is_demo=True
            )
        return invite_person(email=email, name=name, role=role.value, is_demo=True, **place)
