"""A team's page: the plan, a note a week, what it hands over, what came of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.talent.forms import DeliverableForm, MilestoneForm, OutcomeForm, WeekForm
from tsunagu.talent.models import Deliverable, Milestone, Outcome, Team, TeamState
from tsunagu.talent.rules import NotAllowed, monday_of
from tsunagu.talent.selectors import desk
from tsunagu.talent.selectors.board import progress_of
from tsunagu.talent.services import accompanying, forming
from tsunagu.talent.views.own import crumbs

WORKING = frozenset({"member", "company", "coordinator"})


def _team(request: HttpRequest, pk: int) -> Team:
    return get_object_or_404(desk.teams(viewer_of(request)), pk=pk)


def _working(request: HttpRequest, pk: int) -> Team:
    """The team, for those who work in it; a lab beside it only reads. Raises `Http404`."""
    team = _team(request, pk)
    if desk.part_in(viewer_of(request), team) not in WORKING:
        raise Http404("reads only")
    return team


def _trail(team: Team, title: str) -> Crumbs:
    return crumbs((str(team), reverse("co_lead_desk:team", args=[team.pk])), (title, None))


@audience(Audience.SIGNED_IN)
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the team stands, and the next thing to do."""
    viewer, team = viewer_of(request), _team(request, pk)
    part, today = desk.part_in(viewer, team), timezone.localdate()
    seats = list(team.seats.select_related("entry__talent__person"))
    own = next((one for one in seats if one.entry.talent.person_id == viewer.person_id), None)
    mine = team.of_company if part == "company" else own.answer if own else ""
    notes = list(team.notes.select_related("by")[:20])
    context = {
        "team": team,
        "part": part,
        "seats": seats,
        "mine": mine,
        "can_work": part in WORKING and team.state == TeamState.RUNNING,
        "can_tell": part in WORKING and team.state in accompanying.OPEN,
        # The lab beside the company reads how it goes, never the mail addresses of people.
        "shows_contacts": part in WORKING and team.state != TeamState.REFUSED,
        "progress": progress_of([team], today=today)[team.pk],
        "milestones": team.milestones.all(),
        "notes": notes,
        "has_note": any(one.week_of == monday_of(today) for one in notes),
        "week_form": WeekForm(),
        "deliverables": team.deliverables.select_related("stored_file"),
        "outcome": Outcome.objects.filter(team=team).first(),
        "today": today,
        "crumbs": crumbs((str(team), None)),
    }
    return render(request, "talent/team.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer, tick a step, finish; the coordinator's stop."""
    viewer, team = viewer_of(request), _team(request, pk)
    part, does, note = desk.part_in(viewer, team), request.POST.get("act", ""), request.POST.get("note", "")
    try:
        if does in {"yes", "no"} and part in {"member", "company"}:
            made = forming.answer(team=team, person_id=viewer.signed_in_id, yes=does == "yes", why_not=note)
            messages.success(
                request,
                _("チームが始まりました。") if made.state == TeamState.RUNNING else _("返事を伝えました。"),
            )
        elif does in {"tick", "untick"} and part in WORKING:
            key = request.POST.get("step", "")
            step = get_object_or_404(team.milestones, pk=int(key) if key.isdecimal() else 0)
            accompanying.tick(milestone=step, done=does == "tick")
            messages.success(request, _("計画を更新しました。"))
        elif does == "finish" and part in WORKING:
            accompanying.finish(team=team)
            messages.success(request, _("チームを終えました。おつかれさまでした。"))
        elif does == "stop" and part == "coordinator":
            forming.stop_team(team=team, why=note)
            messages.success(request, _("チームを終えました。"))
        elif does == "verify" and viewer.is_secretariat:
            accompanying.verify_outcome(outcome=get_object_or_404(Outcome, team=team), evidence=note)
            messages.success(request, _("確かめた印をつけました。"))
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("co_lead_desk:team", pk)


@audience(Audience.SIGNED_IN)
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """The week's note: three fields, made for a phone."""
    team = _working(request, pk)
    note = team.notes.filter(week_of=monday_of(timezone.localdate())).first()
    initial = {"mood": note.mood, "done": note.done, "next_step": note.next_step} if note else None
    form = WeekForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            accompanying.note_week(team=team, by=viewer_of(request), **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("今週の記録を残しました。"))
            return redirect("co_lead_desk:team", pk)
    title = _("今週の記録")
    context = {"form": form, "title": title, "crumbs": _trail(team, title)}
    return render(request, "talent/small_form.html", context, status=422 if form.errors else 200)


def _step_page(request: HttpRequest, team: Team, one: Milestone, title: str) -> HttpResponse:
    form = MilestoneForm(request.POST or None, instance=one)
    try:
        return edit_page(
            request, form, title, _trail(team, title), save=accompanying.keep_milestone,
            done=lambda _saved: redirect("co_lead_desk:team", team.pk),
        )  # fmt: skip
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
    context = {"form": form, "title": title, "crumbs": _trail(team, title)}
    return render(request, "talent/small_form.html", context, status=422)


@audience(Audience.SIGNED_IN)
def new_step(request: HttpRequest, pk: int) -> HttpResponse:
    """One more step of the plan."""
    team = _working(request, pk)
    return _step_page(request, team, Milestone(team=team), _("計画に加える"))


@audience(Audience.SIGNED_IN)
def step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Change a step of the plan."""
    team = _working(request, pk)
    one = get_object_or_404(team.milestones, pk=step)
    return _step_page(request, team, one, one.title)


@audience(Audience.SIGNED_IN)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand something over."""
    team = _working(request, pk)
    form = DeliverableForm(request.POST or None, request.FILES or None, instance=Deliverable(team=team))
    if request.method == "POST" and form.is_valid():
        try:
            accompanying.hand_over(
                deliverable=form.save(commit=False), upload=form.cleaned_data["upload"], by=viewer_of(request)
            )
        except (NotAllowed, FileNotTaken) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("成果物を渡しました。"))
            return redirect("co_lead_desk:team", pk)
    title = _("成果物を渡す")
    context = {"form": form, "title": title, "crumbs": _trail(team, title), "has_file": True}
    return render(request, "talent/small_form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_safe
def file(request: HttpRequest, pk: int, item: int) -> HttpResponseBase:
    """The file of a deliverable, for everybody who sees the team."""
    team = _team(request, pk)
    one = get_object_or_404(
        team.deliverables.select_related("stored_file"), pk=item, stored_file__isnull=False
    )
    assert one.stored_file is not None
    return serve_file(one.stored_file)


@audience(Audience.SIGNED_IN)
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it, written by anybody of the team; only the company says whether its name may stand in the report."""
    viewer, team = viewer_of(request), _working(request, pk)
    known = Outcome.objects.filter(team=team).first()
    form = OutcomeForm(
        request.POST or None, instance=known or Outcome(team=team), outcome_type=team.edition.outcome_type,
        is_company=desk.part_in(viewer, team) == "company",
    )  # fmt: skip
    title = _("成果を書く")
    if request.method == "POST" and form.is_valid():
        try:
            accompanying.keep_outcome(
                form.save(commit=False), seen=form.cleaned_data.get("version") if known else None
            )
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, _trail(team, title))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("成果を保存しました。"))
            return redirect("co_lead_desk:team", pk)
    context = {"form": form, "title": title, "crumbs": _trail(team, title)}
    return render(request, "talent/small_form.html", context, status=422 if form.errors else 200)
