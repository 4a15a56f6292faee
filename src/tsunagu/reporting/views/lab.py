"""A lab's reports: starting, going on, making the tables anew, correcting after acceptance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.questionnaires.reasons import ReasonsForm
from tsunagu.questionnaires.selectors import answers, states, values
from tsunagu.registry.views.editing import form_page
from tsunagu.reporting import selectors
from tsunagu.reporting.forms import StartForm
from tsunagu.reporting.models import Report
from tsunagu.reporting.rules import WITH_THE_LAB, NotAllowed, State, is_late
from tsunagu.reporting.services import writing
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("活動報告"), reverse("reporting:own") if more else None), *more]


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The reports of the labs a person works for."""
    now = timezone.now()
    reports = [
        (one, is_late(one.due_at, submitted_at=one.submitted_at, now=now) and one.state in WITH_THE_LAB)
        for one in selectors.own_reports(viewer_of(request)).order_by("-year__fiscal_year", "lab__slug")[:200]
    ]
    return render(request, "reporting/own.html", {"reports": reports, "crumbs": crumbs()})


def mine(request: HttpRequest, pk: int) -> Report:
    """A report of the viewer's own lab, for writing. Raises `Http404`."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.own_reports(viewer), pk=pk)
    if one.lab_id not in viewer.office_lab_ids:
        raise Http404("not their lab")
    return one


@audience(Audience.LAB)
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a report stands, who holds it, and what comes next."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.own_reports(viewer), pk=pk)
    context: dict[str, Any] = {
        "report": one,
        "is_mine": one.lab_id in viewer.office_lab_ids,
        "is_late": one.state in WITH_THE_LAB and one.due_at < timezone.now(),
        "steps": selectors.steps(one),
        "start_form": StartForm(),
        "may_refresh": one.state in {State.DRAFT, State.RETURNED, State.CORRECTING},
        "crumbs": crumbs((str(one), None)),
    }
    if one.sheet is not None:
        context["states"] = states(one.sheet, values(answers(one.sheet)))
    return render(request, "reporting/report.html", context)


@audience(Audience.LAB)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the report, filled in."""
    one = mine(request, pk)
    try:
        started = writing.start_report(
            report=one, by=viewer_of(request), measure=request.POST.get("measure") == "on"
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("reporting:report", pk)
    assert started.sheet is not None
    return redirect("answers:tasks", started.sheet.key)


@audience(Audience.LAB)
@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the tables anew from the log."""
    try:
        writing.refresh(report=mine(request, pk))
        messages.success(request, _("活動の記録などから、表を入れ直しました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("reporting:report", pk)


@audience(Audience.LAB)
@require_POST
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, or no longer agree, to be measured."""
    agrees = request.POST.get("measure") == "on"
    writing.set_measuring(report=mine(request, pk), measure=agrees)
    messages.success(
        request, _("時間を測ります。") if agrees else _("時間を測るのをやめ、測った時間を消しました。")
    )
    return redirect("reporting:report", pk)


@audience(Audience.LAB)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Open sections of an accepted report to correct them: dated, with the reason."""
    one = mine(request, pk)
    if one.sheet is None or one.state != State.ACCEPTED:
        raise Http404("not accepted")
    form = ReasonsForm(request.POST or None, sections=one.sheet.definition.sections)
    if request.method == "POST" and form.is_valid():
        try:
            writing.begin_correction(report=one, by=viewer_of(request), sections=form.reasons())
            return redirect("answers:tasks", one.sheet.key)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    title = _("受理された報告を訂正する")
    note = _("理由と日付が公開ページに載ります。訂正して提出すると、事務局がもう一度確かめます。")
    address = reverse("reporting:report", args=[pk])
    return form_page(
        request, form, title, crumbs((str(one), address), (title, None)), button=_("訂正を始める"), note=note
    )
