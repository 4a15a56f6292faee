"""What a lab plans, does and reports, in one place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.activities.selectors import activities, policy_uses
from tsunagu.cases.selectors import public_cases
from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.questionnaires.values import as_number
from tsunagu.registry import selectors
from tsunagu.reporting.selectors import Published, published
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

SHOWN = 10


def _chart(report: Published | None) -> object:
    """The activities of a reported year by kind."""
    rows = report.rows if report else []
    bars = [
        Bar(str(row.get("kind", "")), (Part("plain", int(as_number(row.get("count")) or 0)),)) for row in rows
    ]
    return bar_chart(bars) if bars else None


SHOWN_CASES = 20


@audience(Audience.PUBLIC)
@require_safe
def lab_activities(request: HttpRequest, slug: str) -> HttpResponse:
    """A lab's indicators, accepted reports, policies used and latest activities, as of any day."""
    viewer, as_of = viewer_of(request), asked_day(request)
    one = selectors.lab_by_slug(viewer, slug)
    if one is None:
        raise Http404
    day = as_of.day if as_of.is_past else None
    reports = published(one, as_of=day)
    context = {
        "lab": one,
        "indicators": selectors.lab_indicators(viewer, one),
        "policy_uses": list(policy_uses(viewer, as_of=day).filter(lab=one)),
        "reports": reports,
        "chart": _chart(reports[0] if reports else None),
        "activities": list(activities(viewer, lab=one).filter(started_on__lte=as_of.day)[:SHOWN]),
        "cases": [] if as_of.is_past else list(public_cases().filter(lab=one)[:SHOWN_CASES]),
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("ラボ一覧"), reverse("portal:labs")),
            (one.label, reverse("portal:lab", args=[slug])),
            (_("活動と報告"), None),
        ],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/lab_activities.html", context)
