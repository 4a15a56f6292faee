"""Recording what was made of policies; a correction takes the place of the earlier row from that moment on."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.models import FactState, PolicyUse
from tsunagu.activities.rules import NotLogged
from tsunagu.registry.models import Lab, Policy

FACTS = ("companies", "count", "amount", "result", "again", "audience")


@transaction.atomic
def record_use(*, lab: Lab, policy: Policy, fiscal_year: int, source: str, **facts: Any) -> PolicyUse:
    """What a lab made of a policy in a year; the same again changes nothing, another takes its place as of now."""
    Lab.objects.select_for_update(of=("self",)).get(pk=lab.pk)
    before = PolicyUse.objects.filter(
        lab=lab, policy=policy, fiscal_year=fiscal_year, replaced_at=None
    ).first()
    if before is not None and all(
        getattr(before, name) == facts.get(name, getattr(before, name)) for name in FACTS
    ):
        return before
    if before is not None:
        _end(before)
    return PolicyUse.objects.create(
        lab=lab, policy=policy, fiscal_year=fiscal_year, source=source[:200], **facts
    )


def _end(use: PolicyUse) -> None:
    use.replaced_at = timezone.now()
    use.save(update_fields=["replaced_at"])


@transaction.atomic
def remove_use(use: PolicyUse) -> None:
    """Take a use back: tables of earlier days keep it."""
    _end(use)


@transaction.atomic
def verify_use(*, use: PolicyUse, evidence: str) -> PolicyUse:
    """Mark a use as checked against evidence. Raises `NotLogged` without evidence."""
    if not evidence.strip():
        raise NotLogged(_("確かめたもの（資料の名前やページ）を書いてください。"))
    use = PolicyUse.objects.select_for_update(of=("self",)).get(pk=use.pk)
    use.state, use.evidence = FactState.VERIFIED, evidence.strip()
    use.save(update_fields=["state", "evidence"])
    return use
