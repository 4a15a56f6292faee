"""The secretariat's side: calls and cut-offs, the list of applications, one application with everything done to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.downloads import table_file
from tsunagu.design.paging import page_context
from tsunagu.history.services import note_read
from tsunagu.questionnaires.printing import sheet_blocks
from tsunagu.registry.models import Bureau
from tsunagu.registry.services import save_record
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.selection import papers, reviews, selectors
from tsunagu.selection.forms import (
    CallForm,
    ConditionMetForm,
    CutoffForm,
    ExtensionForm,
    IneligibleForm,
    ReturnForm,
)
from tsunagu.selection.models import Application, Cutoff
from tsunagu.selection.rules import NEXT, NotAllowed, State, standing
from tsunagu.selection.services import applying, deciding
from tsunagu.selection.views.applications import changes_context
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, SEARCH, limited
from tsunagu.sharing.middleware import viewer_of

HEADINGS = (
    "受付番号",
    "ラボの名称",
    "申請者",
    "地域",
    "経済産業局",
    "類型",
    "移行",
    "状態",
    "公募",
    "弾",
    "提出した日時",
)


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way to a page of selection."""
    return [home_crumb(), (_("選定"), reverse("selection:applications") if more else None), *more]


@audience(Audience.SECRETARIAT)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """All calls with their cut-offs and how many drafts and applications they have."""
    viewer = viewer_of(request)
    found = [(one, selectors.draft_count(viewer, one)) for one in selectors.calls(viewer)]
    return render(
        request, "selection/office/calls.html", {"calls": found, "crumbs": crumbs((_("公募"), None))}
    )


@audience(Audience.SECRETARIAT)
def new_call(request: HttpRequest) -> HttpResponse:
    """Write a new call; it is not public until it is published."""
    form = CallForm(request.POST or None)
    title = _("公募を作る")
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("selection:calls")
    return form_page(request, form, title, crumbs((_("公募"), reverse("selection:calls")), (title, None)))


@audience(Audience.SECRETARIAT)
def edit_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a call."""
    one = get_object_or_404(selectors.calls(viewer_of(request)), pk=pk)
    title = _("公募を直す")
    return edit_page(
        request, CallForm(request.POST or None, instance=one), title,
        crumbs((_("公募"), reverse("selection:calls")), (title, None)),
        save=save_record, done=lambda _saved: redirect("selection:calls"),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
@require_POST
def publish_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a call public, or take it back while nobody applies."""
    one = get_object_or_404(selectors.calls(viewer_of(request)), pk=pk)
    if one.published_at is None:
        one.published_at = timezone.now()
        messages.success(request, _("公開しました。"))
    elif one.applications.exists():
        messages.error(request, _("申請があるので、公開を取り消せません。締切を確かめてください。"))
    else:
        one.published_at = None
        messages.success(request, _("公開を取り消しました。"))
    one.save(update_fields=["published_at"])
    return redirect("selection:calls")


@audience(Audience.SECRETARIAT)
def new_cutoff(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a cut-off to a call."""
    call = get_object_or_404(selectors.calls(viewer_of(request)), pk=pk)
    form = CutoffForm(request.POST or None, instance=Cutoff(call=call))
    title = _("締切を加える")
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("selection:calls")
    return form_page(request, form, title, crumbs((_("公募"), reverse("selection:calls")), (title, None)))


@audience(Audience.SECRETARIAT)
def extend_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a cut-off for everybody."""
    cutoff = get_object_or_404(selectors.cutoffs(viewer_of(request)), pk=pk)
    form = ExtensionForm(request.POST or None, initial={"until": cutoff.closes_at})
    title = _("全員の締切を延ばす")
    if request.method == "POST" and form.is_valid():
        try:
            told = applying.extend_for_all(cutoff=cutoff, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(
                request,
                _("締切を延ばし、下書き中の%(count)d件にメールの下書きを作りました。") % {"count": told},
            )
            return redirect("selection:calls")
    return form_page(
        request, form, title, crumbs((_("公募"), reverse("selection:calls")), (title, None)),
        button=_("延ばす"), note=str(cutoff),
    )  # fmt: skip


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("text", "call", "state", "bureau", "cutoff")}


@audience(Audience.STAFF)
@limited(SEARCH, only_with=("text",))
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """What was sent, with filters in the address."""
    viewer = viewer_of(request)
    wanted = _filters(request)
    context = {
        "wanted": wanted,
        "states": selectors.state_counts(viewer),
        "calls": selectors.calls(viewer),
        "cutoffs": selectors.cutoffs(viewer),
        "bureaus": Bureau.objects.all() if viewer.is_secretariat else [],
        "crumbs": crumbs(),
        **page_context(request, selectors.listed(viewer, **wanted)),
    }
    return render(request, "selection/office/applications.html", context)


@audience(Audience.STAFF)
@limited(EXPORT)
@require_safe
def applications_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same list as a table to keep."""
    rows = (
        (
            one.number, one.title, one.applicant, one.region_name, one.bureau.short_name if one.bureau else "",
            one.get_category_display(), _("移行") if one.is_transition else "", one.get_state_display(), one.call.title,
            one.cutoff.round.label if one.cutoff else "", papers.moment_words(one.submitted_at),
        )
        for one in selectors.listed(viewer_of(request), **_filters(request))
    )  # fmt: skip
    return table_file(kind, "applications", _("申請"), HEADINGS, rows)


def sent(request: HttpRequest, key: Any) -> Application:
    """An application that was sent, for staff who may see it. Raises `Http404`."""
    found = selectors.staff_applications(viewer_of(request)).filter(key=key)
    return get_object_or_404(found.select_related("sheet", "owner", "lab", "designation__lab"))


def _here(one: Application, title: str) -> Crumbs:
    return crumbs((f"{one.number} {one}", reverse("selection:application", args=[one.key])), (title, None))


@audience(Audience.STAFF)
@require_safe
def application(request: HttpRequest, key: Any) -> HttpResponse:
    """One application: its standing, what can be done with it, the answers as sent, everything that happened."""
    one = sent(request, key)
    viewer = viewer_of(request)
    submissions = list(one.submissions.select_related("snapshot__form_version", "sent_by"))
    note_read(one, what="申請")
    context = {
        "application": one,
        "standing": standing(one.state, one.decided_from),
        "next": NEXT[State(one.state)],
        "submissions": submissions,
        "blocks": sheet_blocks(submissions[0].snapshot.definition, submissions[0].snapshot.answers)
        if submissions
        else [],
        "timeline": selectors.timeline(one, for_applicant=False),
        "corrections": one.corrections.all(),
        "conditions": one.conditions.all(),
        "closes_at": selectors.deadline_of(one),
        "decision": getattr(one, "decision", None) if viewer.is_secretariat else None,
        "panels": reviews.staff_panel(one, viewer),
        "crumbs": crumbs((f"{one.number} {one}", None)),
    }
    return render(request, "selection/office/application.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def accept(request: HttpRequest, key: Any) -> HttpResponse:
    """The requirements are met."""
    one = sent(request, key)
    try:
        applying.accept_application(application=one, by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("受理しました。お知らせのメールを下書きにしました。"))
    return redirect("selection:application", key)


@audience(Audience.SECRETARIAT)
def refuse(request: HttpRequest, key: Any) -> HttpResponse:
    """The requirements are not met."""
    one = sent(request, key)
    form = IneligibleForm(request.POST or None)
    title = _("要件を満たさないと記録する")
    if request.method == "POST" and form.is_valid():
        try:
            applying.refuse_as_ineligible(application=one, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("selection:application", key)
    return form_page(request, form, title, _here(one, title), button=_("記録する"))


@audience(Audience.SECRETARIAT)
def give_back(request: HttpRequest, key: Any) -> HttpResponse:
    """差戻し of named sections."""
    one = sent(request, key)
    if one.sheet is None:
        raise Http404("no sheet")
    form = ReturnForm(request.POST or None, sections=list(one.sheet.definition.sections))
    title = _("差し戻す")
    if request.method == "POST" and form.is_valid():
        try:
            applying.return_for_correction(
                application=one,
                sections=form.reasons(),
                due_at=form.cleaned_data["due_at"],
                by=viewer_of(request),
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("差し戻しました。お知らせのメールを下書きにしました。"))
            return redirect("selection:application", key)
    return form_page(
        request, form, title, _here(one, title), button=_("差し戻す"),
        note=_("理由を書いた章だけを、申請者が直せるようになります。ほかの章は書き直せません。"),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
def extend_one(request: HttpRequest, key: Any) -> HttpResponse:
    """More time for one applicant: also for a draft, which the secretariat knows by its address only."""
    one = get_object_or_404(Application.objects.select_related("call", "cutoff"), key=key)
    cutoff = one.cutoff or one.call.cutoffs.order_by("-closes_at").first()
    if cutoff is None:
        raise Http404("no cut-off")
    form = ExtensionForm(request.POST or None, initial={"until": cutoff.closes_at})
    title = _("この申請者の締切を延ばす")
    if request.method == "POST" and form.is_valid():
        try:
            applying.extend_for_one(
                application=one, cutoff=cutoff, by=viewer_of(request), **form.cleaned_data
            )
        except NotAllowed as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("締切を延ばしました。お知らせのメールを下書きにしました。"))
            return redirect("selection:drafts", one.call_id)
    return form_page(request, form, title, crumbs((title, None)), button=_("延ばす"), note=str(cutoff))


@audience(Audience.SECRETARIAT)
@require_safe
def drafts(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is writing for a call, without a word of what they write."""
    call = get_object_or_404(selectors.calls(viewer_of(request)), pk=pk)
    found = call.applications.filter(state=State.DRAFT).select_related(
        "owner", "cutoff__round", "sheet", "lab"
    )
    context = {
        "call": call,
        "drafts": found,
        "crumbs": crumbs((_("公募"), reverse("selection:calls")), (_("下書き中"), None)),
    }
    return render(request, "selection/office/drafts.html", context)


@audience(Audience.STAFF)
@require_safe
def changes(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """What changed in a submission against the one before."""
    one = sent(request, key)
    return render(
        request, "selection/changes.html", changes_context(one, number, _here(one, _("修正した内容")))
    )


@audience(Audience.STAFF)
@require_safe
def submission_pdf(request: HttpRequest, key: Any, number: int) -> HttpResponse:
    """What was sent, as a PDF."""
    one = sent(request, key)
    submission = get_object_or_404(
        one.submissions.select_related("snapshot__form_version", "sent_by"), number=number
    )
    return papers.pdf_response(papers.submission_document(one, submission), f"{one.number}-{number}.pdf")


@audience(Audience.SECRETARIAT)
def condition_met(request: HttpRequest, key: Any, pk: int) -> HttpResponse:
    """A condition of the selection was met."""
    one = sent(request, key)
    condition = get_object_or_404(one.conditions, pk=pk, met_on=None)
    form = ConditionMetForm(request.POST or None)
    title = _("条件を満たしたと記録する")
    if request.method == "POST" and form.is_valid():
        deciding.condition_met(condition=condition, on=timezone.localdate(), remark=form.cleaned_data["note"])
        return redirect("selection:application", key)
    return form_page(request, form, title, _here(one, title), button=_("記録する"), note=condition.text)
