"""The back office: editions and their rules, every recommendation of an edition, results, filings still due."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.design.downloads import table_file
from tsunagu.recommending import selectors
from tsunagu.recommending.forms import EditionForm, ResultForm
from tsunagu.recommending.models import Edition, Recommendation
from tsunagu.recommending.rules import NotAllowed, Route, Step
from tsunagu.recommending.services import slips
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of

HEADINGS = (
    "回", "ラボ", "経済産業局", "会社", "法人番号", "推薦のしかた", "DX認定", "状態", "推薦した日", "DX認定の申請の期限",
    "申請した日", "期限を過ぎた", "結果の日", "出典",
)  # fmt: skip


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    here = reverse("recommending_office:board") if more else None
    return [home_crumb(), (_("DXセレクションへの推薦"), here), *more]


def _edition(request: HttpRequest) -> Edition | None:
    found = selectors.editions(viewer_of(request))
    asked = request.GET.get("edition", "")
    if asked.isdecimal() and len(asked) == 4:
        return get_object_or_404(found, year=int(asked))
    return found.first()


def _rows(request: HttpRequest, edition: Edition | None) -> list[Recommendation]:
    if edition is None:
        return []
    wanted = request.GET.get("state", "")
    return selectors.board(
        viewer_of(request), edition, late="late" in request.GET, state=wanted if wanted in Step.values else ""
    )


@audience(Audience.STAFF)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """An edition's rules, its recommendations, and the filings still due in all editions."""
    viewer, today = viewer_of(request), timezone.localdate()
    edition = _edition(request)
    everything = selectors.board(viewer, edition) if edition else []
    counts = Counter(one.state for one in everything)
    context = {
        "edition": edition,
        "rules": _shown(edition) if edition else [],
        "editions": selectors.editions(viewer),
        "rows": [(one, one.duty, one.is_duty_late(today)) for one in _rows(request, edition)],
        "counts": [(one, counts[one.value]) for one in Step if counts[one.value]],
        "duties": [(one, one.is_duty_late(today)) for one in selectors.open_duties(viewer)],
        "late": "late" in request.GET,
        "state": request.GET.get("state", ""),
        "crumbs": _crumbs(),
    }
    return render(request, "recommending/board.html", context)


def _shown(edition: Edition) -> list[tuple[str, str]]:
    """The rules as people read them; 未確認 where no page found says it."""

    def truth(value: bool | None) -> str:
        return {True: _("はい"), False: _("いいえ"), None: ""}[value]

    def routes(values: list[str] | None) -> str:
        return "・".join(str(Route(one).label) for one in values or [])

    rows = [
        ("opens_on", edition.opens_on.isoformat() if edition.opens_on else ""),
        ("closes_on", edition.closes_on.isoformat() if edition.closes_on else ""),
        ("lab_scheme", edition.get_lab_scheme_display()),
        ("routes_with", routes(edition.routes_with)),
        ("routes_without", routes(edition.routes_without)),
        ("pledge_needed", truth(edition.pledge_needed)),
        ("filing_deadline", edition.filing_deadline.isoformat() if edition.filing_deadline else ""),
        ("capital_below", f"{edition.capital_below:,}" if edition.capital_below is not None else ""),
        ("staff_at_most", f"{edition.staff_at_most:,}" if edition.staff_at_most is not None else ""),
        ("past_winners_excluded", truth(edition.past_winners_excluded)),
    ]
    return [(str(Edition._meta.get_field(name).verbose_name), value) for name, value in rows]  # type: ignore[union-attr]


@audience(Audience.STAFF)
@limited(EXPORT)
@require_safe
def board_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a table to keep."""
    today = timezone.localdate()
    edition = _edition(request)
    rows = (
        (
            str(one.edition), str(one.company.lab), one.company.lab.region.bureau.short_name, str(one.company),
            one.company.organisation.corporate_number, one.get_route_display(), one.company.get_nintei_display(),
            one.get_state_display(), f"{timezone.localtime(one.sent_at):%Y-%m-%d}" if one.sent_at else "",
            str(one.duty.due_on) if one.duty else "", str(one.filed_on or ""), _("はい") if one.is_duty_late(today) else "",
            str(one.result_on or ""), one.result_source,
        )
        for one in _rows(request, edition)
    )  # fmt: skip
    name = f"recommendations-{edition.year}" if edition else "recommendations"
    return table_file(kind, name, _("推薦"), HEADINGS, rows)


@audience(Audience.SECRETARIAT)
def new_edition(request: HttpRequest) -> HttpResponse:
    """Prepare the rules of a new edition."""
    return _edition_page(request, Edition(), _("回を作る"))


@audience(Audience.SECRETARIAT)
def edit_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or complete an edition's rules."""
    return _edition_page(request, get_object_or_404(Edition, pk=pk), _("回のきまりを直す"))


def _edition_page(request: HttpRequest, one: Edition, title: str) -> HttpResponse:
    note = _(
        "公開された資料で確かめたことだけを入れ、分からない欄は空けてください。空欄は「未確認」と示されます。"
    )
    return edit_page(
        request, EditionForm(request.POST or None, instance=one), title, _crumbs((title, None)),
        save=slips.save_edition, note=note,
        done=lambda saved: redirect(f"{reverse('recommending_office:board')}?edition={saved.year}"),
    )  # fmt: skip


@audience(Audience.SECRETARIAT)
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the organisers' result."""
    one = get_object_or_404(selectors.recommendations(viewer_of(request)), pk=pk)
    form = ResultForm(request.POST or None)
    title = _("結果を記録する")
    if request.method == "POST" and form.is_valid():
        try:
            slips.record_result(recommendation=one, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("記録しました。"))
            return redirect(f"{reverse('recommending_office:board')}?edition={one.edition.year}")
    return form_page(request, form, f"{title}: {one}", _crumbs((title, None)))
