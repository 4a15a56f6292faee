"""The secretariat's table of words that mean the same."""

from django.db import transaction

from tsunagu.registry.services import check_version
from tsunagu.search.models import SynonymGroup


@transaction.atomic
def keep_group(group: SynonymGroup, *, seen: int | None = None) -> SynonymGroup:
    """Store a group; it holds from the next question on. Raises `EditConflict`."""
    check_version(group, seen)
    group.save()
    return group


@transaction.atomic
def remove_group(*, group: SynonymGroup) -> None:
    """Let the words mean different things again."""
    group.delete()
