"""The secretariat's page of the search: its state, synonyms, what nobody found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.outbox.jobs import put_job
from tsunagu.registry.views.editing import edit_page, home_crumb
from tsunagu.search import selectors
from tsunagu.search.forms import SynonymForm
from tsunagu.search.models import SynonymGroup
from tsunagu.search.services import synonyms
from tsunagu.sharing.audience import Audience, audience


@audience(Audience.SECRETARIAT)
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """How far the index is behind, the table of synonyms, and what people looked for in vain."""
    context = {
        "lag": selectors.lag(now=timezone.now()),
        "groups": selectors.synonym_groups(),
        "missed": selectors.missed(),
        "crumbs": [home_crumb(), (_("検索の世話"), None)],
    }
    return render(request, "search/office.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def rebuild(request: HttpRequest) -> HttpResponse:
    """Ask the worker to make the index anew."""
    put_job(task="search.rebuild")
    messages.success(request, _("索引の作り直しを頼みました。終わるまでは、いまの索引で探せます。"))
    return redirect("search_office:state")


@audience(Audience.SECRETARIAT)
def synonym_add(request: HttpRequest) -> HttpResponse:
    """Another group."""
    return _group_page(request, SynonymGroup(), _("同義語を加える"))


@audience(Audience.SECRETARIAT)
def synonym_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a group."""
    return _group_page(request, get_object_or_404(SynonymGroup, pk=pk), _("同義語を直す"))


def _group_page(request: HttpRequest, group: SynonymGroup, title: str) -> HttpResponse:
    return edit_page(
        request,
        SynonymForm(request.POST or None, instance=group),
        title,
        [home_crumb(), (_("検索の世話"), reverse("search_office:state")), (title, None)],
        save=synonyms.keep_group,
        done=lambda _group: redirect("search_office:state"),
    )


@audience(Audience.SECRETARIAT)
@require_POST
def synonym_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a group."""
    synonyms.remove_group(group=get_object_or_404(SynonymGroup, pk=pk))
    messages.success(request, _("同義語を消しました。"))
    return redirect("search_office:state")
