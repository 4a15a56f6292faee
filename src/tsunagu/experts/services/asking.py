"""A lab's request on its way."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.experts import telling
from tsunagu.experts.models import DispatchRequest, RequestState
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.selectors import problems

WRITABLE = frozenset({RequestState.DRAFT, RequestState.RETURNED})
CLOSED = frozenset({RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN})


def locked(request: DispatchRequest) -> DispatchRequest:
    return (
        DispatchRequest.objects.select_for_update(of=("self",))
        .select_related("lab__region", "theme", "industry")
        .get(pk=request.pk)
    )


@transaction.atomic
def send_request(*, request: DispatchRequest) -> None:
    """Hand it to the secretariat. Raises `NotAllowed` with what is missing."""
    one = locked(request)
    if one.state not in WRITABLE:
        raise NotAllowed(_("すでに送りました。"))
    if missing := problems(one):
        raise NotAllowed("".join(missing))
    now = timezone.now()
    one.state, one.note, one.sent_at, one.agreed_at = RequestState.SENT, "", now, now
    one.save(update_fields=["state", "sent_at", "note", "agreed_at"])
    telling.tell_secretariat(one, _("専門家の依頼「%(title)s」が届きました。") % {"title": one.title}, "sent")


@transaction.atomic
def triage(*, request: DispatchRequest, ready: bool, note: str = "") -> bool:
    """The secretariat has read it: an expert is sought, or the lab is asked for more. Raises `NotAllowed`.

    Where the secretariat changed words the lab has not read yet, the lab is asked first: False.
    """
    one = locked(request)
    if one.state != RequestState.SENT and (ready or one.state != RequestState.READY):
        raise NotAllowed(_("確認を待っている依頼ではありません。"))
    if not ready and not note.strip():
        raise NotAllowed(_("書き足してほしいことを書いてください。"))
    if ready and one.agreed_at is None:
        one.asked_at = timezone.now()
        one.save(update_fields=["asked_at"])
        telling.tell_lab(
            one, _("「%(title)s」の、直した文を確かめてください。よければ、専門家を探し始めます。") % {"title": one.title},
            "asked",
        )  # fmt: skip
        return False
    one.state, one.note, one.asked_at = (RequestState.READY if ready else RequestState.RETURNED), note, None
    one.save(update_fields=["state", "note", "asked_at"])
    if not ready:
        telling.tell_lab(
            one,
            _("専門家の依頼「%(title)s」に書き足してほしいことがあります。%(note)s")
            % {"title": one.title, "note": note},
            "back",
        )
    return ready


@transaction.atomic
def refuse_request(*, request: DispatchRequest, note: str) -> None:
    """No expert can be found, with the reason. Raises `NotAllowed`."""
    one = locked(request)
    if one.state not in (RequestState.SENT, RequestState.READY):
        raise NotAllowed(_("いまは見送れません。"))
    if not note.strip():
        raise NotAllowed(_("見送る理由を書いてください。ラボに伝わります。"))
    one.state, one.note, one.closed_at = RequestState.REFUSED, note, timezone.now()
    one.save(update_fields=["state", "note", "closed_at"])
    telling.tell_lab(
        one,
        _("専門家の依頼「%(title)s」は見送りになりました。%(note)s") % {"title": one.title, "note": note},
        "refused",
    )


@transaction.atomic
def withdraw_request(*, request: DispatchRequest) -> None:
    """The lab needs no expert any more; an offer that stands ends. Raises `NotAllowed`."""
    one = locked(request)
    if one.state in CLOSED:
        raise NotAllowed(_("もう終わっています。"))
    now = timezone.now()
    for offer in one.offers.filter(ended_at=None).select_related("expert__person"):
        offer.ended_at = now
        offer.save(update_fields=["ended_at"])
        telling.tell_expert(
            offer, _("「%(title)s」の依頼は取り下げられました。") % {"title": one.title}, "withdrawn"
        )
    one.state, one.closed_at = RequestState.WITHDRAWN, now
    one.save(update_fields=["state", "closed_at"])
