"""The back office of the mark: who may use it, what has to come down, terms and files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.certificates import mark_selectors
from tsunagu.certificates.forms import KitForm, ReasonForm, TermsForm, WithdrawForm
from tsunagu.certificates.models import MarkKit, MarkKitFile, MarkTerms, MarkWithdrawal
from tsunagu.certificates.models.marks import Outcome
from tsunagu.certificates.services import links, marks
from tsunagu.certificates.services.marks import MarkRefused
from tsunagu.design.paging import page_context
from tsunagu.files.services import FileNotTaken
from tsunagu.files.serving import serve_file
from tsunagu.registry.views.editing import Crumbs, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(title: str) -> Crumbs:
    return [home_crumb(), (_("ロゴマーク"), reverse("marks:overview")), (title, None)]


@audience(Audience.STAFF)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What has to come down first; then every designation with its right to the mark."""
    viewer, today = viewer_of(request), timezone.localdate()
    late = mark_selectors.takedown(viewer, on=today)
    desks = marks.desks({one.use.designation.lab_id for one in late})
    shown = page_context(request, mark_selectors.staff_designations(viewer))
    context = {
        **shown,
        "late": [(one, bool(desks.get(one.use.designation.lab_id))) for one in late],
        "rows": mark_selectors.lab_marks(list(shown["page"]), on=today),
        "terms": mark_selectors.current_terms(today),
        "kit": mark_selectors.current_kit(),
        "outcomes": dict(Outcome.choices),
        "crumbs": [home_crumb(), (_("ロゴマーク"), None)],
    }
    return render(request, "certificates/marks.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def check_pages(request: HttpRequest) -> HttpResponse:
    """Look at all registered pages now instead of on Monday."""
    number = links.queue_checks()
    messages.success(
        request, _("%(n)s件のページを確かめ始めました。結果は順に表示されます。") % {"n": number}
    )
    return redirect("marks:overview")


@audience(Audience.SECRETARIAT)
@require_POST
def draft_notices(request: HttpRequest) -> HttpResponse:
    """Write drafts of notices to labs whose uses are overdue."""
    number = marks.draft_stop_notices()
    messages.success(
        request,
        _("お願いのメールの下書きは%(n)s通です。「メール」で確かめてから送ってください。") % {"n": number},
    )
    return redirect("marks:overview")


@audience(Audience.SECRETARIAT)
def terms(request: HttpRequest) -> HttpResponse:
    """All versions of the terms, and a new one."""
    form = TermsForm(request.POST or None, initial={"effective_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        marks.publish_terms(by=viewer_of(request), **form.cleaned_data)
        messages.success(request, _("新しい版を登録しました。"))
        return redirect("marks:terms")
    title = _("使用規程")
    context = {"form": form, "title": title, "versions": MarkTerms.objects.all(), "crumbs": _crumbs(title)}
    return render(request, "certificates/terms.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
def kits(request: HttpRequest) -> HttpResponse:
    """All versions of the mark's files, and a new one."""
    form = KitForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            marks.publish_kit(
                changes=form.cleaned_data["changes"],
                uploads=form.cleaned_data["kit_files"],
                by=viewer_of(request),
            )
        except FileNotTaken as refused:
            form.add_error("kit_files", str(refused))
        else:
            messages.success(request, _("新しい版を登録しました。"))
            return redirect("marks:kits")
    title = _("ロゴマークのデータ")
    versions = MarkKit.objects.prefetch_related("files__stored_file")
    context = {"form": form, "title": title, "versions": versions, "crumbs": _crumbs(title)}
    return render(request, "certificates/kits.html", context, status=422 if form.errors else 200)


@audience(Audience.STAFF)
@require_safe
def kit_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of the mark, for staff."""
    return serve_file(get_object_or_404(MarkKitFile.objects.select_related("stored_file"), pk=pk).stored_file)


@audience(Audience.SECRETARIAT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lab's right to the mark before its designation ends."""
    viewer = viewer_of(request)
    designation = get_object_or_404(mark_selectors.staff_designations(viewer), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            marks.withdraw(designation=designation, by=viewer, **form.cleaned_data)
        except MarkRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("使用をやめる日を記録しました。"))
            return redirect("marks:lab", designation.lab.slug)
    title = _("%(lab)s のロゴマークの使用を差し止める") % {"lab": designation.lab}
    return form_page(request, form, title, _crumbs(title), button=_("差し止める"))


@audience(Audience.SECRETARIAT)
def void_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a withdrawal back, with the reason."""
    known = MarkWithdrawal.objects.select_related("designation__lab__region")
    withdrawal = get_object_or_404(known, pk=pk, voided_at=None)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        marks.void_withdrawal(withdrawal=withdrawal, reason=form.cleaned_data["reason"])
        return redirect("marks:lab", withdrawal.designation.lab.slug)
    title = _("差止めを取り消す")
    return form_page(request, form, title, _crumbs(title), button=_("取り消す"))
