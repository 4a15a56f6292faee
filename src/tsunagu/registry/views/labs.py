"""The back office of labs: their facts, designations, members and what happened to them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.paging import page_context
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry import selectors, services
from tsunagu.registry.forms import (
    EVENT_REFUSALS,
    DesignationForm,
    EventForm,
    LabForm,
    MemberEditForm,
    MemberForm,
    NewLabForm,
    ReasonForm,
)
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation, Lab, LocalGovernment, MemberOrg, Region
from tsunagu.registry.rules import EventRefused
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(lab: Lab, title: str = "") -> Crumbs:
    trail: Crumbs = [home_crumb(), (_("ラボの編集"), reverse("office:labs"))]
    if not title:
        return [*trail, (str(lab), None)]
    return [*trail, (str(lab), reverse("office:lab", args=[lab.slug])), (title, None)]


def _saved(request: HttpRequest, lab: Lab) -> HttpResponse:
    messages.success(request, _("保存しました。"))
    return redirect("office:lab", lab.slug)


@audience(Audience.STAFF)
@require_safe
def labs(request: HttpRequest) -> HttpResponse:
    """Labs the viewer may edit."""
    found = selectors.staff_labs(viewer_of(request))
    q = request.GET.get("q", "")
    if fold(q):
        found = found.filter(region__name_folded__contains=fold(q)) | found.filter(name__contains=q.strip())
    context = {"q": q, "crumbs": [home_crumb(), (_("ラボの編集"), None)], **page_context(request, found)}
    return render(request, "registry/labs.html", context)


@audience(Audience.STAFF)
@require_safe
def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one lab, with a way to change each part."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.staff_labs(viewer), slug=slug)
    designations = selectors.lab_history(viewer, one)
    schemes = {designation.scheme: designation for designation in designations}
    dx, iot = schemes.get(Scheme.DX), schemes.get(Scheme.IOT)
    context = {
        "lab": one,
        "designations": designations,
        "events": selectors.lab_events(viewer, one),
        "members": selectors.lab_members(viewer, one),
        "may_tie": bool(dx and iot and dx.succeeds_id is None),
        "crumbs": _crumbs(one),
    }
    return render(request, "registry/lab.html", context)


@audience(Audience.SECRETARIAT)
def new_lab(request: HttpRequest) -> HttpResponse:
    """Register a lab for a region."""
    form = NewLabForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {key: value for key, value in form.cleaned_data.items() if key != "region_code"}
        one = services.register_lab(region=_region(form.cleaned_data["region_code"]), **fields)
        return _saved(request, one)
    crumbs: Crumbs = [home_crumb(), (_("ラボの編集"), reverse("office:labs")), (_("新しいラボ"), None)]
    return form_page(request, form, _("新しいラボを登録する"), crumbs)


def _region(code: str) -> Region:
    government = LocalGovernment.objects.filter(lg_code=code).first()
    return services.region_for(government) if government else Region.objects.get(code=code)


@audience(Audience.STAFF)
def edit_lab(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a lab's own facts."""
    one = get_object_or_404(selectors.staff_labs(viewer_of(request)), slug=slug)
    form = LabForm(request.POST or None, instance=one)
    return edit_page(
        request,
        form,
        _("ラボの情報を直す"),
        _crumbs(one, _("ラボの情報")),
        save=services.save_record,
        done=lambda saved: _saved(request, saved),
    )


@audience(Audience.STAFF)
def new_designation(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a selection to a lab."""
    one = get_object_or_404(selectors.staff_labs(viewer_of(request)), slug=slug)
    return _designation(request, Designation(lab=one), _("選定を加える"))


@audience(Audience.STAFF)
def edit_designation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a selection."""
    known = get_object_or_404(selectors.staff_designations(viewer_of(request)), pk=pk)
    return _designation(request, known, _("選定を直す"))


def _designation(request: HttpRequest, designation: Designation, title: str) -> HttpResponse:
    form = DesignationForm(request.POST or None, instance=designation)
    return edit_page(
        request,
        form,
        title,
        _crumbs(designation.lab, title),
        save=services.save_record,
        done=lambda saved: _saved(request, saved.lab),
        note=_("日付が分からないときは空欄にします。月まで分かるときは 2023-04 のように入れます。"),
    )


@audience(Audience.STAFF)
@require_POST
def tie(request: HttpRequest, slug: str) -> HttpResponse:
    """Record that the lab's DX designation follows its IoT one."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.staff_labs(viewer), slug=slug)
    held = {known.scheme: known for known in selectors.lab_history(viewer, one)}
    try:
        services.move_to_dx(by=viewer, iot=held[Scheme.IOT], dx=held[Scheme.DX])
    except KeyError:
        messages.error(request, EVENT_REFUSALS["successor_unfit"])
    except EventRefused as refused:
        messages.error(request, EVENT_REFUSALS[refused.code])
    else:
        messages.success(request, _("移行を記録しました。"))
    return redirect("office:lab", one.slug)


@audience(Audience.STAFF)
def new_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a designation became dormant, resumed or ended."""
    viewer = viewer_of(request)
    designation = get_object_or_404(selectors.staff_designations(viewer), pk=pk)
    form = EventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_event(by=viewer, designation=designation, **form.cleaned_data)
        except EventRefused as refused:
            form.add_error(None, EVENT_REFUSALS[refused.code])
        else:
            return _saved(request, designation.lab)
    note = _(
        "休止は「いまは活動していない」、終了は「もう再開しない」。「目標達成」は終了の理由として選びます。"
    )
    title = _("できごとを記録する")
    return form_page(request, form, title, _crumbs(designation.lab, title), button=_("記録する"), note=note)


@audience(Audience.STAFF)
def void_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an event recorded by mistake."""
    viewer = viewer_of(request)
    event = get_object_or_404(selectors.staff_events(viewer), pk=pk, voided_at=None)
    form = ReasonForm(request.POST or None)
    one = event.designation.lab
    if request.method == "POST" and form.is_valid():
        services.void_event(by=viewer, event=event, reason=form.cleaned_data["reason"])
        return _saved(request, one)
    title = _("「%(event)s」を取り消す") % {"event": event}
    return form_page(request, form, title, _crumbs(one, title), button=_("取り消す"))


@audience(Audience.STAFF)
def new_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a member organisation."""
    one = get_object_or_404(selectors.staff_labs(viewer_of(request)), slug=slug)
    form = MemberForm(request.POST or None, instance=MemberOrg(lab=one))
    if request.method == "POST" and form.is_valid():
        services.add_member(form.instance)
        return _saved(request, one)
    title = _("構成員を加える")
    return form_page(request, form, title, _crumbs(one, title))


@audience(Audience.STAFF)
def edit_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a member's role or time."""
    member = get_object_or_404(selectors.staff_members(viewer_of(request)), pk=pk)
    form = MemberEditForm(request.POST or None, instance=member)
    title = _("%(name)s の役割と期間") % {"name": member.organisation}
    return edit_page(
        request,
        form,
        title,
        _crumbs(member.lab, title),
        save=services.save_record,
        done=lambda saved: _saved(request, saved.lab),
    )


@audience(Audience.SIGNED_IN)
@require_safe
def own_lab(request: HttpRequest) -> HttpResponse:
    """The labs whose office the viewer belongs to."""
    labs = selectors.staff_labs(viewer_of(request)).prefetch_related("designations")
    context = {"labs": [(one, _is_on_the_way(one)) for one in labs]}
    return render(request, "registry/own_lab.html", context)


def _is_on_the_way(lab: Lab) -> bool:
    """Whether an IoT lab has still to move to the DX scheme."""
    schemes = {one.scheme for one in lab.designations.all()}
    return Scheme.IOT in schemes and Scheme.DX not in schemes
