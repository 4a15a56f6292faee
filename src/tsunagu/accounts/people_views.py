"""People and their roles: who holds what, confirmed each April, ended, handed over; and looking as somebody else."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts import roles, selectors, view_as
from tsunagu.accounts.models import Membership
from tsunagu.accounts.people_forms import InviteForm, SuccessorForm
from tsunagu.accounts.role_rules import Standing, standing
from tsunagu.accounts.tasks import open_tasks
from tsunagu.design.paging import page_context
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer

LABELS = {
    Standing.HELD: gettext_lazy("有効"),
    Standing.TO_CONFIRM: gettext_lazy("今年度の確認がまだ（4月中に）"),
    Standing.RESTING: gettext_lazy("確認がないため停止中"),
    Standing.OVER: gettext_lazy("期間の外"),
}


def _row(viewer: Viewer, membership: Membership) -> dict[str, Any]:
    state = standing(
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
        confirmed_on=membership.confirmed_on,
        today=timezone.localdate(),
    )
    return {
        "membership": membership,
        "state": state.value,
        "label": LABELS[state],
        "may_confirm": state in {Standing.TO_CONFIRM, Standing.RESTING}
        and roles.may_confirm(viewer, membership),
        "may_end": state is not Standing.OVER and roles.may_manage(viewer, membership),
        "may_hand_over": state is not Standing.OVER
        and (membership.person_id == viewer.person_id or roles.may_manage(viewer, membership)),
        "may_view_as": viewer.is_secretariat and membership.person_id != viewer.person_id,
    }


def _membership(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(selectors.memberships(viewer_of(request)), pk=pk)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("people:people" if viewer_of(request).is_staff else "people:own_roles")


@audience(Audience.STAFF)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Roles the viewer looks after, those waiting for confirmation first."""
    viewer = viewer_of(request)
    found = selectors.memberships(viewer).order_by("confirmed_on", "person__name", "pk")
    if q := request.GET.get("q", "").strip():
        found = found.filter(person__name__icontains=q) | found.filter(person__email__icontains=q)
    shown = page_context(request, found)
    context = {
        **shown,
        "q": q,
        "rows": [_row(viewer, one) for one in shown["page"]],
        "crumbs": [(_("管理画面"), reverse("office:home")), (_("人と役割"), None)],
    }
    return render(request, "accounts/people.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def own_roles(request: HttpRequest) -> HttpResponse:
    """One's own roles, and what waits for one."""
    viewer = viewer_of(request)
    own = selectors.memberships(viewer).filter(person_id__in=[viewer.person_id]).order_by("-valid_from", "pk")
    context = {
        "rows": [_row(viewer, one) for one in own],
        "tasks": open_tasks(own[0].person) if own else [],
        "crumbs": [(_("自分の役割"), None)],
    }
    return render(request, "accounts/own_roles.html", context)


@audience(Audience.LAB)
def invite(request: HttpRequest) -> HttpResponse:
    """Give a person a role; they get their sign-in link by mail."""
    viewer = viewer_of(request)
    form = InviteForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            given = roles.give_role(by=viewer, membership=form.membership())
        except roles.NotYours:
            form.add_error("role", _("この役割を渡すことはできません。制度の事務局に頼んでください。"))
        else:
            messages.success(
                request,
                _("%(name)s さんに「%(role)s」の役割を渡しました。")
                % {"name": given.person.name, "role": given.get_role_display()},
            )
            return _back(request)
    context = {"form": form, "title": _("人を招く"), "crumbs": [(_("人を招く"), None)], "button": _("招く")}
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The role still holds this fiscal year."""
    try:
        roles.confirm_role(by=viewer_of(request), membership=_membership(request, pk))
    except roles.NotYours:
        raise Http404 from None
    messages.success(request, _("今年度の役割を確認しました。"))
    return _back(request)


@audience(Audience.SIGNED_IN)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The role counts no longer, from this request on."""
    try:
        roles.end_role(by=viewer_of(request), membership=_membership(request, pk), last_day=roles.yesterday())
    except roles.NotYours:
        raise Http404 from None
    messages.success(request, _("役割を終了しました。"))
    return _back(request)


@audience(Audience.SIGNED_IN)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the role and everything open to a successor."""
    viewer, membership = viewer_of(request), _membership(request, pk)
    if membership.person_id != viewer.person_id and not roles.may_manage(viewer, membership):
        raise Http404
    form = SuccessorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            successor = roles.hand_over(by=viewer, membership=membership, **form.cleaned_data)
        except ValueError:
            form.add_error("email", _("いまの担当者と同じアドレスです。後任のアドレスを入れてください。"))
        else:
            messages.success(request, _("%(name)s さんに引き継ぎました。") % {"name": successor.name})
            return _back(request)
    context = {
        "form": form,
        "membership": membership,
        "tasks": open_tasks(membership.person),
        "crumbs": [(_("自分の役割"), reverse("people:own_roles")), (_("引き継ぐ"), None)],
    }
    return render(request, "accounts/hand_over.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_POST
def begin_view_as(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at pages as the person who holds this role."""
    membership = _membership(request, pk)
    try:
        view_as.begin(by=viewer_of(request), person=membership.person, session=request.session)
    except view_as.ViewAsRefused:
        messages.error(request, _("制度の事務局の人として表示することはできません。"))
        return redirect("people:people")
    return redirect("portal:top")


@audience(Audience.SIGNED_IN)
@require_POST
def end_view_as(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    view_as.end(viewer=viewer_of(request), session=request.session)
    return redirect("accounts:landing")
