"""Pages of figures: published beside computed, with the records behind every number."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.as_of import as_of_context, asked_day
from tsunagu.engines.picture.bars import Bar, BarChart, Part, bar_chart
from tsunagu.figures.rules import Counted, Verdict
from tsunagu.figures.selectors import figure_by_code, figures
from tsunagu.registry import selectors
from tsunagu.registry.kinds import Category, Scheme
from tsunagu.registry.records import LabRecord
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of

PAGES = {
    "lab": "portal:lab",
    "round": "portal:round",
    "about": "portal:about",
    "survey": "survey_results:wave",
}


def _verdict_labels() -> dict[Verdict, str]:
    return {
        Verdict.AGREE: _("一致"),
        Verdict.DIFFER: _("不一致"),
        Verdict.UNKNOWN: _("まだ計算できない"),
    }


@audience(Audience.PUBLIC)
@require_safe
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every published figure with what the records say."""
    as_of = asked_day(request)
    rows = figures(viewer_of(request), as_of=as_of.day if as_of.is_past else None)
    labels = _verdict_labels()
    verdicts = Counter(row.verdict for row in rows)
    context = {
        "rows": [(row, labels[row.verdict]) for row in rows],
        "counts": [(verdict.value, label, verdicts[verdict]) for verdict, label in labels.items()],
        "crumbs": [(_("トップ"), reverse("portal:top")), (_("数値と根拠"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "figures/list.html", context)


def _linked(counted: Counted) -> dict[str, str]:
    page = PAGES.get(counted.kind, "")
    href = reverse(page, args=[counted.key] if counted.key else []) if page else ""
    return {"label": counted.label, "note": counted.note, "href": href}


@audience(Audience.PUBLIC)
@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: what it counts, and every record that was, or may be, counted."""
    as_of = asked_day(request)
    row = figure_by_code(viewer_of(request), code, as_of=as_of.day if as_of.is_past else None)
    if row is None:
        raise Http404
    numerator, denominator = row.computed.numerator, row.computed.denominator
    context = {
        "row": row,
        "verdict_label": _verdict_labels()[row.verdict],
        "certain": [_linked(one) for one in numerator.certain] if numerator else [],
        "possible": [_linked(one) for one in numerator.possible] if numerator else [],
        "denominator": denominator,
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("数値と根拠"), reverse("figures:list")),
            (code, None),
        ],
        **as_of_context(request, as_of),
        "as_of": row.as_of,
        "as_of_is_past": as_of.is_past,
    }
    return render(request, "figures/figure.html", context)


def _by_scheme(label: str, labs: list[LabRecord], href: str) -> Bar:
    counts = Counter(lab.current.scheme for lab in labs)
    return Bar(label, tuple(Part(scheme.value, counts[scheme.value]) for scheme in Scheme), href)


def _with_table(chart: BarChart, bars: list[Bar]) -> dict[str, Any]:
    return {"chart": chart, "rows": [(bar, [part.value for part in bar.parts]) for bar in bars]}


@audience(Audience.PUBLIC)
@require_safe
def charts(request: HttpRequest) -> HttpResponse:
    """The register as pictures: by bureau, by round, by category; each with its table."""
    viewer, as_of = viewer_of(request), asked_day(request)
    labs = selectors.register(viewer, as_of=as_of.day).certain
    query = f"&as_of={as_of.day.isoformat()}" if as_of.is_past else ""
    listing = reverse("portal:labs")
    bureaus = [
        _by_scheme(
            one.label,
            [lab for lab in labs if lab.bureau_code == one.code],
            f"{listing}?bureau={one.code}{query}",
        )
        for one in selectors.bureaus(viewer)
    ]
    in_round = Counter(one.round_id for lab in labs for one in lab.designations)
    rounds = [
        Bar(str(one), (Part(one.scheme, in_round[one.pk]),), reverse("portal:round", args=[one.key]))
        for one in selectors.rounds(viewer)
    ]
    in_category = Counter(
        lab.current.category or "unknown" for lab in labs if lab.current.scheme == Scheme.DX
    )
    categories = [
        Bar(label, (Part("plain", in_category[value]),), f"{listing}?scheme=dx&category={value}{query}")
        for value, label in [*((one.value, str(one.label)) for one in Category), ("unknown", _("未確認"))]
    ]
    context = {
        "bureaus": _with_table(bar_chart(bureaus), bureaus),
        "rounds": _with_table(bar_chart(rounds), rounds),
        "categories": _with_table(bar_chart(categories), categories),
        "legend": [(one.value, one.label) for one in Scheme],
        "scheme_labels": [one.label for one in Scheme],
        "crumbs": [
            (_("トップ"), reverse("portal:top")),
            (_("数値と根拠"), reverse("figures:list")),
            (_("図で見る"), None),
        ],
        **as_of_context(request, as_of),
    }
    return render(request, "figures/charts.html", context)
