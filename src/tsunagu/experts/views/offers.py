"""An offer on its way: both answer, meet, report; what became of it later."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts.selectors import office_people
from tsunagu.experts import selectors
from tsunagu.experts.forms import FollowUpForm, ReportForm, VisitForm
from tsunagu.experts.models import DispatchReport, FollowUp, Offer, Visit
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services import offering, visiting
from tsunagu.registry.views.editing import Crumbs
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _offer(request: HttpRequest, pk: int) -> Offer:
    return get_object_or_404(selectors.offers(viewer_of(request)), pk=pk)


def _crumbs(offer: Offer, title: str = "") -> Crumbs:
    page = reverse("dispatch:offer", args=[offer.pk])
    return [(offer.request.title, page if title else None), *([(title, None)] if title else [])]


@audience(Audience.SIGNED_IN)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the offer stands, and the one thing to do next."""
    one, viewer = _offer(request, pk), viewer_of(request)
    side = selectors.side_of(viewer, one)
    today = timezone.localdate()
    reports = {each.side: each for each in one.reports.all()}
    other = {"lab": "expert", "expert": "lab"}.get(side, "")
    context = {
        "offer": one,
        "side": side,
        "mine": getattr(one, f"of_{side}") if side else "",
        "is_open": one.ended_at is None,
        "contacts": office_people([one.request.lab_id]) if one.agreed_at and side == "expert" else [],
        "visits": one.visits.all(),
        "own_report": reports.get(side),
        "other_report": reports.get(other),
        "reports": reports.values() if viewer.is_secretariat else [],
        "follow_ups": [
            (each, each.due_on <= today and not each.answered_at) for each in one.follow_ups.all()
        ],
        "follow_up_form": FollowUpForm(),
        "is_lab": side == "lab",
        "crumbs": _crumbs(one),
    }
    return render(request, "experts/offer.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer, note the first contact, or look for somebody else."""
    one, viewer = _offer(request, pk), viewer_of(request)
    side, does, why = (
        selectors.side_of(viewer, one),
        request.POST.get("act", ""),
        request.POST.get("note", ""),
    )
    try:
        if does in {"yes", "no"} and side:
            offering.answer(offer=one, side=side, yes=does == "yes", why_not=why)
            messages.success(request, _("返事を伝えました。"))
        elif does == "contact" and side and one.agreed_at:
            offering.note_contact(offer=one)
            messages.success(request, _("はじめの連絡を記録しました。"))
        elif does == "again" and viewer.is_secretariat:
            offering.end_offer(offer=one, why=why)
            messages.success(request, _("別の専門家を探せるようにしました。"))
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("dispatch:offer", pk)


@audience(Audience.SIGNED_IN)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a visit: six short fields, made for a phone."""
    one = _offer(request, pk)
    form = VisitForm(
        request.POST or None,
        instance=Visit(offer=one),
        initial={"held_on": timezone.localdate(), "mode": "onsite"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            if not selectors.side_of(viewer_of(request), one):
                raise NotAllowed(_("訪問を記録できるのは、ラボと専門家です。"))
            visiting.log_visit(form.save(commit=False), by=viewer_of(request))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("記録しました。ラボの活動の記録にも入りました。"))
            return redirect("dispatch:offer", pk)
    context = {"form": form, "offer": one, "title": _("訪問の記録"), "crumbs": _crumbs(one, _("訪問の記録"))}
    return render(request, "experts/small_form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One's side's report."""
    one = _offer(request, pk)
    side = selectors.side_of(viewer_of(request), one)
    known = DispatchReport.objects.filter(offer=one, side=side).first()
    form = ReportForm(request.POST or None, instance=known or DispatchReport(offer=one, side=side))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if not side:
                raise NotAllowed(_("報告を出せるのは、ラボと専門家です。"))
            visiting.report(
                offer=one, side=side, **{name: given[name] for name in form.fields if name != "version"}
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("報告を出しました。"))
            return redirect("dispatch:offer", pk)
    context = {"form": form, "offer": one, "title": _("派遣の報告"), "crumbs": _crumbs(one, _("派遣の報告"))}
    return render(request, "experts/small_form.html", context, status=422 if form.errors else 200)


@audience(Audience.LAB)
@require_POST
def follow_up(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """What became of it."""
    one = _offer(request, pk)
    found = get_object_or_404(FollowUp, offer=one, months=months)
    form = FollowUpForm(request.POST)
    try:
        if selectors.side_of(viewer_of(request), one) != "lab":
            raise NotAllowed(_("答えられるのは、ラボの事務局です。"))
        if not form.is_valid():
            raise NotAllowed(_("いまどうなっているかを、1つ選んでください。"))
        visiting.answer_follow_up(follow_up=found, **form.cleaned_data)
        messages.success(request, _("ありがとうございました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("dispatch:offer", pk)
