"""Whom to ask at a lab: the lab's office keeps it up to date itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.history.services import note_read
from tsunagu.registry import selectors, services
from tsunagu.registry.forms import ContactForm
from tsunagu.registry.models import Lab, LabContact
from tsunagu.registry.views.editing import Crumbs, edit_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(lab: Lab, title: str) -> Crumbs:
    return [
        (_("自分のラボ"), reverse("office:own_lab")),
        (_("連絡先"), reverse("office:contacts", args=[lab.slug])),
        (title, None),
    ]


def _done(lab: Lab) -> HttpResponse:
    return redirect("office:contacts", lab.slug)


@audience(Audience.SIGNED_IN)
@require_safe
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """A lab's contacts as far as they are shared with the viewer; who read them is remembered."""
    viewer = viewer_of(request)
    lab = get_object_or_404(Lab.objects.select_related("region__bureau"), slug=slug)
    found = list(selectors.contacts(viewer, lab=lab))
    note_read(*[one for one in found if one.person_shown or one.phone_shown], what="連絡先")  # type: ignore[attr-defined]
    context = {
        "lab": lab,
        "contacts": found,
        "may_edit": selectors.tended_labs(viewer).filter(pk=lab.pk).exists(),
        "crumbs": [(str(lab), reverse("portal:lab", args=[slug])), (_("連絡先"), None)],
    }
    return render(request, "registry/contacts.html", context)


@audience(Audience.LAB)
def new_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a desk or a person."""
    viewer = viewer_of(request)
    lab = get_object_or_404(selectors.tended_labs(viewer), slug=slug)
    title = _("連絡先を加える")
    form = ContactForm(request.POST or None, viewer=viewer, instance=LabContact(lab=lab))
    return edit_page(
        request, form, title, _crumbs(lab, title), save=form.store, done=lambda _saved: _done(lab)
    )


@audience(Audience.LAB)
def edit_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contact, or share it with more or fewer."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.tended_contacts(viewer), pk=pk)
    title = _("連絡先を直す")
    form = ContactForm(request.POST or None, viewer=viewer, instance=one)
    return edit_page(
        request, form, title, _crumbs(one.lab, title), save=form.store, done=lambda _saved: _done(one.lab)
    )


@audience(Audience.LAB)
@require_POST
def remove_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contact away; the history keeps that it was there."""
    one = get_object_or_404(selectors.tended_contacts(viewer_of(request)), pk=pk)
    services.remove_contact(one)
    return _done(one.lab)
