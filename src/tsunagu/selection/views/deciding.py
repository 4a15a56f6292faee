"""The board of a cut-off: what is meant to be decided, the agreement, the sheet before it is applied, the announcement."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts.selectors import secretariat_people
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import conflict_page
from tsunagu.selection import decision_file, papers, reviews, selectors
from tsunagu.selection.forms import ApplyForm, DecisionForm, OpinionForm, ReviewTimesForm
from tsunagu.selection.models import Batch, BatchState, Concurrence, Cutoff, Decision
from tsunagu.selection.rules import NotAllowed, Outcome
from tsunagu.selection.services import deciding
from tsunagu.selection.views.office import crumbs, sent
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _cutoff(request: HttpRequest, pk: int) -> Cutoff:
    return get_object_or_404(selectors.cutoffs(viewer_of(request)), pk=pk)


def _here(cutoff: Cutoff, title: str) -> Any:
    return crumbs((_("判断の一覧"), reverse("selection:board", args=[cutoff.pk])), (title, None))


@audience(Audience.SECRETARIAT)
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of a cut-off with what is meant to be decided, and how the reviews came out."""
    cutoff = _cutoff(request, pk)
    viewer = viewer_of(request)
    applications = selectors.board(viewer, cutoff)
    scores = reviews.scores_of(cutoff, viewer)
    context = {
        "cutoff": cutoff,
        "rows": [(one, getattr(one, "decision", None), scores.get(one.pk)) for one in applications],
        "batches": selectors.batches(cutoff),
        "panel": reviews.panel_of(cutoff),
        "review_form": ReviewTimesForm(),
        "people": secretariat_people(),
        "crumbs": crumbs((_("判断の一覧"), None)),
    }
    return render(request, "selection/office/board.html", context)


@audience(Audience.SECRETARIAT)
def decide(request: HttpRequest, key: Any) -> HttpResponse:
    """Prepare one decision: outcome, inner reason, what is told to the applicant, conditions."""
    one = sent(request, key)
    decision = getattr(one, "decision", None) or Decision(application=one)
    conditions = "\n".join(f"{each.due_on} {each.text}" for each in one.conditions.filter(met_on=None))
    form = DecisionForm(request.POST or None, instance=decision, initial={"conditions": conditions})
    title = _("判断を準備する")
    trail = crumbs((f"{one.number} {one}", reverse("selection:application", args=[one.key])), (title, None))
    if request.method == "POST" and form.is_valid():
        try:
            deciding.prepare_decision(
                application=one,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                feedback=form.cleaned_data["feedback"],
                seen=form.cleaned_data["version"],
            )
            deciding.set_conditions(application=one, conditions=form.cleaned_data["conditions"])
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, trail)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("判断を準備しました。決定するまで、だれにも伝わりません。"))
            return (
                redirect("selection:board", one.cutoff_id)
                if one.cutoff_id
                else redirect("selection:application", key)
            )
    context = {
        "form": form,
        "title": title,
        "application": one,
        "proposed": reviews.feedback_of(one, viewer_of(request)),
        "crumbs": trail,
    }
    return render(request, "selection/office/decide.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the agreement with the people named, in their order."""
    cutoff = _cutoff(request, pk)
    known = {one.pk for one in secretariat_people()}
    chosen = [int(one) for one in request.POST.getlist("person") if one.isdigit() and int(one) in known]
    deciding.open_batch(cutoff=cutoff, people=list(dict.fromkeys(chosen)))
    messages.success(request, _("合議を始めました。"))
    return redirect("selection:board", pk)


@audience(Audience.SECRETARIAT)
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """同意・指摘・保留 to a set of decisions."""
    one = get_object_or_404(
        Concurrence.objects.select_related("batch__cutoff__call", "batch__cutoff__round"), pk=pk
    )
    if one.person_id != viewer_of(request).person_id:
        raise Http404("not asked")
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.give_opinion(concurrence=one, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("selection:board", one.batch.cutoff_id)
    context = {
        "form": form,
        "cutoff": one.batch.cutoff,
        "sheet": deciding.sheet_of(one.batch.cutoff),
        "before": one.batch.concurrences.filter(position__lt=one.position).select_related("person"),
        "crumbs": _here(one.batch.cutoff, _("合議")),
    }
    return render(request, "selection/office/opinion.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
def apply_decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet: how many, who, what is against it, which mails; then decide together."""
    cutoff = _cutoff(request, pk)
    sheet = deciding.sheet_of(cutoff)
    form = ApplyForm(request.POST or None, initial={"expected": len(sheet.decisions)})
    if request.method == "POST" and form.is_valid():
        try:
            deciding.apply_decisions(cutoff=cutoff, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("決定しました。公表の時刻まで、だれにも見えません。メールは下書きにしました。")
            )
            return redirect("selection:board", pk)
    context = {"form": form, "cutoff": cutoff, "sheet": sheet, "crumbs": _here(cutoff, _("決定する"))}
    return render(request, "selection/office/apply.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take decisions back before they are announced."""
    batch = get_object_or_404(Batch.objects.filter(state=BatchState.APPLIED), pk=pk)
    try:
        deciding.undo_batch(batch=batch, by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("決定を取り消しました。メールの下書きは破棄しました。"))
    return redirect("selection:board", batch.cutoff_id)


@audience(Audience.SECRETARIAT)
def file(request: HttpRequest, key: Any) -> HttpResponse:
    """The reasoned decision of one application as a PDF, with what is chosen blacked out."""
    one = sent(request, key)
    if "cover" in request.GET or "whole" in request.GET:
        document = decision_file.document(one, viewer_of(request), cover=request.GET.getlist("cover"))
        return papers.pdf_response(document, f"{one.number}-decision.pdf")
    context = {
        "application": one,
        "covers": decision_file.COVERS,
        "outcomes": Outcome,
        "crumbs": crumbs(
            (f"{one.number} {one}", reverse("selection:application", args=[one.key])), (_("理由書"), None)
        ),
    }
    return render(request, "selection/office/file.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def open_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the panel of a cut-off, and put the accepted applications before it."""
    cutoff = _cutoff(request, pk)
    form = ReviewTimesForm(request.POST)
    try:
        if reviews.panel_of(cutoff) is None:
            if not form.is_valid():
                raise NotAllowed(_("採点の開始と締切を、日時で書いてください。"))
            reviews.open_review(cutoff=cutoff, **form.cleaned_data)
        count = reviews.send_to_review(cutoff=cutoff)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("受理した%(count)d件を審査会にかけました。") % {"count": count})
    return redirect("selection:board", pk)


@audience(Audience.SECRETARIAT)
@require_POST
def begin_interview(request: HttpRequest, key: Any) -> HttpResponse:
    """The application goes on to the interview."""
    one = sent(request, key)
    try:
        reviews.begin_interviews(application=one)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("selection:application", key)
