"""What everybody may know of reports: how many came, how long they take, and what the labs did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.reporting import selectors
from tsunagu.reporting.views.legend import legend
from tsunagu.sharing.audience import Audience, audience


@audience(Audience.PUBLIC)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reporting rate by bureau and year, and the measured burden."""
    as_of = asked_day(request)
    opened = list(selectors.years().exclude(opened_at=None))
    text = request.GET.get("year", "")
    year = next((one for one in opened if str(one.fiscal_year) == text), opened[0] if opened else None)
    rates = selectors.public_rates(year, as_of=as_of.day if as_of.is_past else None) if year else []
    bars = [
        Bar(one.label, (Part("done", each.in_time), Part("late", each.late), Part("missing", each.missing)))
        for one, each in rates
    ]
    context = {
        "year": year,
        "years": opened,
        "rates": rates,
        "chart": bar_chart(bars) if bars else None,
        "legend": legend(),
        "burdens": selectors.burdens(),
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("活動報告"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "reporting/public.html", context)
