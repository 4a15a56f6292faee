"""The secretariat's side of reviewing: panels, reviewers, conflicts, assignment, progress, interviews, the committee's day."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts.services import invite_person
from tsunagu.design.paging import page_context
from tsunagu.engines.tables import TableUnreadable, read_table
from tsunagu.registry.services import save_record
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.reviewing import selectors, telling
from tsunagu.reviewing.forms import (
    DismissForm,
    FileForm,
    InviteForm,
    OfferForm,
    PanelForm,
    QuestionsForm,
    RemarkForm,
    SlotsForm,
)
from tsunagu.reviewing.models import Assignment, Conflict, How, Panel, PanelMember, ReviewCase
from tsunagu.reviewing.services import assigning, meeting, scoring
from tsunagu.reviewing.services import panels as panels_service
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.views.desk import profile_page
from tsunagu.reviewing.views.meetings import call_from, day_context
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Role


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [home_crumb(), (_("審査会"), reverse("reviewing:panels") if more else None), *more]


def the_panel(request: HttpRequest, pk: int) -> Panel:
    return get_object_or_404(selectors.panels(viewer_of(request)), pk=pk)


def of_panel(panel: Panel, *more: tuple[str, str | None]) -> Crumbs:
    return crumbs((str(panel), reverse("reviewing:panel", args=[panel.pk]) if more else None), *more)


@audience(Audience.SECRETARIAT)
@require_safe
def panels(request: HttpRequest) -> HttpResponse:
    """All panels."""
    return render(
        request,
        "reviewing/office/panels.html",
        {"panels": selectors.panels(viewer_of(request)), "crumbs": crumbs()},
    )


@audience(Audience.SECRETARIAT)
def new_panel(request: HttpRequest) -> HttpResponse:
    """Open a panel."""
    form = PanelForm(request.POST or None)
    title = _("審査会を開く")
    if request.method == "POST" and form.is_valid():
        return redirect("reviewing:panel", form.save().pk)
    return form_page(request, form, title, crumbs((title, None)))


@audience(Audience.SECRETARIAT)
def edit_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a panel's times and numbers."""
    one = the_panel(request, pk)
    title = _("審査会を直す")
    return edit_page(
        request, PanelForm(request.POST or None, instance=one), title, of_panel(one, (title, None)),
        save=save_record, done=lambda _saved: redirect("reviewing:panel", pk),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
@require_safe
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """How the reviews come along: each reviewer's progress, each case's scores, sortable by disagreement."""
    one = the_panel(request, pk)
    viewer = viewer_of(request)
    text, sort = request.GET.get("text", ""), request.GET.get("sort", "number")
    paging = page_context(request, selectors.case_table(one, viewer, text=text, sort=sort))
    cases = list(paging["page"].object_list)
    criteria = list(one.criteria_set.criteria.all())
    means = selectors.criterion_means([each.pk for each in cases])
    shows_normalised = "z" in request.GET
    z = selectors.normalised(one) if shows_normalised else {}
    context = {
        "panel": one,
        "criteria": [each for each in criteria if each.is_scored],
        "rows": [
            (each, [means.get(each.pk, {}).get(c.code) for c in criteria if c.is_scored], z.get(each.pk))
            for each in cases
        ],
        "progress": selectors.progress(one, viewer),
        "text": text,
        "sort": sort,
        "shows_normalised": shows_normalised,
        "invite_form": InviteForm(),
        "crumbs": of_panel(one),
        **paging,
    }
    return render(request, "reviewing/office/panel.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to review; the mail is a draft."""
    one = the_panel(request, pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        title = _("審査員に頼む")
        return form_page(request, form, title, of_panel(one, (title, None)))
    person = invite_person(
        email=form.cleaned_data["email"], name=form.cleaned_data["name"], role=Role.REVIEWER
    )
    profile = panels_service.profile_of(person=person)
    member = panels_service.invite(panel=one, profile=profile, is_chair=form.cleaned_data["is_chair"])
    telling.tell_invited(member)
    messages.success(request, _("依頼のメールを下書きにしました。"))
    return redirect("reviewing:panel", pk)


@audience(Audience.SECRETARIAT)
def member_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """A reviewer's facts, kept by the secretariat."""
    one = get_object_or_404(PanelMember.objects.select_related("profile__person", "panel"), pk=pk)
    return profile_page(
        request,
        one.profile,
        of_panel(one.panel, (str(one), None)),
        done=reverse("reviewing:panel", args=[one.panel_id]),
    )


@audience(Audience.SECRETARIAT)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have cases left, and nobody else."""
    one = the_panel(request, pk)
    told = telling.remind_late(one, selectors.progress(one, viewer_of(request)))
    messages.success(request, _("残りのある%(count)d人に、今日のお知らせで知らせます。") % {"count": told})
    return redirect("reviewing:panel", pk)


@audience(Audience.SECRETARIAT)
@require_safe
def conflicts(request: HttpRequest, pk: int) -> HttpResponse:
    """All conflicts of a panel: those that bar, those dismissed with their reasons."""
    one = the_panel(request, pk)
    found = Conflict.objects.filter(case__panel=one).select_related("case", "profile__person", "dismissed_by")
    return render(
        request,
        "reviewing/office/conflicts.html",
        {"panel": one, **page_context(request, found), "crumbs": of_panel(one, (_("利益相反"), None))},
    )


@audience(Audience.SECRETARIAT)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Find that a suggested conflict is none."""
    one = get_object_or_404(Conflict.objects.select_related("case__panel", "profile__person"), pk=pk)
    form = DismissForm(request.POST or None)
    title = _("問題ないと判断する")
    if request.method == "POST" and form.is_valid():
        try:
            panels_service.dismiss(conflict=one, by=viewer_of(request), reason=form.cleaned_data["reason"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("reviewing:conflicts", one.case.panel_id)
    note = (
        f"{one.case.number} {one.case.title} / {one.profile} / {one.get_relation_display()}（{one.evidence}）"
    )
    return form_page(request, form, title, of_panel(one.case.panel, (title, None)), note=note)


def the_case(request: HttpRequest, pk: int) -> ReviewCase:
    found = ReviewCase.objects.filter(panel__in=selectors.panels(viewer_of(request)))
    return get_object_or_404(found.select_related("panel__criteria_set", "lab"), pk=pk)


@audience(Audience.SECRETARIAT)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: who reviews it, who cannot and why, every score, the discussion, the interview."""
    one = the_case(request, pk)
    viewer = viewer_of(request)
    file = selectors.case_file(one, viewer)
    assert file is not None
    barred: dict[int, list[Conflict]] = {}
    for each in file.conflicts:
        if each.dismissed_at is None and each.gone_at is None:
            barred.setdefault(each.profile_id, []).append(each)
    members = one.panel.members.select_related("profile__person")
    criteria = list(one.panel.criteria_set.criteria.all())
    context = {
        "case": one,
        "criteria": criteria,
        "members": [(each, barred.get(each.profile_id, [])) for each in members],
        "assignments": one.assignments.filter(ended_at=None).select_related("member__profile__person"),
        "reviews": [(each, [file.scores[each.pk].get(c.code) for c in criteria]) for each in file.reviews],
        "conflicts": file.conflicts,
        "remarks": file.remarks,
        "remark_form": RemarkForm(),
        "interview": getattr(one, "interview", None),
        "slots": meeting.possible_slots(one),
        "questions": one.interview_questions.all(),
        "notes": one.interview_notes.select_related("member__profile__person").exclude(text=""),
        "crumbs": of_panel(one.panel, (str(one), None)),
    }
    return render(request, "reviewing/office/case.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case to somebody by hand."""
    one = the_case(request, pk)
    wanted = request.POST.get("member", "")
    member = one.panel.members.filter(pk=int(wanted) if wanted.isdecimal() else 0).first()
    try:
        if member is None:
            raise NotPossible(_("審査員を選んでください。"))
        assigning.assign(case=one, member=member, how=How.HAND)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("割り当てました。"))
    return redirect("reviewing:case", pk)


@audience(Audience.SECRETARIAT)
@require_POST
def unassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the case away from somebody."""
    one = get_object_or_404(Assignment.objects.select_related("case"), pk=pk)
    assigning.unassign(assignment=one, reason=_("事務局が外した"))
    return redirect("reviewing:case", one.case_id)


@audience(Audience.SECRETARIAT)
def assign_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign by a table of numbers and people; every row that cannot be taken is named."""
    one = the_panel(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made, problems = assigning.assign_from_file(
                panel=one, table=read_table(upload.read(), upload.name)
            )
        except TableUnreadable as error:
            form.add_error("file", str(error))
        else:
            if not problems:
                messages.success(request, _("%(count)d件を割り当てました。") % {"count": made})
                return redirect("reviewing:panel", pk)
    context = {
        "panel": one,
        "form": form,
        "problems": problems,
        "crumbs": of_panel(one, (_("ファイルで割り当てる"), None)),
    }
    return render(
        request, "reviewing/office/assign_file.html", context, status=422 if problems or form.errors else 200
    )


@audience(Audience.SECRETARIAT)
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a case."""
    one = the_case(request, pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        telling.tell_remark(scoring.remark(case=one, by=viewer_of(request), **form.cleaned_data))
        messages.success(request, _("発言しました。"))
    else:
        messages.error(request, _("発言を書いてください。"))
    return redirect("reviewing:case", pk)


@audience(Audience.SECRETARIAT)
def slots(request: HttpRequest, pk: int) -> HttpResponse:
    """Times for interviews, with how many could come."""
    one = the_panel(request, pk)
    form = SlotsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = meeting.add_slots(panel=one, **form.cleaned_data)
        messages.success(
            request, _("%(count)d件の時間を加えました。審査員に都合を聞いてください。") % {"count": made}
        )
        return redirect("reviewing:slots", pk)
    context = {
        "panel": one,
        "form": form,
        "slots": one.slots.prefetch_related("free__profile__person").select_related("interview__case"),
        "crumbs": of_panel(one, (_("面談の時間"), None)),
    }
    return render(request, "reviewing/office/slots.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the applicant choose a time for the interview."""
    one = the_case(request, pk)
    form = OfferForm(request.POST)
    try:
        if not form.is_valid():
            raise NotPossible(_("ビデオ会議のリンクを確かめてください。"))
        meeting.offer_slots(case=one, video_link=form.cleaned_data["video_link"])
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("申請者が面談の時間を選べるようになりました。"))
    return redirect("reviewing:case", pk)


@audience(Audience.SECRETARIAT)
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of the interview, as proposed and edited."""
    one = the_case(request, pk)
    meeting_questions = "\n".join(one.interview_questions.values_list("text", flat=True))
    form = QuestionsForm(request.POST or None, initial={"questions": meeting_questions})
    title = _("面談の質問")
    if request.method == "POST" and form.is_valid():
        meeting.set_questions(case=one, texts=form.cleaned_data["questions"].splitlines())
        return redirect("reviewing:case", pk)
    return form_page(
        request,
        form,
        title,
        of_panel(one.panel, (str(one), reverse("reviewing:case", args=[pk])), (title, None)),
    )


@audience(Audience.SECRETARIAT)
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee's day as the secretariat leads it."""
    one = the_panel(request, pk)
    today = selectors.day_of(one)
    if request.method == "POST":
        action = request.POST.get("action", "")
        if action == "begin":
            meeting.begin_day(panel=one)
        elif today is not None and action == "end":
            meeting.end_day(day=today)
        elif today is not None:
            call_from(request, today)
        return redirect("reviewing:day", pk)
    by_key = {each.pk: each for each in one.cases.filter(closed_at=None)}
    context = {
        **day_context(today, viewer_of(request)),
        "panel": one,
        "order": [by_key[each] for each in (today.order if today else []) if each in by_key],
        "crumbs": of_panel(one, (_("審査委員会の日"), None)),
    }
    template = (
        "reviewing/_day.html" if request.headers.get("HX-Request") == "true" else "reviewing/office/day.html"
    )
    return render(request, template, context)
