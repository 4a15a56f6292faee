"""The register as files."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.as_of import asked_day
from tsunagu.design.downloads import table_file
from tsunagu.portal.lab_list import narrowed
from tsunagu.registry import selectors
from tsunagu.registry.kinds import Category, Scheme
from tsunagu.registry.records import LabRecord
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of


def _headers() -> list[str]:
    return [
        _("ラボ番号"), _("ラボ"), _("地域"), _("地域コード"), _("都道府県"), _("経済産業局"), _("制度"), _("弾"),
        _("選定日"), _("状態"), _("選定時の類型"), _("この日までの選定"), _("時点"),
    ]  # fmt: skip


def _rows(labs: Iterable[LabRecord], day: str) -> Iterable[tuple[Any, ...]]:
    for lab in labs:
        now = lab.current
        selected = now.selected
        when = ""
        if selected and now.selected_label:
            when = selected.earliest.isoformat()
            if selected.earliest != selected.latest:
                when = when[:7]
        yield (
            lab.slug, lab.name, lab.region_name, lab.region_code, lab.prefecture_name, lab.bureau_name,
            str(Scheme(now.scheme).label), str(now.round_number or ""), when, str(now.status.label),
            str(Category(now.category).label) if now.category else "",
            _("確認済み") if lab.is_certain else _("未確認"), day,
        )  # fmt: skip


@audience(Audience.PUBLIC)
@require_safe
@limited(EXPORT)
def labs_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list of labs, narrowed as on the page, as CSV or XLSX."""
    viewer, as_of = viewer_of(request), asked_day(request)
    register = selectors.register(viewer, as_of=as_of.day)
    found, _facets = narrowed(register, selectors.rounds(viewer), request.GET)
    day = as_of.day.isoformat()
    rows = _rows(found, day)
    return table_file(kind, f"labs-{day}", _("ラボ一覧"), _headers(), rows, (10, 24, 16, 10, 12, 20))
