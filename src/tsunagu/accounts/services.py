"""What a person does to get in and to keep their own record: be invited, use a one-time link, change name or address."""

import hashlib
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from tsunagu.accounts.models import Membership, Person, SignInLink
from tsunagu.accounts.rules import INVITATION_LIFETIME, MAILED_LINK_LIFETIME
from tsunagu.registry.models import Bureau, Lab, Organisation

ADDRESS_SALT = "tsunagu.accounts.address"


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
def issue_sign_in_link(*, person: Person, lifetime: timedelta = INVITATION_LIFETIME) -> str:
    """A fresh token for one sign-in; earlier unused links that would not outlive it stop working.

    So a stranger who asks for mails in somebody's name cannot take away an invitation.
    """
    expires_at = timezone.now() + lifetime
    SignInLink.objects.filter(person=person, used_at=None, expires_at__lte=expires_at).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(person=person, token_hash=_hash(token), expires_at=expires_at)
    return token


def link_for_address(*, email: str) -> tuple[Person, str] | None:
    """A link for whoever has the address and may sign in; None for an address nobody here has."""
    person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        return None
    return person, issue_sign_in_link(person=person, lifetime=MAILED_LINK_LIFETIME)


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


class AddressRefused(Exception):
    """The new address cannot be taken: the link is old or not this person's, or the address is in use."""


@transaction.atomic
def rename_person(*, person: Person, name: str) -> None:
    """Keep a person's new name."""
    person.name = name
    person.save(update_fields=["name"])


def propose_address(*, person: Person, email: str) -> str:
    """A token that shows, when it comes back from the new address, that the address is the person's own."""
    proposal = {"person": person.pk, "from": person.email, "to": email.strip().lower()}
    return signing.dumps(proposal, salt=ADDRESS_SALT, compress=False)


def address_is_free(*, email: str) -> bool:
    """Whether nobody here has the address yet."""
    return not Person.objects.filter(email=email.strip().lower()).exists()


@transaction.atomic
def change_address(*, person: Person, token: str) -> str:
    """Give the person the address they proposed; returns the old one. Raises `AddressRefused`."""
    try:
        proposal = signing.loads(token, salt=ADDRESS_SALT, max_age=MAILED_LINK_LIFETIME)
    except signing.BadSignature as error:
        raise AddressRefused from error
    person = Person.objects.select_for_update().get(pk=person.pk)
    # Made for the present address only, so that a token works once.
    if proposal["person"] != person.pk or proposal["from"] != person.email:
        raise AddressRefused
    old, person.email = person.email, proposal["to"]
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError as error:
        raise AddressRefused from error
    SignInLink.objects.filter(person=person, used_at=None).delete()
    return old


@transaction.atomic
def reset_second_step(*, person: Person) -> None:
    """Take away app, passkeys and recovery codes, and end every session of the person."""
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()


@transaction.atomic
def welcome_person(*, email: str, name: str) -> Person:
    """The person of an address; someone new becomes known without any role: what they may do, records of theirs say."""
    address = email.strip().lower()
    person = Person.objects.filter(email=address).first()
    return person or Person.objects.create_person(address, " ".join(name.split()) or address)
