"""An expert's own entry, and the secretariat's rules."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tsunagu.experts.models import DispatchRules, Expert
from tsunagu.registry.services import save_record


@transaction.atomic
def keep_expert(expert: Expert, *, many: dict[str, Iterable[object]], seen: int | None = None) -> Expert:
    """Store an entry; keeping it is confirming it. Raises `EditConflict`."""
    expert.confirmed_on = timezone.localdate()
    save_record(expert, seen=seen)
    for name, values in many.items():
        getattr(expert, name).set(values)
    return expert


@transaction.atomic
def keep_rules(rules: DispatchRules, *, seen: int | None = None) -> DispatchRules:
    """Store the rules for everybody. Raises `EditConflict`."""
    save_record(rules, seen=seen)
    return rules
