"""「うちで試した」."""

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.cases.models import CaseReuse, CaseState
from tsunagu.cases.rules import NotAllowed
from tsunagu.registry.services import check_version


@transaction.atomic
def keep_reuse(reuse: CaseReuse, *, seen: int | None = None) -> CaseReuse:
    """Note that a lab tried a published case, or correct it. Raises `EditConflict`, `NotAllowed`."""
    check_version(reuse, seen)
    if reuse.case.state != CaseState.PUBLISHED:
        raise NotAllowed(_("公開中の事例ではありません。"))
    if reuse.case.lab_id == reuse.lab_id:
        raise NotAllowed(_("自分のラボの事例です。進み具合は、事例の「いまの段階」に書いてください。"))
    reuse.save()
    return reuse
