"""The register: top page, list, a lab, bureaus, rounds."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.as_of import AsOf, as_of_context, asked_day
from tsunagu.design.paging import page_context
from tsunagu.portal.lab_list import narrowed
from tsunagu.portal.pictures import by_scheme, lab_map, lab_timeline
from tsunagu.registry import selectors
from tsunagu.registry.kinds import Scheme, Status
from tsunagu.registry.models import Bureau, Lab
from tsunagu.registry.records import LabRecord
from tsunagu.reporting.selectors import latest_summary
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import SEARCH, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.transition.selectors import support_end

LEGEND = [(one.value, one.label) for one in Scheme]


def _top() -> tuple[str, str]:
    return (_("トップ"), reverse("portal:top"))


def _bureau_rows(bureaus: Sequence[Bureau], labs: Sequence[LabRecord]) -> list[dict[str, Any]]:
    rows = []
    for one in bureaus:
        mine = [lab for lab in labs if lab.bureau_code == one.code]
        rows.append({"bureau": one, "total": len(mine), **by_scheme(mine)})
    return rows


def _day(as_of: AsOf) -> Any:
    return as_of.day if as_of.is_past else None


@audience(Audience.PUBLIC)
@require_safe
def top(request: HttpRequest) -> HttpResponse:
    """The programme at a glance: how many labs, where, what to do next."""
    viewer, as_of = viewer_of(request), asked_day(request)
    register = selectors.register(viewer, as_of=as_of.day)
    context = {
        "counts": by_scheme(register.certain),
        "total": len(register.certain),
        "uncertain": len(register.labs) - len(register.certain),
        "map": lab_map(register.labs, as_of=_day(as_of)),
        "bureaus": _bureau_rows(selectors.bureaus(viewer), register.certain),
        "legend": LEGEND,
        **as_of_context(request, as_of),
    }
    return render(request, "portal/top.html", context)


@audience(Audience.PUBLIC)
@require_safe
@limited(SEARCH, only_with=("q",))
def labs(request: HttpRequest) -> HttpResponse:
    """All labs, narrowed by what the address says."""
    viewer, as_of = viewer_of(request), asked_day(request)
    register = selectors.register(viewer, as_of=as_of.day)
    found, facets = narrowed(register, selectors.rounds(viewer), request.GET)
    context = {
        "facets": facets,
        "found": len(found),
        "certain": sum(1 for lab in found if lab.is_certain),
        "q": request.GET.get("q", ""),
        "crumbs": [_top(), (_("ラボ一覧"), None)],
        **page_context(request, found),
        **as_of_context(request, as_of),
    }
    return render(request, "portal/labs.html", context)


@audience(Audience.PUBLIC)
@require_safe
def lab(request: HttpRequest, slug: str) -> HttpResponse:
    """One lab: its designations on one timeline, members, what happened and why. Ended labs stay."""
    viewer, as_of = viewer_of(request), asked_day(request)
    dossier = selectors.dossier(viewer, slug)
    if dossier is None:
        raise Http404
    one, record = dossier.lab, dossier.record.on(as_of.day)
    designations = {designation.pk: designation for designation in dossier.designations}
    current = record.current if record.designations else None
    context = {
        "lab": one,
        "record": record,
        "current": current,
        "is_ended": bool(current and current.status is Status.ENDED),
        "history": [(known, designations[known.pk]) for known in record.designations],
        "events": [event for event in dossier.events if event.occurred_on.earliest <= as_of.day],
        "members": [member for member in dossier.members if member.may_belong_on(as_of.day)],
        "contacts": list(selectors.contacts(viewer, lab=one)),
        **_report_or_end(one, current, as_of),
        "timeline": lab_timeline(record, as_of.day) if record.designations else None,
        "crumbs": [_top(), (_("ラボ一覧"), reverse("portal:labs")), (one.label, None)],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/lab.html", context)


def _report_or_end(lab: Lab, current: Any, as_of: AsOf) -> dict[str, Any]:
    """A DX lab's last report in short; of an IoT lab still selected, when its support ends."""
    if current is None or current.scheme != Scheme.IOT:
        return {"report": latest_summary(lab, as_of=as_of.day if as_of.is_past else None)}
    end = support_end()
    left = (end.ends_on - timezone.localdate()).days if end else 0
    return (
        {"support_end": end, "days_left": left}
        if end and left > 0 and current.status is Status.SELECTED
        else {}
    )


@audience(Audience.PUBLIC)
@require_safe
def bureaus(request: HttpRequest) -> HttpResponse:
    """The nine bureaus with their labs by scheme."""
    viewer, as_of = viewer_of(request), asked_day(request)
    register = selectors.register(viewer, as_of=as_of.day)
    context = {
        "rows": _bureau_rows(selectors.bureaus(viewer), register.certain),
        "counts": by_scheme(register.certain),
        "total": len(register.certain),
        "crumbs": [_top(), (_("経済産業局"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/bureaus.html", context)


@audience(Audience.PUBLIC)
@require_safe
def bureau(request: HttpRequest, code: str) -> HttpResponse:
    """One bureau: its labs on the map and in a table."""
    viewer, as_of = viewer_of(request), asked_day(request)
    one = next((known for known in selectors.bureaus(viewer) if known.code == code), None)
    if one is None:
        raise Http404
    mine = [lab for lab in selectors.register(viewer, as_of=as_of.day).labs if lab.bureau_code == code]
    context = {
        "bureau": one,
        "labs": mine,
        "certain": sum(1 for known in mine if known.is_certain),
        "counts": by_scheme(mine),
        "map": lab_map(mine, as_of=_day(as_of), zoom=True) if mine else None,
        "legend": LEGEND,
        "crumbs": [_top(), (_("経済産業局"), reverse("portal:bureaus")), (one.label, None)],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/bureau.html", context)


@audience(Audience.PUBLIC)
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds of both schemes: dates, published size, what the records hold."""
    viewer, as_of = viewer_of(request), asked_day(request)
    register = selectors.register(viewer, as_of=as_of.day)
    recorded: dict[int | None, int] = {}
    for lab in register.labs:
        for one in lab.designations:
            recorded[one.round_id] = recorded.get(one.round_id, 0) + 1
    context = {
        "rows": [{"round": one, "recorded": recorded.get(one.pk, 0)} for one in selectors.rounds(viewer)],
        "crumbs": [_top(), (_("選定の弾"), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/rounds.html", context)


@audience(Audience.PUBLIC)
@require_safe
def round_page(request: HttpRequest, key: str) -> HttpResponse:
    """One round: every lab selected in it and where it stands."""
    viewer, as_of = viewer_of(request), asked_day(request)
    one = selectors.round_by_key(viewer, key)
    if one is None:
        raise Http404
    register = selectors.register(viewer, as_of=as_of.day)
    rows = [
        {"lab": lab, "designation": known}
        for lab in register.labs
        for known in lab.designations
        if known.round_id == one.pk
    ]
    context = {
        "round": one,
        "rows": rows,
        "crumbs": [_top(), (_("選定の弾"), reverse("portal:rounds")), (str(one), None)],
        **as_of_context(request, as_of),
    }
    return render(request, "portal/round.html", context)
