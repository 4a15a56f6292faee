"""What is done with roles: given, confirmed each April, ended, handed over to a successor."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.models import OF_LABS, Membership, Person
from tsunagu.accounts.services import invite_person
from tsunagu.accounts.tasks import open_tasks
from tsunagu.sharing.viewer import Role, Viewer


class NotYours(PermissionError):
    """The role is not the viewer's to give, confirm or end."""


def may_manage(viewer: Viewer, membership: Membership) -> bool:
    """Whether the viewer looks after this role: the secretariat any, a bureau those of its labs, a lab its members'."""
    if viewer.is_secretariat:
        return True
    if membership.lab is None or membership.role not in OF_LABS:
        return False
    if viewer.is_staff:
        return membership.lab.region.bureau.code in viewer.bureau_codes
    return membership.role == Role.LAB_MEMBER and membership.lab_id in viewer.office_lab_ids


def may_confirm(viewer: Viewer, membership: Membership) -> bool:
    """Whoever looks after a role confirms it; people of a lab, experts and partners also their own."""
    own = membership.person_id == viewer.person_id and membership.role not in {
        Role.METI,
        Role.IPA,
        Role.BUREAU,
    }
    return own or may_manage(viewer, membership)


@transaction.atomic
def give_role(*, by: Viewer, membership: Membership) -> Membership:
    """Let a person hold a role from today. Raises `NotYours`."""
    if not may_manage(by, membership):
        raise NotYours
    invite_person(
        email=membership.person.email,
        name=membership.person.name,
        role=membership.role,
        bureau=membership.bureau,
        lab=membership.lab,
        organisation=membership.organisation,
    )
    return membership


@transaction.atomic
def confirm_role(*, by: Viewer, membership: Membership, today: date | None = None) -> None:
    """Say that a role still holds this fiscal year. Raises `NotYours`."""
    if not may_confirm(by, membership):
        raise NotYours
    membership.confirmed_on = today or timezone.localdate()
    membership.save(update_fields=["confirmed_on"])


@transaction.atomic
def end_role(*, by: Viewer, membership: Membership, last_day: date) -> None:
    """Let a role end with a day; from the next day on it gives no right. Raises `NotYours`."""
    if not may_manage(by, membership) and membership.person_id != by.person_id:
        raise NotYours
    membership.valid_to = max(last_day, membership.valid_from)
    membership.save(update_fields=["valid_to"])


@transaction.atomic
def hand_over(*, by: Viewer, membership: Membership, email: str, name: str, last_day: date) -> Person:
    """Give a role and everything open to a successor, who can work from today; the outgoing person stays until `last_day`.

    Raises `NotYours` when the role is neither the viewer's own nor theirs to look after, ValueError when the
    successor is the same person.
    """
    if membership.person_id != by.person_id and not may_manage(by, membership):
        raise NotYours
    if email.strip().lower() == membership.person.email:
        raise ValueError("same person")
    successor = invite_person(
        email=email,
        name=name,
        role=membership.role,
        bureau=membership.bureau,
        lab=membership.lab,
        organisation=membership.organisation,
    )
    for task in open_tasks(membership.person):
        task.pass_on(successor)
    end_role(by=by, membership=membership, last_day=last_day)
    return successor


def yesterday() -> date:
    """The last day of a role that shall count no longer."""
    return timezone.localdate() - timedelta(days=1)
