"""Pages of the outbox: look at a mail as its recipient will get it, and decide."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tsunagu.design.paging import page_context
from tsunagu.outbox import selectors, services
from tsunagu.outbox.forms import MailForm, SendForm
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import EDITABLE, STEPS, MailRefused, MailState, StepRefused
from tsunagu.outbox.selectors import MailFilter
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

FIRST_RECIPIENTS = 10


def _crumbs(*trail: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    home = [(_("管理画面"), reverse("office:home")), (_("メール"), reverse("outbox:list") if trail else None)]
    return [*home, *trail]


def _filter(request: HttpRequest, *, state: str) -> MailFilter:
    return MailFilter(state=state, kind=request.GET.get("kind", ""), q=request.GET.get("q", ""))


def _the_mail(request: HttpRequest, pk: int) -> Mail:
    return get_object_or_404(selectors.mails(viewer_of(request)), pk=pk)


@audience(Audience.SECRETARIAT)
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Mails by state and kind; drafts first of all, because they wait for a person."""
    viewer = viewer_of(request)
    state = request.GET.get("state", MailState.DRAFT)
    wanted = _filter(request, state=state if state in MailState.values else "")
    paging = page_context(request, selectors.mails(viewer, wanted))
    context = {
        "rows": [(one, selectors.kind_title(one.kind)) for one in paging["page"]],
        "wanted": wanted,
        "states": selectors.state_counts(viewer, wanted),
        "kinds": selectors.kind_counts(viewer, wanted),
        "kept_as_files": settings.MAIL_SERVER is None,
        "folder": settings.MAIL_FOLDER,
        "crumbs": _crumbs(),
        **paging,
    }
    return render(request, "outbox/list.html", context)


@audience(Audience.SECRETARIAT)
@require_safe
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its recipient gets it, how it fared, and what can be done with it."""
    one = _the_mail(request, pk)
    steps = STEPS[MailState(one.state)]
    context = {
        "mail": one,
        "kind": selectors.kind_title(one.kind),
        "sender": settings.MAIL_FROM,
        "may_edit": one.state in EDITABLE and not one.is_secret,
        "may_release": one.state in EDITABLE,
        "may_hold": MailState.HELD in steps and not (one.is_secret and one.state == MailState.DEAD),
        "may_discard": MailState.DISCARDED in steps,
        "may_retry": one.state == MailState.DEAD and not one.is_secret,
        "kept_as_files": settings.MAIL_SERVER is None,
        "crumbs": _crumbs((one.subject, None)),
    }
    return render(request, "outbox/mail.html", context)


@audience(Audience.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft or a held mail; two people's texts are both kept."""
    one = _the_mail(request, pk)
    if one.state not in EDITABLE or one.is_secret:
        messages.error(request, _("このメールは直せません。状態を確かめてください。"))
        return redirect("outbox:mail", pk)
    form = MailForm(request.POST or None, instance=one)
    context = {"mail": one, "form": form, "crumbs": _crumbs((_("メールを直す"), None))}
    if request.method == "POST" and form.is_valid():
        parts = {name: form.cleaned_data[name] for name in ("to_email", "to_name", "subject", "body")}
        try:
            services.edit_draft(
                mail=one, seen=form.cleaned_data["version"], by_label=viewer_of(request).display_name, **parts
            )
        except services.EditConflict as conflict:
            return _conflict_page(request, form, conflict.current)
        except (MailRefused, StepRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("保存しました。まだ送っていません。"))
            return redirect("outbox:mail", pk)
    return render(request, "outbox/edit.html", context, status=422 if form.errors else 200)


def _conflict_page(request: HttpRequest, form: MailForm, current: Mail) -> HttpResponse:
    """What the other person stored beside what this one typed; nothing of either is lost."""
    rows = [
        (form.fields[name].label, theirs, mine)
        for name in ("to_email", "to_name", "subject", "body")
        if (theirs := getattr(current, name)) != (mine := form.cleaned_data[name])
    ]
    again = request.POST.copy()
    again["version"] = str(current.version)
    form.data = again
    context = {
        "form": form,
        "rows": rows,
        "title": current.subject,
        "crumbs": _crumbs((_("メールを直す"), None)),
    }
    return render(request, "conflict.html", context, status=409)


def _decide(
    request: HttpRequest, pk: int, decision: Callable[..., Mail], done: str, **more: int
) -> HttpResponse:
    try:
        decision(mail=_the_mail(request, pk), by_label=viewer_of(request).display_name, **more)
    except (StepRefused, MailRefused) as refused:
        messages.error(request, str(refused))
    except services.EditConflict:
        messages.error(
            request, _("ほかの人がこのメールを直しました。新しい内容を確かめて、もう一度送ってください。")
        )
    else:
        messages.success(request, done)
    return redirect("outbox:mail", pk)


@audience(Audience.SECRETARIAT)
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a mail until somebody releases it."""
    return _decide(request, pk, services.hold, _("保留にしました。送信の指示があるまで送りません。"))


@audience(Audience.SECRETARIAT)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the mail the person has before them, and no other version of it."""
    seen = request.POST.get("version", "")
    more = {"seen": int(seen)} if seen.isdecimal() and len(seen) < 10 else {"seen": 0}
    return _decide(request, pk, services.release, _("送信の列に入れました。"), **more)


@audience(Audience.SECRETARIAT)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a dead mail again for three more days."""
    return _decide(request, pk, services.retry_dead, _("もう一度送信の列に入れました。"))


@audience(Audience.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then decide that a mail is never sent."""
    one = _the_mail(request, pk)
    if request.method == "POST":
        return _decide(request, pk, services.discard, _("破棄しました。このメールは送りません。"))
    context = {
        "mail": one,
        "crumbs": _crumbs((one.subject, reverse("outbox:mail", args=[pk])), (_("破棄"), None)),
    }
    return render(request, "outbox/discard.html", context)


@audience(Audience.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Ask, naming how many and whom, then send every draft of the filter that the question was about."""
    drafts = selectors.mails(viewer_of(request), _filter(request, state=MailState.DRAFT))
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        up_to, seen = form.cleaned_data["up_to"], form.cleaned_data["count"]
        if drafts.filter(pk__lte=up_to).count() == seen:
            sent = services.send_selected(
                drafts=drafts, up_to=up_to, by_label=viewer_of(request).display_name
            )
            messages.success(request, _("%(count)s通を送信の列に入れました。") % {"count": sent})
            return redirect("outbox:list")
        messages.error(request, _("確かめているあいだに下書きの数が変わりました。もう一度確かめてください。"))
    context = {
        "count": drafts.count(),
        "up_to": drafts.aggregate(last=Max("pk"))["last"] or 0,
        "first": drafts.order_by("pk")[:FIRST_RECIPIENTS],
        "back": f"{reverse('outbox:list')}?{request.GET.urlencode()}",
        "crumbs": _crumbs((_("まとめて送る"), None)),
    }
    return render(request, "outbox/send.html", context, status=409 if request.method == "POST" else 200)


@audience(Audience.SECRETARIAT)
@require_safe
def dead(request: HttpRequest) -> HttpResponse:
    """Mails that could not be delivered, each with why."""
    found = selectors.mails(viewer_of(request), MailFilter(state=MailState.DEAD))
    context = {"crumbs": _crumbs((_("届かなかったメール"), None)), **page_context(request, found)}
    return render(request, "outbox/dead.html", context)
