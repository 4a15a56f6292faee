"""Reads about people: above all, who is looking."""

from datetime import date

from django.db.models import Q, QuerySet

from tsunagu.accounts.models import Membership, Person
from tsunagu.accounts.rules import counts, standing
from tsunagu.sharing.viewer import Role, Viewer

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


def people(viewer: Viewer) -> QuerySet[Person]:
    """People whose roles the viewer looks after."""
    if not viewer.is_staff:
        return Person.objects.filter(pk__in=[viewer.person_id])
    return Person.objects.filter(pk__in=memberships(viewer).values("person_id"))
