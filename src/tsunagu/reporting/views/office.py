"""The staff's reports: the board by bureau, a year's round, reading, returning, accepting, checking numbers."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.design.downloads import table_file
from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.questionnaires.flow import asked_sections
from tsunagu.questionnaires.models import Form, Purpose
from tsunagu.questionnaires.printing import section_blocks
from tsunagu.questionnaires.reasons import ReasonsForm
from tsunagu.questionnaires.selectors import last_sent
from tsunagu.registry.services import save_record
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.reporting import prefill, selectors, telling
from tsunagu.reporting.forms import ExtendForm, VerifyForm, YearForm
from tsunagu.reporting.models import Report, ReportYear
from tsunagu.reporting.rules import HANDED_IN, WITH_THE_LAB, NotAllowed, State, doubts
from tsunagu.reporting.services import deciding, years
from tsunagu.reporting.views.legend import legend
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of

ONE_CLICK_DAYS = 14


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [home_crumb(), (_("活動報告"), reverse("reports_office:board") if more else None), *more]


def _year(request: HttpRequest) -> ReportYear | None:
    text, found = request.GET.get("year", ""), selectors.years()
    return (found.filter(fiscal_year=int(text)).first() if text.isdigit() else None) or found.first()


@audience(Audience.STAFF)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Which reports came, by bureau, as of any day; and each lab's."""
    year, as_of = _year(request), asked_day(request)
    lines = (
        selectors.board(viewer_of(request), year, as_of=as_of.day if as_of.is_past else None) if year else []
    )
    rates = selectors.rates_by_bureau(lines)
    state, bureau = request.GET.get("state", ""), request.GET.get("bureau", "")
    shown = [
        one
        for one in lines
        if (not state or one.state == state or (state == "late" and one.is_late))
        and (not bureau or one.report.lab.region.bureau.code == bureau)
    ]
    bars = [
        Bar(
            str(one),
            (Part("done", each.in_time), Part("late", each.late), Part("missing", each.missing)),
            f"?bureau={one.code}",
        )
        for one, each in rates
    ]
    context = {
        "year": year,
        "years": selectors.years(),
        "rates": rates,
        "whole": selectors.rate(lines),
        "lines": shown,
        "states": State.choices,
        "state": state,
        "chart": bar_chart(bars) if bars else None,
        "legend": legend(),
        "crumbs": crumbs(),
        **as_of_context(request, as_of),
    }
    return render(request, "reporting/board.html", context)


@audience(Audience.STAFF)
@limited(EXPORT)
@require_safe
def board_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The board as a table to keep."""
    year, as_of = _year(request), asked_day(request)
    if year is None:
        raise Http404("no year")
    lines = selectors.board(viewer_of(request), year, as_of=as_of.day if as_of.is_past else None)
    rows = (
        (
            str(one.report.lab), one.report.lab.region.bureau.short_name, str(one.state.label), _("遅れ") if one.is_late else "",
            f"{timezone.localtime(one.report.due_at):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(one.report.submitted_at):%Y-%m-%d %H:%M}" if one.report.submitted_at else "",
        )
        for one in lines
    )  # fmt: skip
    headings = ["ラボ", "経済産業局", "状態", "遅れ", "期限", "提出した日時"]
    return table_file(kind, f"reports-{year.fiscal_year}", str(year), headings, rows)


@audience(Audience.SECRETARIAT)
def new_year(request: HttpRequest) -> HttpResponse:
    """Prepare a fiscal year's round."""
    return _year_page(request, ReportYear(), _("報告の年度を作る"))


@audience(Audience.SECRETARIAT)
def edit_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the due time, the form or the words to the labs."""
    return _year_page(request, get_object_or_404(ReportYear, pk=pk), _("報告の年度を直す"))


def _year_page(request: HttpRequest, one: ReportYear, title: str) -> HttpResponse:
    return edit_page(
        request, YearForm(request.POST or None, instance=one), title, crumbs((title, None)), save=save_record,
        done=lambda saved: redirect(f"{reverse('reports_office:board')}?year={saved.fiscal_year}"),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
@require_POST
def open_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the labs: their reports come to be, and the mails to them as drafts."""
    year = get_object_or_404(ReportYear, pk=pk)
    count = years.open_year(year=year)
    told = telling.tell_opened(year)
    messages.success(
        request,
        _("%(count)dラボの報告を開きました。%(told)dラボへのお願いを、メールの下書きに入れました。")
        % {"count": count, "told": told},
    )
    return redirect(f"{reverse('reports_office:board')}?year={year.fiscal_year}")


@audience(Audience.SECRETARIAT)
def extend_all(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for every lab whose report has not come."""
    year = get_object_or_404(ReportYear, pk=pk)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = years.extend_all(
                year=year,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                by=viewer_of(request),
            )
            messages.success(request, _("%(count)dラボの期限を延ばしました。") % {"count": count})
            return redirect(f"{reverse('reports_office:board')}?year={year.fiscal_year}")
        except NotAllowed as refusal:
            form.add_error("until", str(refusal))
    title = _("まだ届いていないラボの期限を延ばす")
    return form_page(request, form, title, crumbs((title, None)), button=_("延ばす"))


def _staffs(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(selectors.staff_reports(viewer_of(request)), pk=pk)


@audience(Audience.STAFF)
@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Two more weeks for one lab, in one click."""
    one = _staffs(request, pk)
    try:
        until = max(one.due_at, timezone.now()) + timedelta(days=ONE_CLICK_DAYS)
        years.extend(report=one, until=until, reason=_("事務局による延長"), by=viewer_of(request))
        messages.success(request, _("%(report)sの期限を2週間延ばしました。") % {"report": one})
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("reports_office:report", pk)


@audience(Audience.STAFF)
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, its sections to open, what to look at, and the ways on."""
    one = _staffs(request, pk)
    context: dict[str, Any] = {
        "report": one,
        "steps": selectors.steps(one),
        "may_extend": one.state in WITH_THE_LAB,
        "may_decide": one.state == State.SUBMITTED,
        "crumbs": crumbs((str(one), None)),
    }
    if one.sheet is not None and one.state in HANDED_IN and (sent := last_sent(one.sheet)):
        definition = one.sheet.definition
        context["sections"] = asked_sections(definition, sent.answers)
        context["doubts"] = [
            (definition.section_of(each.field), definition.field(each.field), each)
            for each in doubts(sent.answers, prefill.last_answers(one))
        ]
        context["actuals"] = selectors.beside_targets(
            list(selectors.staff_actuals(viewer_of(request)).filter(report=one))
        )
    return render(request, "reporting/office_report.html", context)


@audience(Audience.STAFF)
@require_safe
def section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The answers of one section beside last year's. That it was opened counts as a use of its questions."""
    one = _staffs(request, pk)
    sent = last_sent(one.sheet) if one.sheet is not None and one.state in HANDED_IN else None
    if sent is None or one.sheet is None:
        raise Http404("not sent")
    definition = one.sheet.definition
    found = next((each for each in asked_sections(definition, sent.answers) if each.key == key), None)
    if found is None:
        raise Http404("no such section")
    deciding.note_fields_read(sheet=one.sheet, section=key)
    before = prefill.last_answers(one)
    context = {
        "report": one,
        "section": found,
        "blocks": section_blocks(found.fields, sent.answers),
        "before": section_blocks(found.fields, before) if before else [],
        "sections": asked_sections(definition, sent.answers),
        "crumbs": crumbs((str(one), reverse("reports_office:report", args=[pk])), (found.title, None)),
    }
    return render(request, "reporting/section.html", context)


@audience(Audience.STAFF)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return named sections with the reason for each."""
    one = _staffs(request, pk)
    if one.sheet is None or one.state != State.SUBMITTED:
        raise Http404("nothing to return")
    form = ReasonsForm(request.POST or None, sections=one.sheet.definition.sections)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.return_sections(report=one, sections=form.reasons(), by=viewer_of(request))
            messages.success(request, _("差し戻しました。ラボへのメールは下書きに入っています。"))
            return redirect("reports_office:report", pk)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    title = _("章を差し戻す")
    address = reverse("reports_office:report", args=[pk])
    return form_page(request, form, title, crumbs((str(one), address), (title, None)), button=_("差し戻す"))


@audience(Audience.STAFF)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a report: it is locked, and its facts go where they belong."""
    try:
        done = deciding.accept_report(report=_staffs(request, pk), by=viewer_of(request))
        messages.success(request, _("%(report)sの報告を受理しました。") % {"report": done})
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("reports_office:report", pk)


@audience(Audience.STAFF)
@require_safe
def actuals(request: HttpRequest) -> HttpResponse:
    """Actual values beside targets, self-reported or checked, as on record on any day."""
    as_of = asked_day(request)
    found = selectors.staff_actuals(viewer_of(request), as_of=as_of.day if as_of.is_past else None)
    all_years = sorted(set(found.order_by().values_list("fiscal_year", flat=True)))
    text = request.GET.get("year", "")
    year = int(text) if text.isdigit() and int(text) in all_years else (all_years[-1] if all_years else None)
    rows = found.filter(fiscal_year=year or 0).order_by("indicator__lab__slug", "indicator__position")
    context = {
        "rows": selectors.beside_targets(list(rows)),
        "years": all_years,
        "year": year,
        "crumbs": crumbs((_("指標の実績"), None)),
        **as_of_context(request, as_of),
    }
    return render(request, "reporting/actuals.html", context)


@audience(Audience.STAFF)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an actual value as checked."""
    one = get_object_or_404(selectors.staff_actuals(viewer_of(request)).filter(state="self_reported"), pk=pk)
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        deciding.verify_actual(
            actual=one, verified_with=form.cleaned_data["verified_with"], by=viewer_of(request)
        )
        messages.success(request, _("確認済みにしました。"))
        return redirect("reports_office:actuals")
    title = _("%(indicator)s（%(year)d年度）を確かめる") % {
        "indicator": one.indicator,
        "year": one.fiscal_year,
    }
    return form_page(
        request, form, title, crumbs((_("指標の実績"), reverse("reports_office:actuals")), (title, None)),
        button=_("確認済みにする"), note=_("申告された裏づけ: %(evidence)s") % {"evidence": one.evidence or "—"},
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Questions whose answers nobody opened in 12 months: candidates to be taken out of the form."""
    forms = Form.objects.filter(purpose=Purpose.REPORT)
    today = timezone.localdate()
    context = {
        "forms": [(one, selectors.unread_questions(one, today=today)) for one in forms],
        "crumbs": crumbs((_("読まれていない質問"), None)),
    }
    return render(request, "reporting/questions.html", context)
