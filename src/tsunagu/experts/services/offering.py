"""An expert is proposed; both answer; capacity is looked at again at that moment."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.experts import telling
from tsunagu.experts.knowing import able, asked
from tsunagu.experts.models import Answer, DispatchRequest, Expert, FollowUp, Offer, RequestState
from tsunagu.experts.rules import FOLLOW_UP_MONTHS, Fit, NotAllowed, barred, fit
from tsunagu.experts.selectors import rules


def _request(pk: int) -> DispatchRequest:
    return (
        DispatchRequest.objects.select_for_update(of=("self",))
        .select_related("lab__region__local_government", "lab__region__prefecture", "theme", "industry")
        .get(pk=pk)
    )


def fit_of(request: DispatchRequest, expert: Expert, *, besides: Offer | None = None) -> Fit:
    """How they fit by what is known now; `besides`: an offer that does not count as load, being this one."""
    (wanted,) = asked([request])
    (one,) = able([expert], month=wanted.month)
    if besides is not None:
        one = replace(one, load_year=max(0, one.load_year - 1), load_month=max(0, one.load_month - 1))
    return Fit(0, barred=rule) if (rule := barred(one, wanted)) else fit(one, wanted)


@transaction.atomic
def offer(*, request: DispatchRequest, expert: Expert) -> Offer:
    """Propose an expert to both sides. Raises `NotAllowed`."""
    one = _request(request.pk)
    if one.state not in (RequestState.READY, RequestState.OFFERED):
        raise NotAllowed(_("専門家を探している依頼ではありません。"))
    if one.offers.filter(ended_at=None).exists():
        raise NotAllowed(_("すでに示した専門家の返事を待っています。"))
    chosen = Expert.objects.select_for_update(of=("self",)).select_related("home", "person").get(pk=expert.pk)
    _check_lab(one)
    its = fit_of(one, chosen)
    if its.barred:
        raise NotAllowed(
            _("%(expert)s さんには頼めません: %(rule)s") % {"expert": chosen, "rule": its.barred}
        )
    made = Offer.objects.create(
        request=one,
        expert=chosen,
        score=its.score,
        reasons=list(its.reasons),
        missing=list(its.missing),
        sells=chosen.sells,
    )
    one.state = RequestState.OFFERED
    one.save(update_fields=["state"])
    telling.tell_offer(made)
    return made


def _check_lab(request: DispatchRequest) -> None:
    """A lab may have so many dispatches a fiscal year."""
    assert request.month is not None
    first, last = fiscal_year_range(fiscal_year(request.month))
    had = Offer.objects.filter(
        request__lab=request.lab, request__month__range=(first, last), agreed_at__isnull=False
    ).exclude(request__state=RequestState.WITHDRAWN)
    most = rules().most_of_a_lab
    if had.count() >= most:
        raise NotAllowed(_("このラボは、今年度の上限（%(most)d件）に達しています。") % {"most": most})


@transaction.atomic
def answer(*, offer: Offer, side: str, yes: bool, why_not: str = "") -> Offer:
    """A side's answer. With two yes it holds, if the expert still has room at this moment. Raises `NotAllowed`."""
    found = Offer.objects.select_related("request").get(pk=offer.pk)
    request = _request(found.request_id)
    expert = (
        Expert.objects.select_for_update(of=("self",))
        .select_related("home", "person")
        .get(pk=found.expert_id)
    )
    one = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if one.ended_at is not None or one.agreed_at is not None:
        raise NotAllowed(_("この案への返事は、もう決まっています。"))
    if not yes and not why_not.strip():
        raise NotAllowed(_("断る理由を書いてください。次の人を探すときに使います。"))
    if side == "lab":
        one.of_lab = Answer.YES if yes else Answer.NO
    else:
        one.of_expert = Answer.YES if yes else Answer.NO
    if not yes:
        _end(one, request, why_not)
        return one
    one.save(update_fields=["of_lab", "of_expert"])
    if one.of_lab == one.of_expert == Answer.YES:
        _agree(one, request, expert)
    return one


def _end(one: Offer, request: DispatchRequest, why: str) -> None:
    one.why_not, one.ended_at = why[:300], timezone.now()
    one.save(update_fields=["of_lab", "of_expert", "why_not", "ended_at"])
    request.state = RequestState.READY
    request.save(update_fields=["state"])
    telling.tell_secretariat(
        request,
        _("「%(title)s」の専門家の案が断られました。次の人を探してください。") % {"title": request.title},
        f"no:{one.pk}",
    )


def _agree(one: Offer, request: DispatchRequest, expert: Expert) -> None:
    its = fit_of(request, expert, besides=one)
    if its.barred:
        raise NotAllowed(
            _("返事のあいだに状況が変わり、頼めなくなりました: %(rule)s。事務局が別の人を探します。")
            % {"rule": its.barred}
        )
    now = timezone.now()
    one.agreed_at = now
    one.save(update_fields=["agreed_at"])
    request.state = RequestState.AGREED
    request.save(update_fields=["state"])
    telling.tell_agreed(one)


@transaction.atomic
def end_offer(*, offer: Offer, why: str) -> None:
    """Begin the search anew: the expert was not heard of, or cannot come after all. Raises `NotAllowed`."""
    found = Offer.objects.select_related("request").get(pk=offer.pk)
    request = _request(found.request_id)
    one = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if one.ended_at is not None or request.state == RequestState.DONE:
        raise NotAllowed(_("もう終わっています。"))
    if one.visits.exists():
        raise NotAllowed(_("もう会っています。報告を出して終えてください。"))
    if not why.strip():
        raise NotAllowed(_("組み直す理由を書いてください。"))
    one.agreed_at = None
    _end(one, request, why)


@transaction.atomic
def note_contact(*, offer: Offer) -> None:
    """The first contact was made: no more nudges."""
    one = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if one.first_contact_on is None:
        one.first_contact_on = timezone.localdate()
        one.save(update_fields=["first_contact_on"])


@transaction.atomic
def finish(*, offer: Offer) -> None:
    """Both have reported: the request is done, and the questions of three, six and twelve months are set."""
    one = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    request = _request(one.request_id)
    if request.state == RequestState.DONE or one.reports.count() < 2:
        return
    now = timezone.now()
    one.ended_at, request.state, request.closed_at = now, RequestState.DONE, now
    one.save(update_fields=["ended_at"])
    request.save(update_fields=["state", "closed_at"])
    for months in FOLLOW_UP_MONTHS:
        FollowUp.objects.get_or_create(
            offer=one,
            months=months,
            defaults={"due_on": timezone.localdate() + timedelta(days=round(30.4 * months))},
        )


def nudge(offers: Iterable[Offer], *, today: date) -> Sequence[Offer]:
    """First contacts that did not happen: a nudge on the day set, later the proposal to look for somebody else."""
    its, told = rules(), []
    for one in offers:
        assert one.agreed_at is not None
        days = (today - timezone.localdate(one.agreed_at)).days
        title = one.request.title
        if days >= its.rematch_days:
            line = _(
                "「%(title)s」は、決まってから%(days)d日たっても連絡がありません。組み直しを考えてください。"
            )
            telling.tell_secretariat(one.request, line % {"title": title, "days": days}, f"rematch:{one.pk}")
            told.append(one)
        elif days >= its.nudge_days:
            line = _(
                "「%(title)s」の、はじめの連絡をしてください。したら、ページの「連絡した」を押してください。"
            )
            telling.tell_both(one, line % {"title": title}, f"nudge:{one.pk}")
            told.append(one)
    return told
