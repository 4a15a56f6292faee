"""The automatic assignment: looked at first, applied, and explained afterwards, match by match."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.registry.services import save_record
from tsunagu.registry.views.editing import edit_page
from tsunagu.reviewing.forms import LimitsForm
from tsunagu.reviewing.models import AssignmentRun, PanelMember
from tsunagu.reviewing.services import assigning, explaining, proposing
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.views.office import of_panel, the_case, the_panel
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.SECRETARIAT)
def assign_auto(request: HttpRequest, pk: int) -> HttpResponse:
    """The automatic assignment: looked at first, then applied."""
    one = the_panel(request, pk)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "lot":
                assigning.draw_lot(panel=one)
                messages.success(request, _("くじの種を決め、審査員に知らせました。もう変わりません。"))
                return redirect("reviewing:assign_auto", pk)
            made = assigning.assign_automatically(
                panel=one, expected=request.POST.get("expected", ""), by=viewer_of(request)
            )
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("reviewing:assign_auto", pk)
        messages.success(request, _("%(count)d件を割り当てました。") % {"count": made})
        return redirect("reviewing:explained" if made else "reviewing:panel", pk)
    context: dict[str, object] = {"panel": one, "crumbs": of_panel(one, (_("自動で割り当てる"), None))}
    try:
        context["proposal"] = proposing.propose(panel=one)
    except NotPossible as refusal:
        context["reasons"] = refusal.reasons
    return render(request, "reviewing/office/assign_auto.html", context)


@audience(Audience.SECRETARIAT)
@require_safe
def explained(request: HttpRequest, pk: int) -> HttpResponse:
    """An automatic assignment as it was made: every match with its points, rank and reasons."""
    one = the_panel(request, pk)
    wanted = request.GET.get("run", "")
    runs = list(AssignmentRun.objects.filter(panel=one).select_related("panel", "made_by")[:20])
    run = next((each for each in runs if str(each.pk) == wanted), runs[0] if runs else None)
    context = {
        "panel": one,
        "run": run,
        "runs": runs,
        "told": explaining.told(run) if run else [],
        "crumbs": of_panel(one, (_("割当ての説明"), None)),
    }
    return render(request, "reviewing/office/explained.html", context)


@audience(Audience.SECRETARIAT)
@require_safe
def run_file(request: HttpRequest, pk: int, run: int) -> HttpResponse:
    """The problem that was solved, as the document from which anybody gets the same answer (`tsunagu match`)."""
    one = get_object_or_404(AssignmentRun, panel=the_panel(request, pk), pk=run)
    answer = HttpResponse(one.document, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="assignment-{one.pk}.json"'
    return answer


@audience(Audience.SECRETARIAT)
@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: everybody of the panel, what decides that they have it or not, and who competes with them."""
    one = the_case(request, pk)
    asked = request.GET.get("member", "")
    is_now = "now" in request.GET
    run = None if is_now else explaining.last_run(one.panel)
    context: dict[str, object] = {
        "case": one,
        "run": run,
        "is_now": is_now,
        "crumbs": of_panel(
            one.panel, (str(one), reverse("reviewing:case", args=[pk])), (_("割当ての理由"), None)
        ),
    }
    try:
        if run is not None or is_now:
            context["explained"] = explaining.explain(
                case=one, run=run, only=int(asked) if asked.isdecimal() else None
            )
    except NotPossible as refusal:
        context["reasons"] = refusal.reasons
    return render(request, "reviewing/office/why.html", context)


@audience(Audience.SECRETARIAT)
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    """How many cases one reviewer has at least and at most."""
    one = get_object_or_404(PanelMember.objects.select_related("profile__person", "panel"), pk=pk)
    title = _("%(member)s さんの件数") % {"member": one}
    return edit_page(
        request, LimitsForm(request.POST or None, instance=one), title, of_panel(one.panel, (title, None)),
        save=save_record, done=lambda _saved: redirect("reviewing:panel", one.panel_id),
        note=_("審査会の決まり: 最大%(most)d件、最少%(least)d件")
        % {"most": one.panel.most_cases, "least": one.panel.least_cases},
    )  # fmt: skip
