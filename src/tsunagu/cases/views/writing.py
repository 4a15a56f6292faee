"""A lab's cases: begin, write with autosave, send, confirm, take back; trying another's."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.activities.selectors import tended_activities
from tsunagu.cases import rules, selectors
from tsunagu.cases.forms import AskForm, CaseForm, NoteForm, ReuseForm, WithdrawForm
from tsunagu.cases.models import Case, CaseReuse, CaseState
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import trying, writing
from tsunagu.registry.models import Lab
from tsunagu.registry.selectors import tended_labs
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(title: str = "") -> Crumbs:
    return [(_("事例を書く"), reverse("cases:own") if title else None), *([(title, None)] if title else [])]


def _tended(request: HttpRequest, number: str) -> Case:
    """A case the viewer writes. Raises `Http404`."""
    return get_object_or_404(selectors.tended_cases(viewer_of(request)), number=number)


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """One's cases by state, and for the secretariat what waits for an editor."""
    viewer = viewer_of(request)
    today = timezone.localdate()
    found = list(
        selectors.tended_cases(viewer).exclude(state=CaseState.WITHDRAWN).order_by("state", "-pk")[:300]
    )
    context = {
        "cases": [(one, rules.is_stale(one.verified_on, today)) for one in found],
        "waiting": selectors.cases_to_edit(viewer),
        "labs": Lab.objects.filter(pk__in=viewer.office_lab_ids).select_related("region"),
        "crumbs": _crumbs(),
    }
    return render(request, "cases/own.html", context)


@audience(Audience.LAB)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a case of one's lab, from nothing or from an activity of its log; the secretariat also without a lab."""
    viewer = viewer_of(request)
    activity = None
    lab: Lab | None = None
    if number := request.POST.get("activity", ""):
        activity = get_object_or_404(
            tended_activities(viewer).select_related("lab__region"), pk=number if number.isdecimal() else 0
        )
        lab = activity.lab
    elif slug := request.POST.get("lab", ""):
        lab = get_object_or_404(tended_labs(viewer), slug=slug)
    elif not viewer.is_secretariat:
        messages.error(request, _("どのラボの事例かを選んでください。"))
        return redirect("cases:own")
    made = writing.start_case(lab=lab, activity=activity)
    return redirect("cases:edit", made.number)


@audience(Audience.LAB)
@require_safe
def desk(request: HttpRequest, number: str) -> HttpResponse:
    """Where a case stands, what is missing, and what can be done next."""
    one = _tended(request, number)
    context = {
        "case": one,
        "missing": selectors.problems(one),
        "consents": one.consents.all()[:5],
        "may_publish": writing.may_publish(one),
        "may_withdraw": writing.may_withdraw(one),
        "may_remove": writing.may_remove(one),
        "is_stale": rules.is_stale(one.verified_on, timezone.localdate()),
        "can_write": one.state in writing.WRITABLE or viewer_of(request).is_secretariat,
        "note_form": NoteForm(),
        "ask_form": AskForm(),
        "withdraw_form": WithdrawForm(),
        "crumbs": _crumbs(one.title or one.number),
    }
    return render(request, "cases/desk.html", context)


@audience(Audience.LAB)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Write the case, section by section."""
    one = _tended(request, number)
    form = CaseForm(request.POST or None, instance=one)
    title = _("事例を書く")
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, form)
        except EditConflict as conflict:
            stored = CaseForm(instance=Case.objects.get(pk=one.pk)).as_data()
            return conflict_page(request, form, conflict, title, _crumbs(title), stored=stored)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("cases:desk", number)
    context = {"form": form, "case": one, "title": title, "crumbs": _crumbs(title)}
    return render(request, "cases/form.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: CaseForm) -> Case:
    given = form.cleaned_data
    return writing.keep_case(
        form.filled(), inner=form.inner, results=given["result_lines"], policies=list(given["policies"]),
        by=viewer_of(request), seen=given["version"],
    )  # fmt: skip


def _unreadable(form: CaseForm) -> str:
    if set(form.errors) == {"title"} and not form.data.get("title", "").strip():
        return _("まだ保存していません。先に「題名」を入れてください。ほかの欄は、空のままで保存できます。")
    return _("まだ保存していません。読み取れないところがあります: %(fields)s") % {
        "fields": "、".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
    }


@audience(Audience.LAB)
@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Store what has been typed so far and say so; what cannot be stored yet is said, and stays in the form."""
    form = CaseForm(request.POST, instance=_tended(request, number))
    context: dict[str, object] = {"now": timezone.localtime()}
    if not form.is_valid():
        context["problem"] = _unreadable(form)
    else:
        try:
            context["version"] = _keep(request, form).version
        except EditConflict:
            context["problem"] = _(
                "この事例は、この画面を開いたあとに変わりました（ほかの人か、ほかの画面）。「保存する」を押すと、両方を見くらべられます。"
            )
        except NotAllowed as refusal:
            context["problem"] = str(refusal)
    return render(request, "cases/_saved.html", context)


@audience(Audience.LAB)
@require_POST
def act(request: HttpRequest, number: str) -> HttpResponse:
    """What the office of a case does with it: send, confirm, take back to mend, withdraw."""
    one = _tended(request, number)
    does = request.POST.get("act", "")
    try:
        if does == "send":
            writing.send_case(case=one)
            messages.success(request, _("編集者に渡しました。確認が済むまでお待ちください。"))
        elif does == "confirm":
            writing.confirm_case(case=one)
            messages.success(request, _("確かめた日を今日にしました。"))
        elif does == "reopen":
            writing.reopen_case(case=one)
            messages.success(request, _("公開を止めました。直してから、もう一度送ってください。"))
        elif does == "remove":
            writing.remove_draft(case=one)
            messages.success(request, _("下書きを消しました。"))
            return redirect("cases:own")
        elif does == "withdraw":
            form = WithdrawForm(request.POST)
            if not form.is_valid():
                raise NotAllowed(_("取り下げる理由を選んでください。"))
            writing.withdraw_case(case=one, why=form.cleaned_data["why"])
            messages.success(request, _("取り下げました。"))
            return redirect("cases:own")
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:desk", number)


@audience(Audience.LAB)
def try_out(request: HttpRequest, number: str, slug: str) -> HttpResponse:
    """「うちで試した」, for one of one's own labs."""
    case = get_object_or_404(selectors.public_cases(), number=number)
    lab = get_object_or_404(Lab.objects.filter(pk__in=viewer_of(request).office_lab_ids), slug=slug)
    if lab.pk == case.lab_id:
        raise Http404("one's own case")
    reuse = CaseReuse.objects.filter(case=case, lab=lab).first() or CaseReuse(
        case=case, lab=lab, noted_by_id=viewer_of(request).signed_in_id
    )
    title = _("「%(case)s」をうちで試した") % {"case": case.title}
    return edit_page(
        request,
        ReuseForm(request.POST or None, instance=reuse),
        title,
        [
            (_("事例"), reverse("case_pages:list")),
            (case.title, reverse("case_pages:case", args=[number])),
            (title, None),
        ],
        save=trying.keep_reuse,
        done=lambda _reuse: redirect(reverse("case_pages:case", args=[number]) + "#reuses"),
    )


@audience(Audience.LAB)
@require_safe
def choose_lab(request: HttpRequest, number: str) -> HttpResponse:
    """Straight on to the form where one has one lab, else a choice."""
    case = get_object_or_404(selectors.public_cases(), number=number)
    labs = list(
        Lab.objects.filter(pk__in=viewer_of(request).office_lab_ids)
        .exclude(pk=case.lab_id or 0)
        .select_related("region")
    )
    if len(labs) == 1:
        return redirect("cases:try", number, labs[0].slug)
    return render(
        request, "cases/choose_lab.html", {"case": case, "labs": labs, "crumbs": _crumbs(case.title)}
    )
