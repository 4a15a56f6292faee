"""A coordinator's work on an edition: taking people in, proposing teams, seeing who stalls, the final report."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.talent.forms import ReportWordsForm, TogetherForm
from tsunagu.talent.models import Edition, Entry, Run, Step
from tsunagu.talent.rules import NotAllowed
from tsunagu.talent.selectors import board as boards
from tsunagu.talent.selectors import desk
from tsunagu.talent.selectors.editions import coordinated
from tsunagu.talent.selectors.report import comments_of, report_of
from tsunagu.talent.services import editions as running
from tsunagu.talent.services import forming, registering
from tsunagu.talent.views.briefs import tended
from tsunagu.talent.views.own import crumbs


def _edition(request: HttpRequest, key: str) -> Edition:
    return get_object_or_404(coordinated(viewer_of(request)), key=key)


def _board(edition: Edition) -> str:
    return reverse("co_lead_desk:board", args=[edition.key])


@audience(Audience.SIGNED_IN)
def board(request: HttpRequest, key: str) -> HttpResponse:
    """Everything of an edition in one place, what waits first."""
    one = _edition(request, key)
    steps = [(to, to.label, running.lacks(one, to)) for to in running.NEXT.get(Step(one.step), ())]
    context = {
        "edition": one,
        "board": boards.board(one, today=timezone.localdate()),
        "steps": steps,
        "can_form": one.step in forming.FORMING,
        "crumbs": crumbs((str(one), None)),
    }
    return render(request, "talent/board.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def act(request: HttpRequest, key: str) -> HttpResponse:
    """Let the edition go on, or let the engine propose."""
    one, does = _edition(request, key), request.POST.get("act", "")
    try:
        if does == "run":
            made = forming.run(edition=one, by=viewer_of(request))
            return redirect("co_lead_desk:run", made.pk)
        if does == "step":
            moved = running.go_on(edition=one, to=request.POST.get("to", ""))
            messages.success(request, _("「%(step)s」にしました。") % {"step": moved.get_step_display()})
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(_board(one))


@audience(Audience.SIGNED_IN)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a talent in, or not."""
    entry = get_object_or_404(
        Entry.objects.filter(edition__in=coordinated(viewer_of(request))).select_related("edition"), pk=pk
    )
    try:
        registering.decide_entry(
            entry=entry, accept=request.POST.get("act") == "accept", note=request.POST.get("note", "")
        )
        messages.success(request, _("本人に知らせました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(_board(entry.edition))


@audience(Audience.SIGNED_IN)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal with its reasons, those left and why, and who would rather regroup; from here everybody is asked."""
    one = get_object_or_404(
        Run.objects.filter(edition__in=coordinated(viewer_of(request))).select_related("edition"), pk=pk
    )
    if request.method == "POST":
        try:
            made = forming.put_to_all(run=one)
            messages.success(request, _("%(n)dつのチームの案を、全員に示しました。") % {"n": made})
            return redirect(_board(one.edition))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("co_lead_desk:run", pk)
    title = _("組み合わせの案")
    context = {
        "edition": one.edition,
        "shown": boards.shown_run(one),
        "title": title,
        "crumbs": crumbs((str(one.edition), _board(one.edition)), (title, None)),
    }
    return render(request, "talent/run.html", context)


@audience(Audience.SIGNED_IN)
def together(request: HttpRequest, number: str) -> HttpResponse:
    """Put a team together by hand, with a reason that is kept."""
    brief = tended(request, number)
    if desk.side_of(viewer_of(request), brief) != "coordinator":
        raise Http404("coordinators only")
    form = TogetherForm(request.POST or None, brief=brief)
    if request.method == "POST" and form.is_valid():
        try:
            team = forming.put_together(
                brief=brief, entries=list(form.cleaned_data["entries"]), reason=form.cleaned_data["reason"]
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("チームの案を、全員に示しました。"))
            return redirect("co_lead_desk:team", team.pk)
    title = _("手で組む")
    trail = crumbs((brief.title, reverse("co_lead_desk:brief", args=[number])), (title, None))
    context = {"form": form, "title": title, "crumbs": trail}
    return render(request, "talent/small_form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
def report(request: HttpRequest, key: str) -> HttpResponse:
    """The final report before it is published: its words, and every number as it stands."""
    one = _edition(request, key)
    form = ReportWordsForm(request.POST or None, instance=one)
    title = _("最終報告")
    trail = crumbs((str(one), _board(one)), (title, None))
    if request.method == "POST" and form.is_valid():
        try:
            running.keep_edition(form.save(commit=False), seen=form.cleaned_data["version"])
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, trail)
        messages.success(request, _("保存しました。"))
        return redirect("co_lead_desk:report", key)
    context = {
        "edition": one, "form": form, "report": report_of(one), "comments": comments_of(one), "title": title, "crumbs": trail,
    }  # fmt: skip
    return render(request, "talent/report.html", context, status=422 if form.errors else 200)
