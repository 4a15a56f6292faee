"""An applicant's own application: where it stands, what happened, the receipt; taking back and withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.questionnaires.comparing import differences
from tsunagu.reviewing.calendars import interview_ics
from tsunagu.reviewing.services.meeting import book_slot
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.selection import papers, reviews, selectors
from tsunagu.selection.forms import ReasonForm
from tsunagu.selection.models import Application
from tsunagu.selection.rules import NotAllowed, State, standing
from tsunagu.selection.services import applying
from tsunagu.selection.services.timeline import database_now, note
from tsunagu.selection.telling import address_of
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

# Also while decided and not announced: a link that goes away would tell.
MAY_WITHDRAW = {
    State.DECIDED,
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.ACCEPTED,
    State.IN_REVIEW,
    State.INTERVIEW,
}


def own(request: HttpRequest, key: Any) -> Application:
    """One's own application. Raises `Http404`."""
    found = selectors.application(viewer_of(request), key)
    if found is None:
        raise Http404("not theirs")
    return found


def _crumbs(one: Application, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here = reverse("applications:application", args=[one.key]) if more else None
    return [(_("自分の書類"), reverse("answers:mine")), (str(one), here), *more]


@audience(Audience.SIGNED_IN)
@require_safe
def application(request: HttpRequest, key: Any) -> HttpResponse:
    """Where it stands in words, what comes next, who holds it, and everything that happened."""
    one = own(request, key)
    context = {
        "application": one,
        "standing": standing(one.state, one.decided_from),
        "closes_at": selectors.deadline_of(one),
        "timeline": selectors.timeline(one, for_applicant=True),
        "submissions": one.submissions.select_related("snapshot", "sent_by"),
        "corrections": one.corrections.all(),
        "result": selectors.result(one),
        "may_withdraw": one.state in MAY_WITHDRAW,
        "may_take_back": one.state == State.SUBMITTED,
        "is_writable": one.sheet is not None and not one.sheet.is_locked,
        "extra": reviews.applicant_panel(one),
        "crumbs": _crumbs(one),
    }
    return render(request, "selection/application.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def receipt(request: HttpRequest, key: Any) -> HttpResponse:
    """Straight after sending: the number, the second, the files with their hashes, the PDF."""
    one = own(request, key)
    submission = one.submissions.select_related("snapshot").first()
    if submission is None:
        raise Http404("nothing was sent")
    context = {
        "application": one,
        "submission": submission,
        "standing": standing(one.state, one.decided_from),
        "crumbs": _crumbs(one, (_("受付"), None)),
    }
    return render(request, "selection/receipt.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def submission_pdf(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """What was sent, as a PDF: the same words as on the page."""
    one = own(request, key)
    submission = (
        one.submissions.select_related("snapshot__form_version", "sent_by").filter(number=number).first()
    )
    if submission is None:
        raise Http404("no such submission")
    return papers.pdf_response(papers.submission_document(one, submission), f"{one.number}-{number}.pdf")


@audience(Audience.SIGNED_IN)
@require_safe
def changes(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """What changed in a submission against the one before."""
    one = own(request, key)
    return render(
        request,
        "selection/changes.html",
        changes_context(one, number, _crumbs(one, (_("修正した内容"), None))),
    )


def changes_context(one: Application, number: int, crumbs: Any) -> dict[str, Any]:
    """A submission beside the one before it. Raises `Http404` when there is none before."""
    found = {s.number: s for s in one.submissions.select_related("snapshot__form_version")}
    if number not in found or number - 1 not in found:
        raise Http404("nothing to compare")
    before, after = found[number - 1], found[number]
    return {
        "application": one,
        "before": before,
        "after": after,
        "differences": differences(
            after.snapshot.definition, before.snapshot.answers, after.snapshot.answers
        ),
        "crumbs": crumbs,
    }


@audience(Audience.SIGNED_IN)
@require_POST
def take_back(request: HttpRequest, key: Any) -> HttpResponse:
    """Take a sent application back to mend it before the cut-off."""
    one = own(request, key)
    try:
        applying.take_back(application=one, by=viewer_of(request), now=database_now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("下書きに戻しました。締切までに、もう一度提出してください。"))
    return redirect("applications:application", key)


@audience(Audience.SIGNED_IN)
def withdraw(request: HttpRequest, key: Any) -> HttpResponse:
    """Withdraw, with a reason."""
    one = own(request, key)
    if one.state not in MAY_WITHDRAW:
        raise Http404("cannot be withdrawn")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            applying.withdraw_application(
                application=one, by=viewer_of(request), reason=form.cleaned_data["reason"]
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("取り下げました。"))
            return redirect("applications:application", key)
    context = {"form": form, "application": one, "crumbs": _crumbs(one, (_("取下げ"), None))}
    return render(request, "selection/withdraw.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def book(request: HttpRequest, key: Any) -> HttpResponse:
    """Take a time for the interview, or another one."""
    one = own(request, key)
    case = reviews.case_of(one)
    wanted = request.POST.get("slot", "")
    try:
        if case is None or not wanted.isdigit():
            raise NotPossible(_("面談の時間を選んでください。"))
        interview = book_slot(case=case, slot=int(wanted))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        when = papers.moment_words(interview.slot.starts_at) if interview.slot else ""
        note(one, _("面談の時間を選びました: %(when)s") % {"when": when}, by=viewer_of(request))
        messages.success(request, _("面談の時間が決まりました。"))
    return redirect("applications:application", key)


@audience(Audience.SIGNED_IN)
@require_safe
def interview_calendar(request: HttpRequest, key: Any) -> HttpResponse:
    """The interview for one's calendar."""
    one = own(request, key)
    case = reviews.case_of(one)
    interview = getattr(case, "interview", None)
    if interview is None or interview.slot is None:
        raise Http404("no interview")
    title = _("面談審査 %(number)s %(title)s") % {"number": one.number, "title": one}
    body = interview_ics(interview, title=title, address=address_of(one))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return response
