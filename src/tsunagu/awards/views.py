"""Pages of awards: the lab's entries, the secretariat's choice, the public gallery."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.awards import selectors, services
from tsunagu.awards.forms import AwardForm, ChooseForm, EntryForm, JuryForm
from tsunagu.awards.models import Award
from tsunagu.awards.rules import NotAllowed, Phase
from tsunagu.certificates.services.issuing import IssueRefused
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _own_crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [(_("表彰"), reverse("awards:own") if more else None), *more]


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Awards to enter, each with the reports to enter with, and the entries made."""
    viewer = viewer_of(request)
    context = {
        "open": [(one, list(selectors.reports_to_enter(viewer, one))) for one in selectors.open_awards()],
        "entries": selectors.own_entries(viewer),
        "now": timezone.now(),
        "crumbs": _own_crumbs(),
    }
    return render(request, "awards/own.html", context)


@audience(Audience.LAB)
@require_POST
def enter(request: HttpRequest, pk: int, report: int) -> HttpResponse:
    """Enter an award with a report, in one step."""
    viewer = viewer_of(request)
    award = get_object_or_404(selectors.open_awards(), pk=pk)
    found = get_object_or_404(selectors.reports_to_enter(viewer, award), pk=report)
    try:
        entry = services.enter(award=award, report=found)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("awards:own")
    messages.success(
        request, _("応募しました（%(number)s）。締切までは直せます。") % {"number": entry.number}
    )
    return redirect("awards:entry", entry.pk)


@audience(Audience.LAB)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry: to mend until the closing, to read afterwards, with its result once announced."""
    one = get_object_or_404(selectors.own_entries(viewer_of(request)), pk=pk)
    if one.award.phase is Phase.OPEN and one.withdrawn_at is None:
        form = EntryForm(request.POST or None, instance=one)
        title = _("応募の内容（%(number)s）") % {"number": one.number}
        try:
            return edit_page(
                request, form, title, _own_crumbs((title, None)), save=form.store,
                done=lambda saved: redirect("awards:own"),
                note=_("そのままで応募は済んでいます。直したいところだけ直してください。"),
            )  # fmt: skip
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    shown = one.award.phase is Phase.ANNOUNCED
    context = {"entry": one, "shows_result": shown, "crumbs": _own_crumbs((one.number, None))}
    return render(request, "awards/entry.html", context)


@audience(Audience.LAB)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry back."""
    one = get_object_or_404(selectors.own_entries(viewer_of(request)).filter(withdrawn_at=None), pk=pk)
    try:
        services.withdraw(entry=one)
        messages.success(request, _("応募を取り下げました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("awards:own")


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [home_crumb(), (_("表彰"), reverse("awards_office:awards") if more else None), *more]


@audience(Audience.SECRETARIAT)
@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    """Every year's awards."""
    return render(
        request, "awards/list.html", {"awards": selectors.awards(viewer_of(request)), "crumbs": _crumbs()}
    )


def _award_page(request: HttpRequest, one: Award, title: str) -> HttpResponse:
    form = AwardForm(request.POST or None, instance=one)
    try:
        return edit_page(
            request, form, title, _crumbs((title, None)), save=form.store,
            done=lambda saved: redirect("awards_office:award", saved.pk),
        )  # fmt: skip
    except NotAllowed as refusal:
        form.add_error("prizes", str(refusal))
        return form_page(request, form, title, _crumbs((title, None)))


@audience(Audience.SECRETARIAT)
def new_award(request: HttpRequest) -> HttpResponse:
    """Prepare an award."""
    return _award_page(request, Award(), _("表彰を作る"))


@audience(Audience.SECRETARIAT)
def edit_award(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an award."""
    return _award_page(request, get_object_or_404(Award, pk=pk), _("表彰を直す"))


@audience(Audience.SECRETARIAT)
@require_safe
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One award: its entries with the jury's scores, the choice, the announcement."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.awards(viewer), pk=pk)
    entries = selectors.entries(one, viewer)
    context = {
        "award": one,
        "entries": entries,
        "jury": services.jury_of(one),
        "chosen": sum(each.prize_id is not None for each, _case in entries),
        "may_announce": one.phase is Phase.JUDGING,
        "crumbs": _crumbs((str(one), None)),
    }
    return render(request, "awards/award.html", context)


@audience(Audience.SECRETARIAT)
def jury(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the entries before a jury."""
    one = get_object_or_404(selectors.awards(viewer_of(request)), pk=pk)
    title = _("審査会を開く")
    form = JuryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            panel = services.open_jury(
                award=one, opens_at=form.cleaned_data["opens_at"], closes_at=form.cleaned_data["closes_at"]
            )
            return redirect("reviewing:panel", panel.pk)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    return form_page(
        request, form, title, _crumbs((str(one), reverse("awards_office:award", args=[pk])), (title, None)), button=title,
        note=_("応募を審査会にかけます。審査員・採点・討議は、選定の審査と同じ画面です。"),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
def choose(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Choose what an entry wins."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.awards(viewer), pk=pk)
    found = get_object_or_404(one.entries.filter(withdrawn_at=None).select_related("lab__region"), pk=entry)
    title = _("%(entry)sの結果") % {"entry": found}
    crumbs = _crumbs((str(one), reverse("awards_office:award", args=[pk])), (title, None))
    form = ChooseForm(request.POST or None, instance=found)
    try:
        return edit_page(
            request,
            form,
            title,
            crumbs,
            save=form.store,
            done=lambda _saved: redirect("awards_office:award", pk),
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("awards_office:award", pk)


@audience(Audience.SECRETARIAT)
@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce the winners."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.awards(viewer), pk=pk)
    try:
        count = services.announce(award=one, by=viewer)
        messages.success(request, _("%(count)d件の受賞を発表し、表彰状を発行しました。") % {"count": count})
    except (NotAllowed, IssueRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("awards_office:award", pk)


@audience(Audience.PUBLIC)
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Winners of every year."""
    context = {
        "awards": [(one, list(selectors.winners(one))) for one in selectors.announced()],
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("表彰"), None)],
    }
    return render(request, "awards/gallery.html", context)
