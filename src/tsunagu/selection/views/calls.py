"""Calls for everybody: what is open, what it asks, how to begin; also as a feed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.accounts import mails
from tsunagu.accounts.limits import is_over, too_many
from tsunagu.accounts.services import link_for_address, welcome_person
from tsunagu.questionnaires.facts import facts_of
from tsunagu.questionnaires.selectors import public_questions
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.registry import selectors as registry
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Lab
from tsunagu.selection import selectors
from tsunagu.selection.forms import RegisterForm, StartForm
from tsunagu.selection.models import Application, Call
from tsunagu.selection.rules import FINISHED, NotAllowed, State
from tsunagu.selection.services import applying
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer


def _label(call: Call) -> str:
    return call.title_en if get_language() == "en" and call.title_en else call.title


def _text(call: Call) -> str:
    return call.summary_en if get_language() == "en" and call.summary_en else call.summary


def _call(key: str) -> Call:
    return get_object_or_404(selectors.public_calls(), key=key)


@audience(Audience.PUBLIC)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """All published calls, open ones first."""
    now = timezone.now()
    found = [(one, _label(one), one.is_open(now)) for one in selectors.public_calls()]
    found.sort(key=lambda each: not each[2])
    return render(request, "selection/calls.html", {"calls": found, "crumbs": [(_("公募"), None)]})


@audience(Audience.PUBLIC)
@require_safe
def call(request: HttpRequest, key: str) -> HttpResponse:
    """One call: what it asks, until when, what one needs, questions and answers."""
    one = _call(key)
    version = current_version(one.form)
    definition = version.definition if version else None
    context = {
        "call": one,
        "title": _label(one),
        "text": _text(one),
        "is_open": one.is_open(),
        "cutoffs": [(each, each.closes_at < timezone.now()) for each in one.cutoffs.all()],
        "definition": definition,
        "version": version,
        "questions": public_questions(one.form),
        "criteria": registry.criteria(viewer_of(request), Scheme.DX),
        "merits": registry.merits(viewer_of(request), Scheme.DX),
        "crumbs": [(_("公募"), reverse("calls:list")), (_label(one), None)],
    }
    return render(request, "selection/call.html", context)


def _as_data(request: HttpRequest, one: Call) -> dict[str, Any]:
    now = timezone.now()
    return {
        "key": one.key,
        "title": one.title,
        "title_en": one.title_en,
        "summary": one.summary,
        "url": mails.absolute(request, reverse("calls:call", args=[one.key])),
        "opens_at": timezone.localtime(one.opens_at).isoformat(),
        "rolling_intake": one.is_rolling,
        "is_open": one.is_open(now),
        "cutoffs": [
            {
                "round": each.round.key,
                "closes_at": timezone.localtime(each.closes_at).isoformat(),
                "is_over": each.closes_at < now,
            }
            for each in one.cutoffs.all()
        ],
        "published_at": timezone.localtime(one.published_at).isoformat() if one.published_at else None,
    }


@audience(Audience.PUBLIC)
@require_safe
def calls_json(request: HttpRequest) -> JsonResponse:
    """The calls for other sites' programs."""
    return JsonResponse({"calls": [_as_data(request, one) for one in selectors.public_calls()]})


@audience(Audience.PUBLIC)
@require_safe
def calls_atom(request: HttpRequest) -> HttpResponse:
    """The calls as an Atom feed."""
    feed = Atom1Feed(
        title=_("地域DX推進ラボ 公募"),
        link=mails.absolute(request, reverse("calls:list")),
        description=_("地域DX推進ラボの公募"),
        feed_url=mails.absolute(request, reverse("calls:atom")),
        language=get_language() or "ja",
        author_name=_("地域DX推進ラボの事務局"),
    )
    for one in selectors.public_calls():
        link = mails.absolute(request, reverse("calls:call", args=[one.key]))
        feed.add_item(
            title=_label(one), link=link, description=_text(one), unique_id=link,
            pubdate=one.published_at, updateddate=one.published_at,
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@audience(Audience.PUBLIC)
def register(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody without an account wants to apply: a mail with a link lets them in. The answer is the same for all."""
    one = _call(key)
    if viewer_of(request).is_signed_in:
        return redirect("calls:start", key)
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        if is_over(request, "mail_link", key=email):
            return too_many(request)
        _let_in(request, one, email, form.cleaned_data["name"])
        return redirect("accounts:link_sent")
    context = {
        "form": form,
        "call": one,
        "title": _("申請を始める"),
        "crumbs": [
            (_("公募"), reverse("calls:list")),
            (_label(one), reverse("calls:call", args=[key])),
            (_("申請を始める"), None),
        ],
    }
    return render(request, "selection/register.html", context, status=422 if form.errors else 200)


def _let_in(request: HttpRequest, call: Call, email: str, name: str) -> None:
    welcome_person(email=email, name=name)
    found = link_for_address(email=email)
    if found is None:
        return
    person, token = found
    mails.send(
        to=person.email,
        to_name=person.name,
        subject=_("つなぐ: 申請を始めるリンク"),
        body=_(
            "%(name)s さん\n\n次のリンクでサインインしてください。1時間以内に1回だけ使えます。\n\n%(link)s\n\n"
            "そのあと、公募のページから申請を始められます。\n\n%(call)s\n\n"
            "心当たりがないときは、このメールを捨ててください。"
        )
        % {
            "name": person.name,
            "link": mails.absolute(request, reverse("accounts:use_link", args=[token])),
            "call": mails.absolute(request, reverse("calls:start", args=[call.key])),
        },
    )


def _own_labs(viewer: Viewer) -> QuerySet[Lab]:
    """The labs one is the office of that are no DX labs yet; for another plan one applies as a new lab."""
    found = Lab.objects.filter(pk__in=viewer.office_lab_ids).exclude(designations__scheme=Scheme.DX)
    return found.select_related("region__prefecture")


@audience(Audience.SIGNED_IN)
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Check the requirements one by one, choose the lab, and begin a draft."""
    one = _call(key)
    viewer = viewer_of(request)
    if not one.is_open():
        raise Http404("not open")
    labs = list(_own_labs(viewer))
    earlier = list(selectors.own_applications(viewer).filter(state__in=FINISHED | {State.WITHDRAWN}))
    form = StartForm(request.POST if request.method == "POST" else None, call=one, labs=labs, earlier=earlier)
    if request.method == "POST" and form.is_valid():
        lab = next((each for each in labs if str(each.pk) == form.cleaned_data.get("lab")), None)
        before = next((each for each in earlier if str(each.pk) == form.cleaned_data.get("earlier")), None)
        try:
            made = _begin(one, viewer, lab, before)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("下書きを作りました。"))
            return redirect("answers:tasks", made.sheet.key) if made.sheet else redirect("calls:call", key)
    context = {
        "form": form,
        "call": one,
        "title": _("申請を始める"),
        "drafts": selectors.own_applications(viewer).filter(call=one, state=State.DRAFT),
        "crumbs": [
            (_("公募"), reverse("calls:list")),
            (_label(one), reverse("calls:call", args=[key])),
            (_("申請を始める"), None),
        ],
    }
    return render(request, "selection/start.html", context, status=422 if form.errors else 200)


def _begin(call: Call, viewer: Viewer, lab: Lab | None, earlier: Application | None) -> Application:
    is_transition = lab is not None and lab.designations.filter(scheme=Scheme.IOT).exists()
    return applying.start_application(
        call=call,
        by=viewer,
        lab=lab,
        is_transition=is_transition,
        known=facts_of(lab) if lab else None,
        earlier=earlier,
    )
