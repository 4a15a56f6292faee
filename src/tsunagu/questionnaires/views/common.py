"""What every page about an answer sheet begins with."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.questionnaires import selectors
from tsunagu.questionnaires.selectors import Open
from tsunagu.sharing.middleware import viewer_of


def opened(request: HttpRequest, key: Any) -> Open:
    """The sheet of an address. Raises `Http404` when it does not exist for this person."""
    found = selectors.open_sheet(viewer_of(request), key)
    if found is None:
        raise Http404("no sheet for this person")
    return found


def writable(request: HttpRequest, key: Any) -> Open:
    """The same, for somebody who may write in it now."""
    found = opened(request, key)
    if not found.may_write:
        raise Http404("not for writing")
    return found


def page(found: Open, title: str = "", **more: Any) -> dict[str, Any]:
    """The context of a page about the sheet."""
    tasks = reverse("answers:tasks", args=[found.sheet.key])
    crumbs: list[tuple[str, str | None]] = [(found.matter.title, found.matter.address)]
    crumbs += [(_("記入"), tasks), (title, None)] if title else [(_("記入"), None)]
    return {
        "open": found,
        "sheet": found.sheet,
        "matter": found.matter,
        "title": title,
        "crumbs": crumbs,
        **more,
    }
