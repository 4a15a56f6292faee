"""Invitations, interviews and the committee's day, for reviewers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.downloads import XLSX
from tsunagu.reviewing import offline, selectors
from tsunagu.reviewing.forms import AnswerForm, FileForm
from tsunagu.reviewing.models import CommitteeDay, PanelMember, ReviewCase
from tsunagu.reviewing.services import meeting, scoring
from tsunagu.reviewing.services.panels import NotPossible, answer_invitation
from tsunagu.reviewing.services.sheets import take_rows
from tsunagu.reviewing.views.desk import crumbs, member_of, own, typed_scores
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.PUBLIC)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept, take fewer, or decline: opened by the link of a mail; nothing happens until a button is pressed."""
    member = get_object_or_404(PanelMember.objects.select_related("panel", "profile__person"), token=token)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_invitation(
                member=member,
                accepts=request.POST.get("action") != "decline",
                most_cases=form.cleaned_data["most_cases"],
                note=form.cleaned_data["note"],
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("review:invitation", token)
    return render(
        request,
        "reviewing/invitation.html",
        {"member": member, "form": form},
        status=422 if form.errors else 200,
    )


@audience(Audience.SIGNED_IN)
def slots(request: HttpRequest, panel: int) -> HttpResponse:
    """When one is free for interviews."""
    member = member_of(request, panel)
    if request.method == "POST":
        meeting.say_free(
            member=member, slots=[int(one) for one in request.POST.getlist("slot") if one.isdecimal()]
        )
        messages.success(request, _("都合を保存しました。"))
        return redirect("review:slots", panel)
    found = [(one, one.free.filter(pk=member.pk).exists()) for one in member.panel.slots.all()]
    return render(
        request,
        "reviewing/slots.html",
        {"member": member, "slots": found, "crumbs": crumbs((_("面談の都合"), None))},
    )


@audience(Audience.SIGNED_IN)
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """During the interview: questions, notes by criterion, scores after it with what changed and why."""
    one = own(request, pk)
    answer = selectors.declaration(one)
    if answer is None or answer.has_conflict:
        return redirect("review:case", pk)
    refusal = ""
    criteria = list(one.case.panel.criteria_set.criteria.all())
    if request.method == "POST":
        try:
            for each in criteria:
                if f"note.{each.code}" in request.POST:
                    meeting.keep_note(
                        case=one.case,
                        member=one.member,
                        criterion=each.code,
                        text=request.POST[f"note.{each.code}"],
                    )
            if request.POST.get("action") == "scores":
                scores = typed_scores(
                    request.POST, [c.code for c in criteria if c.is_scored], suffix="_after"
                )
                scoring.change_after_interview(assignment=one, scores=scores)
        except NotPossible as error:
            refusal = str(error)
        else:
            messages.success(request, _("保存しました。"))
            return redirect("review:interview", pk)
    notes = {each.criterion: each.text for each in one.case.interview_notes.filter(member=one.member)}
    stored = {each.criterion: each for each in one.review.scores.all()}
    context = {
        "assignment": one,
        "case": one.case,
        "interview": getattr(one.case, "interview", None),
        "questions": one.case.interview_questions.all(),
        "rows": [(each, notes.get(each.code, ""), stored.get(each.code)) for each in criteria],
        "refusal": refusal,
        "crumbs": crumbs((str(one.case), None), (_("面談"), None)),
    }
    return render(request, "reviewing/interview.html", context, status=422 if refusal else 200)


def day_context(day: CommitteeDay | None, viewer: Any) -> dict[str, Any]:
    """What a person sees of the committee's day now: for a case they are barred from, a wall without a word of it."""
    current = day.current if day is not None else None
    allowed = current is not None and selectors.may_see(current, viewer)
    case: ReviewCase | None = current if allowed else None
    table = selectors.committee_case(case, viewer) if case is not None else None
    return {"day": day, "is_wall": current is not None and not allowed, "case": case, "row": table}


@audience(Audience.SIGNED_IN)
@require_safe
def day(request: HttpRequest, panel: int) -> HttpResponse:
    """The committee's day: the case the chair has called, or a wall."""
    member = member_of(request, panel)
    context = {
        **day_context(selectors.day_of(member.panel), viewer_of(request)),
        "panel": member.panel,
        "member": member,
        "crumbs": crumbs((_("審査委員会"), None)),
    }
    template = "reviewing/_day.html" if request.headers.get("HX-Request") == "true" else "reviewing/day.html"
    return render(request, template, context)


@audience(Audience.SIGNED_IN)
@require_POST
def call_case(request: HttpRequest, panel: int) -> HttpResponse:
    """The chair calls the next case."""
    member = member_of(request, panel)
    today = selectors.day_of(member.panel)
    if not member.is_chair or today is None or today.ended_at is not None:
        raise Http404("not the chair's day")
    call_from(request, today)
    return redirect("review:day", panel)


def call_from(request: HttpRequest, today: CommitteeDay) -> None:
    """Call the case that was chosen, or none."""
    wanted = request.POST.get("case", "")
    case = today.panel.cases.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    meeting.call_case(day=today, case=case)


@audience(Audience.SIGNED_IN)
@limited(EXPORT)
@require_safe
def offline_sheet(request: HttpRequest, panel: int) -> HttpResponse:
    """The score sheet to fill in without a connection: cases whose question of conflicts is answered."""
    member = member_of(request, panel)
    found = [
        one
        for one in selectors.own_assignments(viewer_of(request)).filter(case__panel=panel)
        if (answer := selectors.declaration(one)) is not None and not answer.has_conflict
    ]
    response = HttpResponse(offline.sheet_of(member, found), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="review-sheet.xlsx"'
    return response


@audience(Audience.SIGNED_IN)
def upload_sheet(request: HttpRequest, panel: int) -> HttpResponse:
    """Take a filled-in sheet: all that is wrong at once, and with anything wrong nothing is taken."""
    member = member_of(request, panel)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[offline.CellProblem] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        rows, problems = offline.read_sheet(member, upload.read(), upload.name)
        mine = {
            one.pk: one for one in selectors.own_assignments(viewer_of(request)).filter(case__panel=panel)
        }
        problems += [
            offline.CellProblem(row.number, "", _("割当てが終わった案件の行です。行を消してください。"))
            for row in rows
            if row.assignment not in mine
        ]
        taken = 0
        if not problems:
            taken, problems = take_rows(rows=rows, mine=mine)
        if not problems:
            messages.success(
                request,
                _("%(count)d件を取り込みました。提出は、それぞれの画面で行ってください。") % {"count": taken},
            )
            return redirect("review:queue")
    context = {
        "form": form,
        "problems": problems,
        "panel": member.panel,
        "crumbs": crumbs((_("採点表"), None)),
    }
    return render(request, "reviewing/upload.html", context, status=422 if problems or form.errors else 200)
