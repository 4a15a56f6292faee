"""What labs made of policies: a lab's own rows, checking them against evidence, and the national table."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.activities import selectors, services
from tsunagu.activities.forms import UseForm, VerifyForm
from tsunagu.activities.models import FactState, PolicyUse
from tsunagu.activities.views.log import crumbs, tended
from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.design.downloads import table_file
from tsunagu.engines.dates import fiscal_year
from tsunagu.registry.models import Bureau, Policy
from tsunagu.registry.selectors import staff_labs, tended_labs
from tsunagu.registry.views.editing import edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.LAB)
def new_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what a policy was used for in a year."""
    lab, viewer = tended(request, slug), viewer_of(request)
    one = PolicyUse(lab=lab, fiscal_year=fiscal_year(timezone.localdate()), audience="public")
    return _use_page(
        request, one, _("施策の活用を記録する"), UseForm(request.POST or None, instance=one, viewer=viewer)
    )


@audience(Audience.LAB)
def edit_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct it: the earlier numbers stay in the tables of earlier days."""
    viewer = viewer_of(request)
    one = get_object_or_404(selectors.policy_uses(viewer).filter(lab__in=tended_labs(viewer)), pk=pk)
    return _use_page(
        request, one, _("施策の活用を直す"), UseForm(request.POST or None, instance=one, viewer=viewer)
    )


def _use_page(request: HttpRequest, one: PolicyUse, title: str, form: UseForm) -> HttpResponse:
    lab = one.lab

    def store(use: PolicyUse, *, seen: int | None = None) -> PolicyUse:
        del seen
        return services.record_use(
            lab=lab, policy=use.policy, fiscal_year=use.fiscal_year, companies=use.companies, count=use.count,
            amount=use.amount, result=use.result, again=use.again, audience=use.audience, source=_("ラボの記録"),
        )  # fmt: skip

    return edit_page(
        request,
        form,
        title,
        crumbs(lab, title),
        save=store,
        done=lambda _use: redirect("activities:lab", lab.slug),
    )


@audience(Audience.STAFF)
def verify_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark numbers as checked, with what they were checked against."""
    viewer = viewer_of(request)
    one = get_object_or_404(
        selectors.policy_uses(viewer).filter(lab__in=staff_labs(viewer), state=FactState.SELF_REPORTED), pk=pk
    )
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.verify_use(use=one, evidence=form.cleaned_data["evidence"])
        messages.success(request, _("確認済みにしました。"))
        return redirect("activities:policies")
    title = _("%(use)s年度を確かめる") % {"use": one}
    return form_page(
        request, form, title, [home_crumb(), (_("政策活用実績"), reverse("activities:policies")), (title, None)],
        button=_("確認済みにする"),
    )  # fmt: skip


@audience(Audience.STAFF)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Policy × bureau × fiscal year, as recorded at the end of any day; each row opens the labs behind it."""
    viewer, as_of = viewer_of(request), asked_day(request)
    day = as_of.day if as_of.is_past else None
    years, _all = selectors.policy_table(viewer, as_of=day, year=0)
    text = request.GET.get("year", "")
    year = int(text) if text.isdigit() and int(text) in years else (years[-1] if years else None)
    _years, cells = selectors.policy_table(viewer, as_of=day, year=year)
    bureaus = list(Bureau.objects.all())
    rows = []
    for policy in Policy.objects.all():
        line = [cells.get((policy.code, bureau.code, year or 0)) for bureau in bureaus]
        if any(line):
            rows.append(
                (
                    policy,
                    line,
                    [
                        sum(getattr(one, what) for one in line if one)
                        for what in ("labs", "companies", "count", "amount")
                    ],
                )
            )
    context = {
        "rows": rows,
        "bureaus": bureaus,
        "years": years,
        "year": year,
        "uses": selectors.policy_uses(viewer, as_of=day)
        .filter(fiscal_year=year or 0)
        .order_by("policy", "lab")[:500],
        "crumbs": [home_crumb(), (_("政策活用実績"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "activities/policies.html", context)


@audience(Audience.STAFF)
@limited(EXPORT)
@require_safe
def policies_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every use as a table to keep."""
    as_of = asked_day(request)
    found = selectors.policy_uses(viewer_of(request), as_of=as_of.day if as_of.is_past else None)
    headings = [
        "年度",
        "施策",
        "ラボ",
        "経済産業局",
        "企業の数",
        "件数",
        "金額（円）",
        "成果",
        "また使うか",
        "確かめたか",
        "裏づけ",
        "記録した日",
    ]
    rows = (
        (
            one.fiscal_year, one.policy.name, str(one.lab), one.lab.region.bureau.short_name, one.companies, one.count,
            getattr(one, "amount_shown", None), one.result, str(one.get_again_display()), str(one.get_state_display()), one.evidence,
            f"{timezone.localtime(one.recorded_at):%Y-%m-%d}",
        )
        for one in found
    )  # fmt: skip
    return table_file(kind, "policy-uses", _("政策活用実績"), headings, rows)
