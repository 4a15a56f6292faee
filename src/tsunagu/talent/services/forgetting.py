"""Data that are no longer needed go: by the day that was agreed to, or when somebody asks."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import CASCADE, Max
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Membership, Person, SignInLink
from tsunagu.sharing.viewer import Role
from tsunagu.talent import telling
from tsunagu.talent.models import (
    Brief,
    BriefState,
    Company,
    Consent,
    Entry,
    EntryState,
    Interest,
    Talent,
    Team,
)
from tsunagu.talent.models.pairing import LIVE
from tsunagu.talent.rules import WARN_DAYS, NotAllowed, months_after
from tsunagu.talent.services.asking import KIND

OF_CO_LEAD = (Role.TALENT, Role.COMPANY)


def in_a_live_team(person_id: int) -> bool:
    """Whether somebody works in a team now: then nothing is taken away from under it."""
    seated = Team.objects.filter(seats__entry__talent__person_id=person_id, state__in=LIVE)
    return (
        seated.exists() or Team.objects.filter(brief__company__contact_id=person_id, state__in=LIVE).exists()
    )


@transaction.atomic
def prolong(*, consent: Consent, today: date | None = None) -> Consent:
    """Somebody lets their data stay a year longer than today's end."""
    one = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    one.keep_until = months_after(max(one.keep_until, today or timezone.localdate()), 12)
    one.save(update_fields=["keep_until"])
    return one


@transaction.atomic
def forget(*, person: Person) -> None:
    """Take away what somebody registered here; who has no other part in the programme is forgotten by name and address too.

    What a team made and what came of it stays, without them. Raises `NotAllowed` while they are in a live team.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if in_a_live_team(person.pk):
        raise NotAllowed(
            _(
                "いま動いているチームがあります。終わってから消せます。急ぐときはコーディネーターに知らせてください。"
            )
        )
    now = timezone.now()
    for talent in Talent.objects.filter(person=person):
        talent.skills.clear()
        talent.headline = talent.about = talent.portfolio = ""
        talent.erased_at = now
        talent.save()
    entries = Entry.objects.filter(talent__person=person)
    entries.update(state=EntryState.WITHDRAWN, note="")
    Interest.objects.filter(entry__in=entries).update(talent_at=None, talent_rank=None, opened_at=None)
    briefs = Brief.objects.filter(company__contact=person)
    Interest.objects.filter(brief__in=briefs).update(company_at=None, company_rank=None, opened_at=None)
    briefs.update(state=BriefState.WITHDRAWN, published_at=None, secrets="")
    Company.objects.filter(contact=person).update(contact_title="", erased_at=now)
    Consent.objects.filter(person=person).delete()
    today = timezone.localdate()
    held = Membership.objects.filter(person=person, valid_to=None)
    held.filter(role__in=OF_CO_LEAD, valid_from__lt=today).update(valid_to=today - timedelta(days=1))
    held.filter(role__in=OF_CO_LEAD, valid_from__gte=today).delete()
    if not Membership.objects.filter(person=person).exclude(
        role__in=OF_CO_LEAD
    ).exists() and not _has_other_part(person):
        _forget_the_person(person)


# Of one's own questionnaires: who wrote them is all they know of a person.
OF_QUESTIONNAIRES = {
    "questionnaires.Sheet": "subject__startswith",
    "questionnaires.Answer": "sheet__subject__startswith",
    "questionnaires.Snapshot": "sheet__subject__startswith",
}


def _pointing_at(person: Person) -> Iterator[tuple[Any, Any]]:
    """(relation, records) of other rooms that point at somebody; roles and this room's own are looked after by name."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model: Any = relation.related_model
        if model._meta.app_label in {"talent", "accounts"}:
            continue
        found = model._base_manager.filter(**{relation.field.name: person.pk})
        if own := OF_QUESTIONNAIRES.get(model._meta.label):
            found = found.exclude(**{own: f"{KIND}:"})
        yield relation, found


def _has_other_part(person: Person) -> bool:
    """Whether other rooms still need to know who this is: a record of theirs names them and does not go with them."""
    return any(
        relation.on_delete is not CASCADE and found.exists() for relation, found in _pointing_at(person)
    )


def _forget_the_person(person: Person) -> None:
    SignInLink.objects.filter(person=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    # Ways to sign in, saved searches and the like: what would go with the person goes.
    for relation, found in _pointing_at(person):
        if relation.on_delete is CASCADE:
            found.delete()
    person.name, person.email, person.is_active = (
        str(_("（消去済み）")),
        f"erased-{person.pk}@erased.invalid",
        False,
    )
    person.set_unusable_password()
    person.save()


def _ends() -> dict[int, date]:
    """The last day anybody's data may be kept, over all they agreed to."""
    return dict(
        Consent.objects.values("person_id")
        .annotate(until=Max("keep_until"))
        .values_list("person_id", "until")
    )


def forget_due(*, today: date) -> int:
    """Forget everybody whose day is over and who is in no live team; returns how many. Harmless any number of times."""
    forgotten = 0
    for person_id, until in _ends().items():
        if until < today and not in_a_live_team(person_id):
            forget(person=Person.objects.get(pk=person_id))
            forgotten += 1
    return forgotten


def warn_due(*, today: date) -> int:
    """Tell those whose data go within a month, once a day set; returns how many."""
    last = {person: until for person, until in _ends().items() if 0 <= (until - today).days <= WARN_DAYS}
    told = 0
    for one in Consent.objects.filter(person_id__in=last).select_related("person"):
        if one.keep_until == last[one.person_id]:
            telling.tell_forgetting(one)
            told += 1
    return told
