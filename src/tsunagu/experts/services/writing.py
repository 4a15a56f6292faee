"""A request's words, written by the lab and, once it was sent, together with the secretariat's coordinator.

Whatever a side changes is kept with the words before it and shown to the other side. What the secretariat changed counts
only when the lab has said that it may stand: no expert is sought before.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.experts import telling
from tsunagu.experts.models import BriefEdit, DispatchRequest, RequestState, Writer
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services.asking import locked
from tsunagu.registry.models import Lab
from tsunagu.registry.numbering import next_number
from tsunagu.registry.services import save_record
from tsunagu.sharing.viewer import Viewer

# The words of a request, in the order of the form.
WRITTEN = (
    "title", "for_whom", "company", "corporate_number", "theme", "industry", "situation", "goal", "month", "days", "times",
    "mode",
)  # fmt: skip
TOGETHER = frozenset({RequestState.SENT, RequestState.RETURNED})
OF_THE_LAB = TOGETHER | {RequestState.DRAFT}


def writer_of(request: DispatchRequest, by: Viewer) -> str:
    """As which side somebody would write now; '' when they may not."""
    if request.lab_id in by.office_lab_ids and request.state in OF_THE_LAB:
        return Writer.LAB
    return Writer.OFFICE if by.is_secretariat and request.state in TOGETHER else ""


def words_of(request: DispatchRequest) -> dict[str, str]:
    """Label → text of everything that is written, as people read it."""
    found = {}
    for name in WRITTEN:
        field = DispatchRequest._meta.get_field(name)
        value = getattr(request, name)
        if name == "month":
            text = f"{value:%Y-%m}" if value else ""
        elif name == "days":
            text = "、".join(one.isoformat() for one in value)
        elif getattr(field, "choices", None):
            text = str(getattr(request, f"get_{name}_display")())
        else:
            text = "" if value is None else str(value)
        found[str(field.verbose_name)] = text  # type: ignore[union-attr]
    return found


@transaction.atomic
def keep_request(
    request: DispatchRequest, *, lab: Lab | None = None, by: Viewer, seen: int | None = None
) -> DispatchRequest:
    """Store what was written of a request, a new one with its number. Raises `EditConflict`, `NotAllowed`."""
    if request.month is not None:
        request.month = request.month.replace(day=1)
    if request.pk is None:
        assert lab is not None
        request.lab, request.number, request.made_by_id = (
            lab,
            next_number(DispatchRequest, "D-"),
            by.person_id,
        )
        return save_record(request, seen=seen)
    before = locked(request)
    side = writer_of(before, by)
    if not side:
        raise NotAllowed(_("いまは直せません。専門家を探し始めたあとは、事務局に戻してもらってください。"))
    old, new = words_of(before), words_of(request)
    changed = {label: [old[label], text] for label, text in new.items() if old[label] != text}
    if before.sent_at is not None and changed:
        request.agreed_at = timezone.now() if side == Writer.LAB else None
        request.asked_at = None
    save_record(request, seen=seen)
    if before.sent_at is not None and changed:
        BriefEdit.objects.create(request=request, side=side, made_by_id=by.person_id, words=changed)
        request.refresh_from_db(fields=["version"])
        telling.tell_written(request, side)
    return request


@transaction.atomic
def agree(*, request: DispatchRequest) -> bool:
    """The lab: the words may stand. True when the search begins by it, the secretariat having asked. Raises `NotAllowed`."""
    one = locked(request)
    if one.state != RequestState.SENT or one.agreed_at is not None:
        raise NotAllowed(_("確かめを待っている文はありません。"))
    begins = one.asked_at is not None
    one.agreed_at, one.asked_at = timezone.now(), None
    one.state = RequestState.READY if begins else one.state
    one.save(update_fields=["agreed_at", "asked_at", "state"])
    telling.tell_secretariat(
        one, _("「%(title)s」の文を、ラボが確かめました。") % {"title": one.title}, "wording-agreed"
    )
    return begins
