"""Reads about people: above all, who is looking."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from tsunagu.accounts.models import Membership, Person
from tsunagu.accounts.role_rules import counts, standing
from tsunagu.accounts.rules import needs_two_steps
from tsunagu.sharing.viewer import SECRETARIAT_ROLES, Role, Viewer

PLACES = ("role", "bureau__code", "lab_id", "organisation_id", "lab__region__bureau__code")
DAYS = ("valid_from", "valid_to", "confirmed_on")


def viewer_for(person: Person, *, on: date, seen_by: Viewer | None = None) -> Viewer:
    """The viewer a person is on a day: the roles that count then. One query."""
    rows = Membership.objects.filter(person=person, valid_from__lte=on).values_list(
        *PLACES, "organisation__prefecture__bureau__code", *DAYS
    )
    held = [
        row[:6]
        for row in rows
        if counts(standing(valid_from=row[6], valid_to=row[7], confirmed_on=row[8], today=on))
    ]
    roles, bureaus, labs, organisations, of_labs, of_organisations = (
        zip(*held, strict=True) if held else [()] * 6
    )
    return Viewer(
        person_id=person.pk,
        display_name=person.name,
        roles=frozenset(roles),
        bureau_codes=frozenset(filter(None, bureaus)),
        lab_ids=frozenset(filter(None, labs)),
        office_lab_ids=frozenset(row[2] for row in held if row[0] == Role.LAB_OFFICE),
        organisation_ids=frozenset(filter(None, organisations)),
        near_bureaus=frozenset(filter(None, (*bureaus, *of_labs, *of_organisations))),
        seen_by=seen_by,
    )


def memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Roles people hold: all for the secretariat, those of its labs for a bureau, their own for everyone else."""
    found = Membership.objects.select_related("person", "bureau", "lab__region", "organisation")
    if viewer.is_secretariat:
        return found
    own = Q(person_id=viewer.person_id)
    if viewer.is_staff:
        own |= Q(lab__region__bureau__code__in=viewer.bureau_codes)
    return found.filter(own)


SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def lacks_second_step(person: Person, *, roles: Iterable[str]) -> bool:
    """Whether the person must set up a second step before these roles count.

    Never relaxed outside one's own machine; there, demo people and the tests go without.
    """
    relaxed = settings.LOCAL_MODE and (person.is_demo or not settings.TSUNAGU_REQUIRE_TWO_STEPS)
    if relaxed or not needs_two_steps(roles):
        return False
    return not Authenticator.objects.filter(user=person, type__in=SECOND_STEPS).exists()


@dataclass(frozen=True)
class WaysIn:
    """How a person may sign in today, apart from a link by mail."""

    has_password: bool
    has_app: bool
    passkeys: list[Authenticator]
    codes_left: int | None
    outside: list[SocialAccount]

    @property
    def has_second_step(self) -> bool:
        return self.has_app or bool(self.passkeys)


def ways_in(person: Person) -> WaysIn:
    """What the page of one's own settings shows."""
    found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return WaysIn(
        has_password=person.has_usable_password(),
        has_app=any(one.type == Authenticator.Type.TOTP for one in found),
        passkeys=[one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        outside=list(SocialAccount.objects.filter(user=person)),
    )


def open_sessions(person: Person) -> list[UserSession]:
    """The person's sessions that still live, the latest seen first."""
    found = UserSession.objects.purge_and_list(person)
    return sorted(found, key=lambda one: one.last_seen_at, reverse=True)


def secretariat_people() -> list[Person]:
    """The people of METI and IPA whose role counts today, by name."""
    held = Membership.objects.filter(role__in=SECRETARIAT_ROLES)
    return sorted({one.person for one in _counting(held, timezone.localdate())}, key=lambda one: one.name)


def office_people(labs: Collection[int], *, on: date | None = None) -> list[Membership]:
    """The people of these labs' offices whose role counts on a day (today), with the lab each is of; in the order they came."""
    held = Membership.objects.filter(role=Role.LAB_OFFICE, lab__in=labs).order_by("pk")
    return _counting(held, on or timezone.localdate())


def _counting(held: QuerySet[Membership], on: date) -> list[Membership]:
    return [
        one
        for one in held.filter(person__is_active=True).select_related("person")
        if counts(
            standing(
                valid_from=one.valid_from, valid_to=one.valid_to, confirmed_on=one.confirmed_on, today=on
            )
        )
    ]
