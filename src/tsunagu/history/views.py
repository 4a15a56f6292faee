"""The history as a page, for the secretariat."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.paging import page_context
from tsunagu.history import selectors
from tsunagu.history.heads import current_head, kept_heads
from tsunagu.history.watching import watched_models
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

ACTS_ON_A_PAGE = 30


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@audience(Audience.SECRETARIAT)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Everything that was changed or confidentially read, the newest first."""
    asked = {name: request.GET.get(name, "").strip() for name in ("person", "table", "day")}
    acts = selectors.log(viewer_of(request), **{**asked, "day": _day(asked["day"])})
    shown = page_context(request, acts, ACTS_ON_A_PAGE)
    tables = [(model._meta.db_table, str(model._meta.verbose_name)) for model in watched_models()]
    context = {
        **shown,
        "moments": selectors.moments(list(shown["page"])),
        "asked": asked,
        "tables": sorted(tables, key=lambda one: one[1]),
        "head": current_head(),
        "kept": kept_heads()[-1:],
        "crumbs": [(_("管理画面"), reverse("office:home")), (_("変更の履歴"), None)],
    }
    return render(request, "history/log.html", context)
