"""Pages of findings: what contradicts what, and settling it."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.paging import page_context
from tsunagu.findings import selectors, services
from tsunagu.findings.forms import ListForm, ResolveForm
from tsunagu.findings.messages import TITLES, words_for
from tsunagu.findings.models import Finding, FindingState
from tsunagu.registry.importing.sheet import SheetRefused
from tsunagu.registry.views.editing import Crumbs, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


def _crumbs(title: str = "") -> Crumbs:
    trail: Crumbs = [
        home_crumb(),
        (_("指摘"), reverse("findings:list") if title else None),
    ]
    return [*trail, (title, None)] if title else trail


def _others_of(one: Finding) -> str:
    """Where to go on: the findings of the same kind, in the same list."""
    where = {"code": one.code} | ({"list": str(one.examined_list_id)} if one.examined_list_id else {})
    return f"{reverse('findings:list')}?{urlencode(where)}"


@audience(Audience.SECRETARIAT)
@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings by state and kind, of the records or of one examined list."""
    viewer = viewer_of(request)
    state = request.GET.get("state", FindingState.OPEN)
    state = state if state in FindingState.values else FindingState.OPEN
    scope = request.GET.get("list", "")
    examined = selectors.examined_lists(viewer).filter(pk=int(scope)).first() if scope.isdigit() else None
    found = selectors.findings(viewer, examined_list=examined)
    kinds = Counter(found.filter(state=state).values_list("code", flat=True))
    code = request.GET.get("code", "")
    shown = found.filter(state=state, code=code) if code in TITLES else found.filter(state=state)
    paging = page_context(request, shown)
    context = {
        "rows": [(one, words_for(one)) for one in paging["page"]],
        "state": state,
        "states": [(one.value, one.label, found.filter(state=one).count()) for one in FindingState],
        "kinds": [(one, TITLES[one], count) for one, count in sorted(kinds.items())],
        "code": code,
        "scope": examined,
        "crumbs": _crumbs(),
        **paging,
    }
    return render(request, "findings/list.html", context)


@audience(Audience.SECRETARIAT)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Look through the records, and every examined list, once more."""
    still_open = services.find_in_records()
    for examined in selectors.examined_lists(viewer_of(request)):
        services.hold_against_records(examined)
    messages.success(
        request, _("調べ直しました。記録の未解決の指摘は%(count)s件です。") % {"count": still_open}
    )
    return redirect("findings:list")


@audience(Audience.SECRETARIAT)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what contradicts what, and how it was or will be settled."""
    one = get_object_or_404(selectors.findings(viewer_of(request)), pk=pk)
    words = words_for(one)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.resolve_finding(by=viewer_of(request), finding=one, **form.cleaned_data)
        messages.success(request, _("解決として記録しました。"))
        return redirect(_others_of(one))
    context = {
        "finding": one,
        "words": words,
        "links": [(label, reverse(name, args=arguments)) for label, name, arguments in words.links],
        "form": form,
        "crumbs": _crumbs(words.title),
    }
    return render(request, "findings/finding.html", context, status=422 if form.errors else 200)


@audience(Audience.SECRETARIAT)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a settlement back."""
    settled = selectors.findings(viewer_of(request)).filter(state=FindingState.RESOLVED)
    services.reopen_finding(finding=get_object_or_404(settled, pk=pk))
    messages.success(request, _("未解決に戻しました。"))
    return redirect("findings:finding", pk)


@audience(Audience.SECRETARIAT)
def lists(request: HttpRequest) -> HttpResponse:
    """Hold a published list against the records."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            examined = services.examine_list(
                by=viewer_of(request),
                title=form.cleaned_data["title"],
                as_of=form.cleaned_data["as_of"],
                file_name=file.name,
                content=file.read(),
            )
        except SheetRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("突き合わせました。"))
            return redirect(f"{reverse('findings:list')}?list={examined.pk}")
    context = {
        "form": form,
        "lists": selectors.examined_lists(viewer_of(request)),
        "crumbs": _crumbs(_("一覧との突き合わせ")),
    }
    return render(request, "findings/lists.html", context, status=422 if form.errors else 200)
