"""A lab's requests, and the same page for the secretariat."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.experts import selectors
from tsunagu.experts.forms import NoteForm, RequestForm
from tsunagu.experts.models import DispatchRequest, Expert, RequestState
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services import asking, offering, writing
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [(_("専門家の依頼"), reverse("dispatch:list") if more else None), *more]


@audience(Audience.LAB)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """One's requests, and for the secretariat what waits for it."""
    viewer = viewer_of(request)
    context = {
        "requests": selectors.requests(viewer)[:200],
        "waiting": selectors.waiting(viewer),
        "labs": selectors.tended(viewer),
        "crumbs": crumbs(),
    }
    return render(request, "experts/requests.html", context)


@audience(Audience.LAB)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a request of one's lab."""
    viewer = viewer_of(request)
    lab = get_object_or_404(selectors.tended(viewer), slug=slug)
    return _write(request, DispatchRequest(lab=lab), _("専門家に相談する"))


@audience(Audience.LAB)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Go on writing: the lab, and once it was sent the secretariat too."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.requests(viewer), number=number)
    if not viewer.is_secretariat and one.lab_id not in viewer.office_lab_ids:
        raise Http404
    return _write(request, one, one.title or one.number)


def _write(request: HttpRequest, one: DispatchRequest, title: str) -> HttpResponse:
    form = RequestForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        try:
            kept = writing.keep_request(
                form.save(commit=False),
                lab=one.lab,
                by=viewer_of(request),
                seen=form.cleaned_data.get("version") if one.pk else None,
            )
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, crumbs((title, None)))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("dispatch:request", kept.number)
    context = {
        "form": form,
        "lab": one.lab,
        "title": title,
        "is_together": one.sent_at is not None,
        "crumbs": crumbs((title, None)),
    }
    return render(request, "experts/request_form.html", context, status=422 if form.errors else 200)


@audience(Audience.LAB)
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A request: where it stands, what can be done next; for the secretariat the shortlist with reasons."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.requests(viewer), number=number)
    is_own = one.lab_id in viewer.office_lab_ids
    looking = viewer.is_secretariat and one.state == RequestState.READY
    context = {
        "request_": one,
        "is_own": is_own,
        "can_write": writing.writer_of(one, viewer),
        "can_send": is_own and one.state in asking.WRITABLE,
        "is_to_agree": one.state == RequestState.SENT and one.agreed_at is None,
        "edits": selectors.edits(one),
        "missing": selectors.problems(one),
        "offers": one.offers.select_related("expert__person", "expert__home"),
        "candidates": selectors.candidates(one) if looking else [],
        "is_open": one.state not in asking.CLOSED,
        "note_form": NoteForm(),
        "crumbs": crumbs((one.title or one.number, None)),
    }
    return render(request, "experts/request.html", context)


def _decide(request: HttpRequest, one: DispatchRequest, act: str) -> str:
    """The secretariat's acts; returns what to say."""
    note = request.POST.get("note", "")
    if act == "ready":
        if asking.triage(request=one, ready=True):
            return _("確認しました。専門家を選べます。")
        return _("直した文を、ラボに確かめてもらいます。ラボがよいと答えると、専門家を選べます。")
    if act == "return":
        asking.triage(request=one, ready=False, note=note)
        return _("ラボに戻しました。")
    if act == "refuse":
        asking.refuse_request(request=one, note=note)
        return _("見送りにしました。")
    if act == "offer":
        key = request.POST.get("expert", "")
        expert = selectors.listed().filter(pk=int(key) if key.isdecimal() else 0).first()
        if expert is None:
            raise NotAllowed(_("専門家を選んでください。"))
        offering.offer(request=one, expert=Expert.objects.get(pk=expert.pk))
        return _("双方に示しました。")
    raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))


@audience(Audience.LAB)
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Send or withdraw it; the secretariat's decisions."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.requests(viewer), number=number)
    does = request.POST.get("act", "")
    is_own = one.lab_id in viewer.office_lab_ids
    try:
        if does == "send" and is_own:
            asking.send_request(request=one)
            messages.success(request, _("事務局に送りました。"))
        elif does == "withdraw" and is_own:
            asking.withdraw_request(request=one)
            messages.success(request, _("取り下げました。"))
        elif does == "agree" and is_own:
            begins = writing.agree(request=one)
            messages.success(
                request,
                _("伝えました。事務局が専門家を探し始めます。")
                if begins
                else _("この内容でよいと伝えました。"),
            )
        elif viewer.is_secretariat:
            messages.success(request, _decide(request, one, does))
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("dispatch:request", number)
