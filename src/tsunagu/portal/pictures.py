"""Maps, charts and timelines of the portal, from the register to geometry."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.engines.picture.japan import JapanMap, Point, Shape, japan_map, level_of
from tsunagu.engines.picture.projection import on_map
from tsunagu.engines.picture.timeline import Mark, Period, Timeline, timeline
from tsunagu.registry.kinds import EventKind, RegionKind, Scheme, Status
from tsunagu.registry.records import LabRecord

SCHEME_START = date(2016, 6, 1)


@cache
def outlines() -> dict[str, Any]:
    """The prefectures' outlines the product ships."""
    return json.loads((settings.DATA_DIR / "map" / "japan.json").read_text())


def _query(as_of: date | None) -> str:
    return f"&as_of={as_of.isoformat()}" if as_of else ""


def lab_map(labs: Sequence[LabRecord], *, as_of: date | None = None, zoom: bool = False) -> JapanMap:
    """Labs on the map: prefectures shaded by how many labs lie in them, towns and cities as points.

    On the whole map the points carry no links (they lie too close); the shaded prefectures and the table do.
    """
    paths = outlines()["prefectures"]
    counts = Counter(lab.prefecture_code for lab in labs)
    names = {lab.prefecture_code: lab.prefecture_name for lab in labs}
    most = max(counts.values(), default=1)
    shapes = {
        code: Shape(
            code,
            paths[code],
            level_of(count, most),
            _("%(prefecture)s: %(count)s件") % {"prefecture": names[code], "count": count},
            f"{reverse('portal:labs')}?prefecture={code}{_query(as_of)}",
        )
        for code, count in sorted(counts.items())
    }
    points = [
        _point(lab, linked=zoom)
        for lab in labs
        if lab.lat is not None and lab.region_kind != RegionKind.PREFECTURE
    ]
    return japan_map(paths, outlines()["view_box"], shapes, points, zoom_to=sorted(counts) if zoom else ())


def _point(lab: LabRecord, *, linked: bool) -> Point:
    x, y = on_map(lab.prefecture_code, lab.lat or 0.0, lab.lon or 0.0)
    href = reverse("portal:lab", args=[lab.slug]) if linked else ""
    return Point(x, y, lab.name, href, lab.current.scheme)


def lab_timeline(lab: LabRecord, today: date) -> Timeline:
    """The lab's designations and what happened to them, up to today."""
    periods, marks = [], []
    for row, one in enumerate(lab.designations):
        if one.selected is None:
            continue
        ending = next((e for e in reversed(one.events) if e.kind in {EventKind.ENDED, EventKind.MOVED}), None)
        known = one.selected_label != ""
        start = one.selected.latest
        periods.append(
            Period(
                label=str(Scheme(one.scheme).label),
                kind=one.scheme,
                start=min(start, today),
                end=min(ending.when.latest, today)
                if ending and one.status in {Status.ENDED, Status.MOVED}
                else today,
                earliest=one.selected.earliest if not known or one.selected.earliest != start else None,
            )
        )
        marks += [
            Mark(row, event.when.latest, str(EventKind(event.kind).label), event.kind)
            for event in one.events
            if event.when.latest <= today
        ]
    return timeline(periods, marks, SCHEME_START, today)


def by_scheme(labs: Iterable[LabRecord]) -> dict[str, int]:
    """How many labs currently stand under each scheme."""
    counts = Counter(lab.current.scheme for lab in labs)
    return {scheme.value: counts[scheme.value] for scheme in Scheme}
