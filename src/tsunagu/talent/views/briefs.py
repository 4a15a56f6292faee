"""A brief: written together, published without the company's name, wished for by both sides."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.forms import BriefForm
from tsunagu.talent.models import Brief, BriefState, Edition, Entry, Interest
from tsunagu.talent.rules import RANKS, NotAllowed
from tsunagu.talent.selectors import desk, editions
from tsunagu.talent.services import briefing, wishing
from tsunagu.talent.views.own import crumbs


def tended(request: HttpRequest, number: str) -> Brief:
    return get_object_or_404(desk.tended_briefs(viewer_of(request)), number=number)


def _readable(viewer: Viewer, number: str) -> Brief:
    found = desk.tended_briefs(viewer).filter(number=number).first()
    return found or get_object_or_404(desk.open_briefs(viewer), number=number)


def _own_entry(viewer: Viewer, brief: Brief) -> Entry | None:
    return desk.own_entries(viewer).filter(edition=brief.edition, state="accepted").first()


@audience(Audience.SIGNED_IN)
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The brief as the viewer may read it: its writers with what is missing, a talent without the company's name."""
    viewer = viewer_of(request)
    one = _readable(viewer, number)
    side = desk.side_of(viewer, one)
    entry = None if side else _own_entry(viewer, one)
    interest = one.interests.filter(entry=entry).first() if entry else None
    is_open = interest is not None and interest.is_open
    digest = briefing.digest_of(one)
    context = {
        "brief": one,
        "side": side,
        "digest": digest,
        "missing": briefing.lacks(one) if side and one.state == BriefState.WRITING else [],
        "said_yes": {"company": one.company_ok == digest, "coordinator": one.coordinator_ok == digest},
        "mine_said_yes": side in {"company", "coordinator"} and getattr(one, f"{side}_ok") == digest,
        "entry": entry,
        "interest": interest,
        "is_open": is_open,
        "shows_name": bool(side) or is_open,
        "teams": desk.teams(viewer).filter(brief=one),
        "ranks": range(1, RANKS + 1),
        "crumbs": crumbs((one.title, None)),
    }
    return render(request, "talent/brief.html", context)


@audience(Audience.SIGNED_IN)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """A company begins a brief in an edition."""
    viewer = viewer_of(request)
    edition = get_object_or_404(editions.public_editions().exclude(step="past"), key=key)
    company = desk.own_companies(viewer).filter(erased_at=None).first()
    if company is None or edition.step not in briefing.WRITING:
        raise Http404("no company of one's own")
    sizes = (1, 1) if edition.way == "pairs" else (edition.smallest, edition.largest)
    brief = Brief(edition=edition, company=company, smallest=sizes[0], largest=sizes[1])
    return _write(request, brief, "company", _("相談書を書く"))


@audience(Audience.SIGNED_IN)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Go on writing, for the company and the coordinator alike."""
    one = tended(request, number)
    side = desk.side_of(viewer_of(request), one)
    if side not in {"company", "coordinator"}:
        raise Http404("reads only")
    return _write(request, one, side, one.title)


def _write(request: HttpRequest, brief: Brief, side: str, title: str) -> HttpResponse:
    form = BriefForm(request.POST or None, instance=brief, edition=brief.edition)
    trail = crumbs((title, None))
    if request.method == "POST" and form.is_valid():
        try:
            kept = briefing.keep_brief(
                form.save(commit=False), needs=form.cleaned_data["needs"], side=side,
                seen=form.cleaned_data.get("version") if brief.pk else None,
            )  # fmt: skip
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, trail)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("保存しました。相手にも知らせました。")
                if brief.company_ok or brief.coordinator_ok
                else _("保存しました。"),
            )
            return redirect("co_lead_desk:brief", kept.number)
    context = {"form": form, "brief": brief, "title": title, "crumbs": trail}
    return render(request, "talent/brief_form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Say yes to the words, take the brief back, wish or not wish."""
    viewer = viewer_of(request)
    one = _readable(viewer, number)
    side, does = desk.side_of(viewer, one), request.POST.get("act", "")
    try:
        messages.success(request, _do(request, viewer, one, side, does))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    if does in {"wish", "unwish"} and side == "company":
        return redirect("co_lead_desk:talents", number)
    still = (
        desk.tended_briefs(viewer).filter(pk=one.pk).exists()
        or desk.open_briefs(viewer).filter(pk=one.pk).exists()
    )
    return redirect("co_lead_desk:brief", number) if still else redirect("co_lead_desk:own")


def _do(request: HttpRequest, viewer: Viewer, brief: Brief, side: str, does: str) -> str:
    if does == "yes" and side in {"company", "coordinator"}:
        made = briefing.say_yes(brief=brief, side=side, seen=request.POST.get("seen", ""))
        return (
            _("公開しました。")
            if made.state == BriefState.PUBLISHED
            else _("確かめました。相手の確認を待っています。")
        )
    if does == "withdraw" and side in {"company", "coordinator"}:
        briefing.withdraw_brief(brief=brief)
        return _("取り下げました。")
    if does in {"wish", "unwish"}:
        entry = _wished(request, viewer, brief, side)
        who = "company" if side == "company" else "talent"
        if does == "unwish":
            wishing.unwish(brief=brief, entry=entry, side=who)
            return _("希望を取り消しました。")
        made_wish = wishing.wish(brief=brief, entry=entry, side=who, rank=_rank(request))
        return (
            _("両方の希望がそろいました。名前が見えます。") if made_wish.is_open else _("希望を伝えました。")
        )
    raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))


def _rank(request: HttpRequest) -> int | None:
    text = request.POST.get("rank", "")
    return int(text) if text.isdecimal() and 1 <= int(text) <= RANKS else None


def _wished(request: HttpRequest, viewer: Viewer, brief: Brief, side: str) -> Entry:
    """The talent a wish is about: the one the company chose, or oneself. Raises `NotAllowed`."""
    if side == "company":
        key = request.POST.get("entry", "")
        found = desk.accepted_entries(brief.edition).filter(pk=int(key) if key.isdecimal() else 0).first()
    else:
        found = None if side else _own_entry(viewer, brief)
    if found is None:
        raise NotAllowed(_("希望を出せるのは、会社の担当者と、参加が決まった人だけです。"))
    return found


@audience(Audience.SIGNED_IN)
@require_safe
def talents(request: HttpRequest, number: str) -> HttpResponse:
    """Talents before a published brief, without names until both agreed."""
    viewer = viewer_of(request)
    one = tended(request, number)
    side = desk.side_of(viewer, one)
    if side not in {"company", "coordinator"}:
        raise Http404("not for the lab beside it")
    pairs = desk.for_brief(one) if one.state == BriefState.PUBLISHED else []
    needs = {each.pk for each in one.needs.all()}
    context = {
        "brief": one,
        "side": side,
        "pairs": [
            (each, [skill for skill in each.entry.talent.skills.all() if skill.pk in needs]) for each in pairs
        ],
        "ranks": range(1, RANKS + 1),
        "crumbs": crumbs(
            (one.title, reverse("co_lead_desk:brief", args=[number])), (_("参加する人材"), None)
        ),
    }
    return render(request, "talent/talents.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def order(request: HttpRequest, key: str) -> HttpResponse:
    """A talent gives their wishes of an edition an order."""
    viewer = viewer_of(request)
    edition = get_object_or_404(
        Edition, key=key, entries__in=desk.own_entries(viewer).filter(state="accepted")
    )
    own = Interest.objects.filter(
        Q(entry__talent__person_id=viewer.signed_in_id), entry__edition=edition, talent_at__isnull=False
    )
    given: dict[int, int | None] = {}
    for one in own:
        text = request.POST.get(f"rank-{one.pk}", "")
        given[one.pk] = int(text) if text.isdecimal() and int(text) > 0 else None
    try:
        wishing.put_in_order(side="talent", ranks=given)
        messages.success(request, _("希望の順を保存しました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("co_lead_desk:own")
