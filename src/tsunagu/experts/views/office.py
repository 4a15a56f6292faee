"""The secretariat: a month at once, who is chosen and who never, the limits."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
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
def month(request: HttpRequest) -> HttpResponse:
    """A month's requests assigned together: looked at first, then offered."""
    wanted = _month(request.POST.get("month", "") or request.GET.get("month", ""))
    if request.method == "POST":
        try:
            made = batching.offer_month(month=wanted, expected=request.POST.get("expected", ""))
            messages.success(request, _("%(n)d件を、双方に示しました。") % {"n": made})
        except (NotAllowed, NothingFits) as refusal:
            messages.error(request, str(refusal))
        return redirect(f"{reverse('dispatch_office:month')}?month={wanted.isoformat()}")
    plan = batching.plan_month(wanted) if request.GET.get("month") else None
    context = {
        "plan": plan,
        "month": wanted,
        "months": coming_months(),
        "crumbs": _crumbs(_("1か月分をまとめて決める")),
    }
    return render(request, "experts/month.html", context)


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
