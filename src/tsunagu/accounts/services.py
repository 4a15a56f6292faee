"""What a person does to get in: be invited, use a one-time link."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.models import Membership, Person, SignInLink
from tsunagu.registry.models import Bureau, Lab, Organisation

LINK_LIFETIME = timedelta(hours=12)


class LinkRefused(Exception):
    """The sign-in link is unknown, used or out of date."""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    role: str,
    bureau: Bureau | None = None,
    lab: Lab | None = None,
    organisation: Organisation | None = None,
    is_demo: bool = False,
) -> Person:
    """Make the person known and give the role from today on; asking again only confirms it.

    Raises `django.db.IntegrityError` when the role lacks its bureau or lab.
    """
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        person = Person.objects.create_person(email, name, is_demo=is_demo)
    Membership.objects.update_or_create(
        person=person,
        role=role,
        bureau=bureau,
        lab=lab,
        organisation=organisation,
        valid_to=None,
        defaults={"confirmed_on": timezone.localdate()},
    )
    return person


@transaction.atomic
def issue_sign_in_link(*, person: Person) -> str:
    """A fresh token for one sign-in within twelve hours; earlier unused links of the person stop working."""
    SignInLink.objects.filter(person=person, used_at=None).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person, token_hash=_hash(token), expires_at=timezone.now() + LINK_LIFETIME
    )
    return token


@transaction.atomic
def use_sign_in_link(*, token: str) -> Person:
    """The person the link signs in; the link works only this once. Raises `LinkRefused`."""
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(token_hash=_hash(token), used_at=None, expires_at__gt=timezone.now(), person__is_active=True)
        .first()
    )
    if link is None:
        raise LinkRefused
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link.person
