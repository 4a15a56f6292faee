"""The reviewer's desk: the queue, the question of conflicts, reading and scoring, abstaining."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.history.services import note_read
from tsunagu.reviewing import readings, selectors
from tsunagu.reviewing.forms import AbstainForm, ProfileForm, RemarkForm
from tsunagu.reviewing.models import Assignment, PanelMember, ReviewerProfile, ReviewState
from tsunagu.reviewing.rules import HIGHEST, LOWEST, may_score
from tsunagu.reviewing.services import scoring
from tsunagu.reviewing.services.panels import NotPossible, declare, profile_changed
from tsunagu.reviewing.telling import tell_remark
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.sent_once import runs_every_time

Crumbs = list[tuple[str, str | None]]


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [(_("審査"), reverse("review:queue") if more else None), *more]


def member_of(request: HttpRequest, panel: int) -> PanelMember:
    """The reviewer's own seat on a panel. Raises `Http404`."""
    return get_object_or_404(selectors.own_memberships(viewer_of(request)), panel_id=panel)


def own(request: HttpRequest, pk: int) -> Assignment:
    """One of the reviewer's own cases. Raises `Http404`, also when a conflict bars it."""
    return get_object_or_404(selectors.own_assignments(viewer_of(request)), pk=pk)


@audience(Audience.SIGNED_IN)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Everything a reviewer has to do, with how much is done."""
    viewer = viewer_of(request)
    memberships = list(selectors.own_memberships(viewer))
    if not memberships and not viewer.is_reviewer:
        raise Http404("not a reviewer")
    wanted = request.GET.get("panel", "")
    panel = int(wanted) if wanted.isdecimal() else None
    context = {
        "memberships": memberships,
        "panel": panel,
        "queue": selectors.queue(viewer, panel=panel),
        "crumbs": crumbs(),
    }
    return render(request, "reviewing/queue.html", context)


@audience(Audience.SIGNED_IN)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: the question of conflicts first, then the text beside the score sheet."""
    one = own(request, pk)
    answer = selectors.declaration(one)
    if answer is None or answer.has_conflict:
        return render(
            request,
            "reviewing/declare.html",
            {"assignment": one, "crumbs": crumbs((str(one.case.number), None))},
        )
    if request.method == "POST":
        return _save(request, one)
    return _page(request, one)


def _page(request: HttpRequest, one: Assignment, *, refusal: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    text = readings.text_of(one.case, viewer)
    stored = {score.criterion: score for score in one.review.scores.all()}
    criteria = list(one.case.panel.criteria_set.criteria.all())
    places = {
        criterion.code: [
            (paragraph.anchor, paragraph.label)
            for section in text
            for paragraph in section.paragraphs
            if criterion.code in paragraph.criteria
        ]
        for criterion in criteria
    }
    queue = selectors.queue(viewer, panel=one.case.panel_id)
    order = [each.pk for each in [*queue.done, *queue.left]]
    place = order.index(one.pk) if one.pk in order else 0
    note_read(one.case, what="審査する案件")
    context = {
        "assignment": one,
        "case": one.case,
        "review": one.review,
        "text": text,
        "titles": {each.code: each.title for each in criteria},
        "sheet": [
            (each, stored.get(each.code), places[each.code], list(enumerate(each.anchors, start=LOWEST)))
            for each in criteria
        ],
        "scale": range(LOWEST, HIGHEST + 1),
        "queue": queue,
        "before": order[place - 1] if place > 0 else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "others": selectors.others_reviews(one),
        "remarks": selectors.remarks(one.case, viewer, member=one.member, is_reviewer=True),
        "remark_form": RemarkForm(),
        "may_score": may_score(one.case.panel.phase),
        "refusal": refusal,
        "crumbs": crumbs((str(one.case), None)),
    }
    return render(request, "reviewing/case.html", context, status=status)


def typed_scores(post: QueryDict, codes: list[str], *, suffix: str = "") -> dict[str, tuple[int | None, str]]:
    """Scores with their comments as they came; a criterion that did not come is left alone."""
    found: dict[str, tuple[int | None, str]] = {}
    for code in codes:
        if f"comment{suffix}.{code}" not in post and f"score{suffix}.{code}" not in post:
            continue
        value = post.get(f"score{suffix}.{code}", "")
        found[code] = (
            int(value) if value.isdecimal() else None,
            post.get(f"comment{suffix}.{code}", "").strip(),
        )
    return found


def _keep(request: HttpRequest, one: Assignment) -> None:
    codes = [each.code for each in one.case.panel.criteria_set.criteria.all()]
    scoring.save_review(
        assignment=one,
        scores=typed_scores(request.POST, codes),
        comment=request.POST.get("comment"),
        inner_comment=request.POST.get("inner_comment"),
    )


def _save(request: HttpRequest, one: Assignment) -> HttpResponse:
    """Save as it stands, hand in, or hand in and go on; what cannot be handed in stays saved."""
    action = request.POST.get("action", "save")
    try:
        _keep(request, one)
        if action in {"submit", "next"} and one.review.state != ReviewState.SUBMITTED:
            scoring.submit_review(review=one.review)
    except NotPossible as refusal:
        return _page(request, own(request, one.pk), refusal=str(refusal), status=422)
    if action == "next":
        left = selectors.queue(viewer_of(request), panel=one.case.panel_id).left
        following = next((each for each in left if each.pk != one.pk), None)
        if following is not None:
            return redirect("review:case", following.pk)
        messages.success(request, _("すべて終わりました。"))
        return redirect("review:queue")
    messages.success(request, _("提出しました。") if action == "submit" else _("保存しました。"))
    return redirect("review:case", one.pk)


@audience(Audience.SIGNED_IN)
@require_POST
def answer_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to a conflict of interest; with one the case is gone from the desk."""
    one = own(request, pk)
    has_conflict = request.POST.get("has_conflict") == "yes"
    try:
        if request.POST.get("has_conflict") not in {"yes", "no"}:
            raise NotPossible(_("どちらかを選んでください。"))
        declare(
            case=one.case,
            profile=one.member.profile,
            has_conflict=has_conflict,
            explanation=request.POST.get("explanation", ""),
        )
    except NotPossible as refusal:
        context = {"assignment": one, "refusal": str(refusal), "crumbs": crumbs((str(one.case.number), None))}
        return render(request, "reviewing/declare.html", context, status=422)
    if has_conflict:
        messages.success(request, _("利益相反を申告しました。この案件の審査から外れました。"))
        return redirect("review:queue")
    return redirect("review:case", pk)


@audience(Audience.SIGNED_IN)
@runs_every_time
@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep the score sheet as it stands."""
    one = own(request, pk)
    try:
        _keep(request, one)
    except NotPossible as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    return JsonResponse({"time": f"{timezone.localtime():%H:%M}"})


@audience(Audience.SIGNED_IN)
def abstain(request: HttpRequest, pk: int) -> HttpResponse:
    """棄権, with a reason."""
    one = own(request, pk)
    form = AbstainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            scoring.abstain(review=one.review, reason=form.cleaned_data["reason"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("review:queue")
    context = {
        "form": form,
        "title": _("この案件を棄権する"),
        "note": str(one.case.number),
        "button": _("棄権する"),
        "crumbs": crumbs((_("棄権"), None)),
    }
    return render(request, "reviewing/form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to the other reviewers; only once one's own review is in."""
    one = own(request, pk)
    form = RemarkForm(request.POST)
    if one.review.state != ReviewState.SUBMITTED:
        messages.error(request, _("自分の評価を出してから発言できます。"))
    elif form.is_valid():
        made = scoring.remark(case=one.case, by=viewer_of(request), **form.cleaned_data)
        tell_remark(made)
        messages.success(request, _("発言しました。"))
    else:
        messages.error(request, _("発言を書いてください。"))
    return redirect("review:case", pk)


@audience(Audience.SIGNED_IN)
def profile(request: HttpRequest) -> HttpResponse:
    """One's own facts, from which conflicts are found."""
    viewer = viewer_of(request)
    membership = selectors.own_memberships(viewer).first()
    if membership is None:
        raise Http404("not a reviewer")
    return profile_page(
        request, membership.profile, crumbs((_("自分の登録"), None)), done=reverse("review:profile")
    )


def profile_page(request: HttpRequest, one: ReviewerProfile, trail: Crumbs, *, done: str) -> HttpResponse:
    """The form of a reviewer's facts; saving looks for conflicts again."""
    membership = one.memberships.select_related("panel__criteria_set").order_by("-pk").first()
    criteria = [(c.code, c.title) for c in membership.panel.criteria_set.criteria.all()] if membership else []
    form = ProfileForm(request.POST or None, instance=one, criteria=criteria)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.expertise, made.confirmed_on = form.expertise(), timezone.localdate()
        made.save()
        form.save_m2m()
        profile_changed(profile=made)
        messages.success(request, _("保存し、利益相反を調べ直しました。"))
        return redirect(done)
    context = {
        "form": form,
        "title": _("審査員の登録: %(name)s") % {"name": one},
        "button": _("保存する"),
        "crumbs": trail,
    }
    return render(request, "reviewing/form.html", context, status=422 if form.errors else 200)
