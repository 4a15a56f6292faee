"""Reads about people: above all, who is looking."""

from datetime import date

from django.db.models import Q

from tsunagu.accounts.models import Membership, Person
from tsunagu.sharing.viewer import Viewer


def viewer_for(person: Person, *, on: date) -> Viewer:
    """The viewer a person is on a day: the roles whose memberships are valid then."""
    memberships = list(
        Membership.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .values_list("role", "bureau__code", "lab_id")
    )
    return Viewer(
        person_id=person.pk,
        display_name=person.name,
        roles=frozenset(role for role, _bureau, _lab in memberships),
        bureau_codes=frozenset(bureau for _role, bureau, _lab in memberships if bureau),
        lab_ids=frozenset(lab for _role, _bureau, lab in memberships if lab),
    )
