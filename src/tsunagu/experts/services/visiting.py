"""Visits, reports of both sides, and what became of it later."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.services import record_activity
from tsunagu.experts import telling
from tsunagu.experts.models import DispatchReport, FollowUp, Offer, Shown, Side, Visit
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services.offering import finish
from tsunagu.sharing.viewer import Viewer

# 伴走支援: the kind of activity a dispatch is, in the lab's own log (deck p.13).
KIND = "accompaniment"


@transaction.atomic
def log_visit(visit: Visit, *, by: Viewer) -> Visit:
    """Note a visit; it stands in the lab's log of activities at once, so that nobody writes it twice. Raises `NotAllowed`."""
    offer = Offer.objects.select_related("request__lab__region").get(pk=visit.offer_id)
    if offer.agreed_at is None or offer.ended_at is not None:
        raise NotAllowed(_("決まった派遣ではありません。"))
    if visit.held_on > timezone.localdate():
        raise NotAllowed(_("まだ来ていない日です。会ったあとに記録してください。"))
    visit.logged_by_id = by.person_id
    visit.save()
    if offer.first_contact_on is None:
        Offer.objects.filter(pk=offer.pk).update(first_contact_on=visit.held_on)
    visit.activity = record_activity(
        lab=offer.request.lab, kind=KIND, title=_("専門家の派遣: %(title)s") % {"title": offer.request.title},
        started_on=visit.held_on, origin="dispatch", origin_key=f"visit:{visit.pk}", by=by, people=visit.people,
        summary=visit.done, audience="parties" if offer.request.company else "",
    )  # fmt: skip
    visit.save(update_fields=["activity"])
    return visit


@transaction.atomic
def report(
    *,
    offer: Offer,
    side: str,
    reached: int,
    told: str,
    inner: str,
    alternatives: str = "",
    was_shown: str = "",
) -> DispatchReport:
    """A side's report; with both the dispatch is done. Raises `NotAllowed`.

    Of an expert who sells something: which other choices they showed, and of the lab, whether it was shown any.
    """
    one = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if one.agreed_at is None:
        raise NotAllowed(_("決まった派遣ではありません。"))
    if not one.visits.exists():
        raise NotAllowed(_("先に、訪問を記録してください。"))
    if one.sells and side == Side.EXPERT and not alternatives.strip():
        raise NotAllowed(_("売っているもののほかに示した選択肢を書いてください。"))
    if one.sells and side == Side.LAB and not was_shown:
        raise NotAllowed(_("ほかの選択肢を示されたかどうかを選んでください。"))
    given = {
        "reached": reached,
        "told": told,
        "inner": inner,
        "alternatives": alternatives,
        "was_shown": was_shown,
    }
    made, _made = DispatchReport.objects.update_or_create(offer=one, side=side, defaults=given)
    if was_shown == Shown.NO:
        telling.tell_secretariat(
            Offer.objects.select_related("request__lab__region").get(pk=one.pk).request,
            _("「%(title)s」で、売っているもののほかの選択肢が示されなかったと、ラボが報告しました。")
            % {"title": one.request.title},
            f"no-alternative:{one.pk}",
        )
    finish(offer=one)
    return made


@transaction.atomic
def answer_follow_up(*, follow_up: FollowUp, progress: str, note: str = "") -> None:
    """What became of it. Raises `NotAllowed` before its day."""
    one = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if one.due_on > timezone.localdate():
        raise NotAllowed(_("まだ答える日ではありません。"))
    one.progress, one.note, one.answered_at = progress, note[:300], timezone.now()
    one.save()
