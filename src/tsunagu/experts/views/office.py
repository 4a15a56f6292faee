"""The secretariat: a month at once, who is chosen and who never, the limits."""

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.engines.dates import fiscal_year
from tsunagu.engines.matching import NothingFits
from tsunagu.experts import selectors
from tsunagu.experts.forms import RulesForm, coming_months
from tsunagu.experts.rules import NotAllowed
from tsunagu.experts.services import batching, keeping
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page
from tsunagu.sharing.audience import Audience, audience


def _crumbs(title: str) -> Crumbs:
    return [
        (_("管理画面"), reverse("office:home")),
        (_("専門家の依頼"), reverse("dispatch:list")),
        (title, None),
    ]


def _month(text: str) -> date:
    """The month asked for; this one without a good one."""
    return date.fromisoformat(text) if text in dict(coming_months()) else timezone.localdate().replace(day=1)


@audience(Audience.SECRETARIAT)
def month(request: HttpRequest) -> HttpResponseBase:
    """A month's requests assigned together: looked at first, then offered."""
    wanted = _month(request.POST.get("month", "") or request.GET.get("month", ""))
    if request.method == "POST":
        try:
            made = batching.offer_month(month=wanted, expected=request.POST.get("expected", ""))
            messages.success(request, _("%(n)d件を、双方に示しました。") % {"n": made})
        except (NotAllowed, NothingFits) as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('dispatch_office:month')}?month={wanted.isoformat()}")
    context = {
        "month": wanted,
        "months": coming_months(),
        "crumbs": _crumbs(_("1か月分をまとめて決める")),
        "marker": MARKER,
    }
    if not request.GET.get("month"):
        return render(request, "experts/month.html", context)
    # Cut in two now, with its messages and its token: what comes later is only what is computed.
    page = render_to_string("experts/month.html", {**context, "computes": True}, request)
    answer = StreamingHttpResponse(_computed(request, wanted, *page.split(MARKER)))
    # Each part is to arrive when it is ready: neither we nor a server before us may hold it back.
    answer.headers["Content-Encoding"] = "identity"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


# Where the page is cut in two: what comes between is sent while it is computed.
MARKER = mark_safe("<!-- here -->")


def _computed(request: HttpRequest, wanted: date, head: str, tail: str) -> Iterator[str]:
    """How far the plan is, and then the plan: a browser shows each part as it comes, without any script."""
    language, parts = get_language() or "ja", batching.planning(wanted)

    def following() -> str | None:
        with override(language):
            part = next(parts, None)
            if part is None:
                return None
            name = "plan" if isinstance(part, batching.Plan) else "progress"
            return render_to_string(f"experts/_month_{name}.html", {"part": part, "month": wanted}, request)

    yield head
    while text := following():
        yield text
    yield tail


@audience(Audience.STAFF)
@require_safe
def spread(request: HttpRequest) -> HttpResponse:
    """Who is always chosen, who never; the capital's share; labs without any dispatch."""
    as_of = asked_day(request)
    found = selectors.spread(fiscal_year(as_of.day), as_of=as_of.day)
    context = {
        "spread": found,
        "rules": selectors.rules(),
        "crumbs": _crumbs(_("派遣のかたより")),
        **as_of_context(request, as_of),
    }
    return render(request, "experts/spread.html", context)


@audience(Audience.SECRETARIAT)
def rules(request: HttpRequest) -> HttpResponse:
    """The limits for everybody."""
    title = _("専門家派遣のきまり")
    known = selectors.rules()
    form = RulesForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.keep_rules(
                form.save(commit=False), seen=form.cleaned_data.get("version") if known.pk else None
            )
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, _crumbs(title))
        messages.success(request, _("保存しました。"))
        return redirect("dispatch_office:rules")
    context = {"form": form, "title": title, "crumbs": _crumbs(title)}
    return render(request, "experts/small_form.html", context, status=422 if form.errors else 200)
