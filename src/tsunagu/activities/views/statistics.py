"""The national tables of the log, as far as each viewer may know, as of any day; and any free question."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.activities import selectors
from tsunagu.activities.forms import QuestionForm
from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.design.downloads import table_file
from tsunagu.design.paging import page_context
from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.registry.models import Bureau, Lab, Policy
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, SEARCH, limited
from tsunagu.sharing.middleware import viewer_of

MEASURES = ("activities", "people", "companies", "labs")


def _value(cell: selectors.Cell | None, measure: str) -> int:
    if cell is None:
        return 0
    found = getattr(cell, measure)
    return len(found) if isinstance(found, set) else found or 0


def _measures() -> list[tuple[str, Any]]:
    return [
        ("activities", _("活動の件数")), ("people", _("参加した人数")), ("companies", _("支援した企業（1社は1回）")), ("labs", _("行ったラボ")),
    ]  # fmt: skip


def _asked(request: HttpRequest) -> tuple[str, str]:
    by = request.GET.get("by", "kind")
    measure = request.GET.get("measure", "activities")
    return by if by in {"kind", "bureau"} else "kind", measure if measure in MEASURES else "activities"


def _table(request: HttpRequest) -> tuple[selectors.Table, str, str]:
    by, measure = _asked(request)
    as_of = asked_day(request)
    table = selectors.national_table(viewer_of(request), as_of=as_of.day, today=timezone.localdate(), by=by)
    return table, by, measure


@audience(Audience.PUBLIC)
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Activities, people, companies or labs, by kind or bureau and fiscal year, with the picture of the last year."""
    as_of = asked_day(request)
    table, by, measure = _table(request)
    rows = [
        (code, label, [_value(cells.get(year), measure) for year in table.years])
        for code, label, cells in table.rows
    ]
    query = f"&as_of={as_of.day.isoformat()}" if as_of.is_past else ""
    bars = [
        Bar(label, (Part("plain", values[-1]),), f"{reverse('statistics:question')}?{by}={code}{query}")
        for code, label, values in rows
    ]
    context = {
        "table": table,
        "rows": rows,
        "whole": [_value(table.whole.get(year), measure) for year in table.years],
        "by": by,
        "measure": measure,
        "measures": _measures(),
        "measure_label": dict(_measures())[measure],
        "chart": bar_chart(bars) if bars else None,
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("活動の統計"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "activities/statistics.html", context)


@audience(Audience.PUBLIC)
@limited(EXPORT)
@require_safe
def statistics_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The table as it is shown."""
    table, _by, measure = _table(request)
    headings = [dict(_measures())[measure], *(_("%(year)d年度") % {"year": year} for year in table.years)]
    rows = [
        [label, *(_value(cells.get(year), measure) for year in table.years)]
        for _code, label, cells in table.rows
    ]
    rows.append([_("計"), *(_value(table.whole.get(year), measure) for year in table.years)])
    return table_file(kind, "activities", _("活動の統計"), headings, rows)


@audience(Audience.PUBLIC)
@limited(SEARCH)
@require_safe
def question(request: HttpRequest) -> HttpResponse:
    """Any question of the log, with its numbers and the activities behind them."""
    as_of, viewer = asked_day(request), viewer_of(request)
    form = QuestionForm(request.GET, bureaus=list(Bureau.objects.all()), policies=list(Policy.objects.all()))
    form.is_valid()
    wanted = form.wanted()
    found = selectors.narrowed(viewer, wanted, as_of=as_of.day)
    context = {
        "form": form,
        "found": found,
        "lab": Lab.objects.filter(slug=wanted["lab"]).first() if "lab" in wanted else None,
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("活動の統計"), reverse("statistics:table")),
            (_("しぼりこむ"), None),
        ],
        **page_context(request, found.rows),
        **as_of_context(request, as_of),
    }
    return render(request, "activities/question.html", context)
