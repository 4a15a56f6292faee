"""The secretariat plans editions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.talent.forms import EditionForm
from tsunagu.talent.models import Edition
from tsunagu.talent.rules import NotAllowed, default_purpose
from tsunagu.talent.selectors.editions import coordinated, with_counts
from tsunagu.talent.services.editions import keep_edition


def _crumbs(title: str = "") -> Crumbs:
    own = _("ふるさとCo-LEAD")
    if not title:
        return [home_crumb(), (own, None)]
    return [home_crumb(), (own, reverse("co_lead_office:list")), (title, None)]


@audience(Audience.SECRETARIAT)
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition run here."""
    found = with_counts(coordinated(viewer_of(request)))
    return render(request, "talent/office.html", {"editions": found, "crumbs": _crumbs()})


@audience(Audience.SECRETARIAT)
def new(request: HttpRequest) -> HttpResponse:
    """Plan an edition."""
    return _edit(request, Edition(purpose=default_purpose()), _("回を作る"))


@audience(Audience.SECRETARIAT)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change an edition's plan."""
    one = get_object_or_404(coordinated(viewer_of(request)), key=key)
    return _edit(request, one, str(one))


def _edit(request: HttpRequest, edition: Edition, title: str) -> HttpResponse:
    form = EditionForm(request.POST or None, instance=edition)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_edition(
                form.save(commit=False), coordinators=form.cleaned_data["coordinator_emails"],
                seen=form.cleaned_data.get("version") if edition.pk else None,
            )  # fmt: skip
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, _crumbs(title))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("保存しました。"))
            return redirect("co_lead_desk:board", kept.key)
    context = {"form": form, "title": title, "crumbs": _crumbs(title)}
    return render(request, "talent/small_form.html", context, status=422 if form.errors else 200)
