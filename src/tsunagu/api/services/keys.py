"""Keys for programs: made by a person for one of their labs, shown once, stopped at any time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.accounts.selectors import lacks_second_step, viewer_for
from tsunagu.api.models import AccessKey, Scope
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Role, Viewer

PREFIX = "tsg_"
SHOWN = 8
MOST_OF_A_PERSON = 20


class NotAllowed(ValueError):
    """The key cannot be made; the text says why."""


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: nobody can guess them.
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_key(
    *, lab: Lab, name: str, scopes: Sequence[str], expires_on: date, by: Viewer
) -> tuple[AccessKey, str]:
    """A new key and its text, which is shown now and never again. Raises `NotAllowed`."""
    if lab.pk not in by.office_lab_ids:
        raise NotAllowed(_("自分が事務局をしているラボの鍵だけを作れます。"))
    mine = AccessKey.objects.filter(
        person_id=by.signed_in_id, revoked_at=None, expires_on__gte=timezone.localdate()
    )
    if mine.count() >= MOST_OF_A_PERSON:
        raise NotAllowed(_("使える鍵が20本あります。使っていないものを止めてから作ってください。"))
    secret = PREFIX + secrets.token_urlsafe(32)
    key = AccessKey.objects.create(
        person_id=by.signed_in_id, lab=lab, name=name, scopes=sorted(set(scopes)), expires_on=expires_on,
        start=secret[: len(PREFIX) + SHOWN - 1], digest=_digest(secret),
    )  # fmt: skip
    return key, secret


@transaction.atomic
def revoke_key(*, key: AccessKey, by: Viewer) -> None:
    """Stop a key for good; stopping it again changes nothing."""
    found = AccessKey.objects.select_for_update().get(pk=key.pk)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_id = timezone.now(), by.signed_in_id
        found.save(update_fields=["revoked_at", "revoked_by"])


@dataclass(frozen=True)
class Opened:
    """A key that holds today, and the viewer it lets a program be: its person, for its lab and nothing else."""

    key: AccessKey
    viewer: Viewer

    def may(self, scope: Scope) -> bool:
        return scope.value in self.key.scopes


def open_with(secret: str) -> Opened | None:
    """What a key opens today; None for a key that is unknown, over, stopped, or whose person left the lab's office."""
    if not secret.startswith(PREFIX):
        return None
    today = timezone.localdate()
    key = AccessKey.objects.filter(digest=_digest(secret)).select_related("person", "lab__region").first()
    if key is None or not key.is_good(today) or not key.person.is_active:
        return None
    viewer = viewer_for(key.person, on=today)
    if key.lab_id not in viewer.office_lab_ids or _may_not_yet(key.person, viewer):
        return None
    if key.last_used_on != today:
        AccessKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return Opened(key, _only_for(key.lab, viewer))


def _may_not_yet(person: Person, viewer: Viewer) -> bool:
    """Whoever must set up a second step first has no roles until then, by a program neither."""
    return lacks_second_step(person, roles=viewer.roles)


def _only_for(lab: Lab, viewer: Viewer) -> Viewer:
    """The person as the office of one lab: none of their other roles count."""
    only = frozenset({lab.pk})
    return replace(
        viewer,
        roles=frozenset({Role.LAB_OFFICE.value}),
        bureau_codes=frozenset(),
        lab_ids=only,
        office_lab_ids=only,
        organisation_ids=frozenset(),
        near_bureaus=frozenset({lab.region.bureau.code}),
    )
