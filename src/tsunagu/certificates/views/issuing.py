"""The back office of certificates: wording, issuing a round, reissue after a change of name, taking one back."""

import tempfile
import zipfile
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.certificates import selectors
from tsunagu.certificates.forms import IssueForm, RevokeForm, TemplateForm
from tsunagu.certificates.models import Certificate, IssueRun
from tsunagu.certificates.printing import check_address, file_name, sheet_of
from tsunagu.certificates.services import bulk, issuing
from tsunagu.certificates.services.issuing import IssueRefused
from tsunagu.certificates.wording import template_of
from tsunagu.design.paging import page_context
from tsunagu.engines.rendering.certificate import certificate_pdf
from tsunagu.engines.rendering.typesetting import NotTypeset
from tsunagu.files.serving import serve_file
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation, Round
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.sent_once import runs_every_time

RUN_SCHEMES = (Scheme.DX, Scheme.IOT)
REFRESH_SECONDS = 3


def _crumbs(title: str) -> Crumbs:
    return [home_crumb(), (_("選定証"), reverse("issuing:list")), (title, None)]


@audience(Audience.STAFF)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates issued so far: all for the secretariat, those of its labs for a bureau."""
    viewer = viewer_of(request)
    q = request.GET.get("q", "")
    context = {
        "q": q,
        "rounds": selectors.rounds_to_issue(viewer),
        "runs": selectors.runs(viewer)[:5],
        "renamed": selectors.renamed(viewer).count(),
        "schemes": [(one.value, one.label) for one in RUN_SCHEMES],
        "crumbs": [home_crumb(), (_("選定証"), None)],
        **page_context(request, selectors.certificates(viewer, text=q)),
    }
    return render(request, "certificates/list.html", context)


@audience(Audience.STAFF)
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate as printed, its editions, and what can be done with it."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.certificates(viewer), pk=pk)
    context = {
        "certificate": one,
        "checked": selectors.checked(one, on=timezone.localdate()),
        "editions": selectors.certificates(viewer).filter(number=one.number).order_by("edition"),
        "crumbs": _crumbs(one.number),
    }
    return render(request, "certificates/certificate.html", context)


@audience(Audience.LAB)
@require_safe
def certificate_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF, to staff and to the lab's own office."""
    one = get_object_or_404(selectors.tended_certificates(viewer_of(request)), pk=pk)
    if one.stored_file is None:
        raise Http404("not printed yet")
    return serve_file(one.stored_file)


@audience(Audience.SECRETARIAT)
def wording(request: HttpRequest, scheme: str) -> HttpResponse:
    """Edit the wording of a scheme's certificates, with a preview on a real lab."""
    template = template_of(_scheme(scheme))
    form = TemplateForm(request.POST or None, instance=template)
    title = _("選定証の文面（%(scheme)s）") % {"scheme": Scheme(scheme).label}
    if request.method == "POST":
        by = viewer_of(request)
        return edit_page(
            request,
            form,
            title,
            _crumbs(title),
            save=lambda made, seen: issuing.save_template(made, by=by, seen=seen),
            done=lambda saved: _saved(request, saved.scheme),
        )
    context = {
        "form": form,
        "title": title,
        "scheme": scheme,
        "labs": _preview_labs(scheme),
        "crumbs": _crumbs(title),
    }
    return render(request, "certificates/wording.html", context)


def _scheme(scheme: str) -> str:
    if scheme not in RUN_SCHEMES:
        raise Http404("no such scheme")
    return scheme


def _saved(request: HttpRequest, scheme: str) -> HttpResponse:
    messages.success(request, _("保存しました。これから発行する選定証に使います。"))
    return redirect("issuing:wording", scheme)


def _preview_labs(scheme: str) -> Any:
    found = Designation.objects.filter(scheme=scheme, round__isnull=False).select_related(
        "lab__region", "round"
    )
    return found.order_by("lab__region__code", "pk")


@audience(Audience.SECRETARIAT)
@runs_every_time
def preview(request: HttpRequest, scheme: str) -> HttpResponse:
    """A certificate with the wording on the screen and a real lab, as PDF. Nothing is stored, no number is given."""
    template = template_of(_scheme(scheme))
    form = TemplateForm(request.POST or None, instance=template)
    designation = _preview_labs(scheme).filter(pk=_number(request.POST.get("preview_lab"))).first()
    designation = designation or _preview_labs(scheme).first()
    if designation is None:
        raise Http404("no lab to show")
    if request.method == "POST":
        if not form.is_valid():
            title = _("選定証の文面（%(scheme)s）") % {"scheme": Scheme(scheme).label}
            return form_page(request, form, title, _crumbs(title))
        template = form.save(commit=False)
    one = issuing.worded(designation, template, serial=0)
    one.issued_on = timezone.localdate()
    one.number = _("見本") + " " + one.number
    # A sample leads nowhere.
    one.address = check_address("SAMPLE")
    try:
        data = certificate_pdf(sheet_of(one))
    except NotTypeset:
        messages.error(request, _("1ページに収まりません。文面を短くしてください。"))
        return redirect("issuing:wording", scheme)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="preview.pdf"'
    return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0


@audience(Audience.SECRETARIAT)
def issue_round(request: HttpRequest, pk: int) -> HttpResponse:
    """What issuing a round would print, with its problems; then, when a person says so, the numbers are given."""
    viewer = viewer_of(request)
    its_round = get_object_or_404(Round, pk=pk)
    form = IssueForm(request.POST or None, initial={"issued_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            started = bulk.issue_round(
                its_round=its_round,
                issued_on=form.cleaned_data["issued_on"],
                awarded_on=form.cleaned_data["awarded_on"],
                by=viewer,
            )
        except IssueRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("issuing:run", started.pk)
    rows = bulk.plan(its_round=its_round, issued_on=timezone.localdate())
    context = {
        "form": form,
        "round": its_round,
        "rows": rows,
        "ready": sum(1 for row in rows if row.certificate and not row.stops),
        "is_stopped": any(row.certificate and row.stops for row in rows),
        "crumbs": _crumbs(_("%(round)sの選定証を発行する") % {"round": its_round}),
    }
    return render(request, "certificates/round.html", context, status=422 if form.errors else 200)


def _run(request: HttpRequest, pk: int) -> IssueRun:
    return get_object_or_404(selectors.runs(viewer_of(request)), pk=pk)


@audience(Audience.SECRETARIAT)
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a run is; the page asks again by itself until it is done, also without JavaScript."""
    one = _run(request, pk)
    context = {
        "run": one,
        "progress": selectors.progress(one),
        "is_running": one.finished_at is None and not one.problem,
        "crumbs": _crumbs(str(one.round)),
    }
    response = render(request, "certificates/run.html", context)
    if context["is_running"]:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@audience(Audience.SECRETARIAT)
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a run that stopped."""
    one = _run(request, pk)
    bulk.try_again(run=one)
    return redirect("issuing:run", one.pk)


@audience(Audience.SECRETARIAT)
@limited(EXPORT)
@require_safe
def run_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All certificates of a run in one file."""
    one = _run(request, pk)
    if one.together is None:
        raise Http404("not finished yet")
    return serve_file(one.together)


@audience(Audience.SECRETARIAT)
@limited(EXPORT)
@require_safe
def run_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All certificates of a run, a file each, in one ZIP."""
    one = _run(request, pk)
    if one.finished_at is None:
        raise Http404("not finished yet")
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when sent
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for page in one.certificates.select_related("stored_file").order_by("serial"):
            assert page.stored_file is not None
            with default_storage.open(page.stored_file.place) as stored:
                packed.writestr(file_name(page), stored.read())
    whole.seek(0)
    return FileResponse(whole, as_attachment=True, filename=f"certificates-{one.pk}.zip")


@audience(Audience.SECRETARIAT)
@require_safe
def renamed(request: HttpRequest) -> HttpResponse:
    """Labs whose name today differs from what is printed."""
    title = _("名称が変わったラボ")
    context = {
        "title": title,
        "crumbs": _crumbs(title),
        **page_context(request, selectors.renamed(viewer_of(request))),
    }
    return render(request, "certificates/renamed.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a certificate again under the present name."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.certificates(viewer), pk=pk)
    try:
        new = issuing.reissue(certificate=one, by=viewer)
    except IssueRefused as refused:
        messages.error(request, str(refused))
        return redirect("issuing:certificate", one.pk)
    messages.success(request, _("再交付しました。前の版の確認のページには、再交付されたと表示されます。"))
    return redirect("issuing:certificate", new.pk)


@audience(Audience.SECRETARIAT)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a certificate back, with the reason its page will show."""
    viewer = viewer_of(request)
    one: Certificate = get_object_or_404(selectors.certificates(viewer), pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issuing.revoke(certificate=one, reason=form.cleaned_data["reason"], by=viewer)
        except IssueRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("取り消しました。"))
            return redirect("issuing:certificate", one.pk)
    title = _("%(number)s を取り消す") % {"number": one.number}
    note = _("番号は空きに戻りません。選定そのものは変わりません。")
    return form_page(request, form, title, _crumbs(title), button=_("取り消す"), note=note)
