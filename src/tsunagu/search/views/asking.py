"""The search page and the titles proposed while typing."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.engines.textsearch.contract import Hit
from tsunagu.search import selectors
from tsunagu.search.counted import COUNTED
from tsunagu.search.forms import LONGEST_NAME, SaveForm
from tsunagu.search.services.saving import note_missed
from tsunagu.search.subjects.all import SUBJECTS
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import SEARCH, limited
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.PUBLIC)
@require_safe
@limited(SEARCH, only_with=("q",))
def page(request: HttpRequest) -> HttpResponse:
    """One search over everything. The whole state stands in the address."""
    text = request.GET.get("q", "").strip()[:300]
    chosen = {name: request.GET.getlist(name)[:20] for name in COUNTED if request.GET.getlist(name)}
    newest = request.GET.get("sort") == "new"
    number = _page_number(request)
    viewer = viewer_of(request)
    found = selectors.find(viewer, text, chosen=chosen, newest_first=newest, page=number)
    pages = Paginator(range(min(found.total, selectors.LAST_PAGE * selectors.PAGE_SIZE)), selectors.PAGE_SIZE)
    here = pages.get_page(number)
    if here.number < number:
        # Beyond the end: the last page there is.
        found = selectors.find(viewer, text, chosen=chosen, newest_first=newest, page=here.number)
    if text and found.ready and not found.total and not chosen:
        note_missed(text)
    query = urlencode([("q", text), *[(name, value) for name, values in chosen.items() for value in values]])
    context = {
        "q": text,
        "found": found,
        "rows": [(hit, SUBJECTS[hit.kind].label, _address(hit)) for hit in found.hits],
        "chosen": bool(chosen),
        "newest": newest,
        "page": here,
        "page_numbers": list(pages.get_elided_page_range(here.number, on_each_side=2, on_ends=1)),
        "save_form": SaveForm(initial={"name": text[:LONGEST_NAME] or _("すべて"), "query": query}),
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("検索"), None)],
    }
    return render(request, "search/page.html", context)


def _address(hit: Hit) -> str:
    """Where a hit leads, in the language of the page where there is one."""
    language = get_language()
    address: str = hit.payload["url"]
    if language in (None, "ja"):
        return address
    # Addresses are resolved in the language they are written for.
    with override("ja"):
        return translate_url(address, language)


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    # isdecimal also knows other scripts' digits, which int reads as well.
    return min(max(1, int(text[:6])), selectors.LAST_PAGE) if text[:6].isdecimal() else 1


@audience(Audience.PUBLIC)
@require_safe
@limited(SEARCH, only_with=("q",))
def titles(request: HttpRequest) -> HttpResponse:
    """Options for the search box, as far as it has been filled in."""
    found = selectors.titles(viewer_of(request), request.GET.get("q", "")[:60])
    return render(request, "search/_titles.html", {"titles": found})
