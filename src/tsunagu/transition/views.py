"""The board of the move, a lab's own page, and the end of the IoT scheme's support."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.design.as_of import asked_day
from tsunagu.design.downloads import table_file
from tsunagu.registry.models import Bureau, Lab
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page, home_crumb
from tsunagu.selection.models import Application
from tsunagu.selection.rules import FINISHED, NotAllowed, standing
from tsunagu.selection.selectors import own_applications, public_calls
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.transition import selectors, services
from tsunagu.transition.forms import (
    ConsultationForm,
    EntryForm,
    OwnEntryForm,
    PointsForm,
    SupportEndForm,
    WantedForm,
)
from tsunagu.transition.models import Consultation, Entry, SupportEnd

HEADINGS = ("ラボ", "経済産業局", "状況", "理由", "聞いたこと", "次にすること", "担当", "期日", "記録した日")


def _crumbs(*more: tuple[str, str | None]) -> Crumbs:
    return [home_crumb(), (_("移行"), reverse("transition:board") if more else None), *more]


def _filters(request: HttpRequest) -> dict[str, Any]:
    return {
        "bureau": request.GET.get("bureau", ""), "state": request.GET.get("state", ""), "reason": request.GET.get("reason", ""),
        "overdue": "overdue" in request.GET, "mine": "mine" in request.GET,
    }  # fmt: skip


def _rows(request: HttpRequest, **filters: Any) -> list[selectors.Row]:
    day = asked_day(request)
    return selectors.board(viewer_of(request), as_of=day.day if "as_of" in request.GET else None, **filters)


@audience(Audience.STAFF)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Every IoT lab that has not moved: where it stands, why, what is next and who holds it."""
    wanted = _filters(request)
    state, reason = wanted["state"], wanted["reason"]
    # A count says what its link would show, so it does not follow the filter that the link replaces.
    wide = _rows(request, **wanted | {"state": "", "reason": ""})
    rows = selectors.narrowed(wide, state=state, reason=reason)
    end = selectors.support_end()
    context = {
        "rows": rows,
        "columns": [
            (one, [row for row in rows if row.state == one]) for one, _count in selectors.counts(rows)
        ],
        "as_columns": request.GET.get("view") == "columns",
        "counts": selectors.counts(selectors.narrowed(wide, reason=reason)),
        "reasons": selectors.reason_counts(selectors.narrowed(wide, state=state)),
        "wanted": wanted,
        "as_of": request.GET.get("as_of", ""),
        "bureaus": Bureau.objects.all() if viewer_of(request).is_secretariat else [],
        "support_end": end,
        "days_left": (end.ends_on - timezone.localdate()).days if end else None,
        "crumbs": _crumbs(),
    }
    return render(request, "transition/board.html", context)


@audience(Audience.STAFF)
@limited(EXPORT)
@require_safe
def board_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same as a table to keep."""
    rows = (
        (
            str(one.lab), one.lab.region.bureau.short_name, one.state_words,
            "、".join(str(each) for each in one.entry.reasons.all()) if one.entry else "", one.entry.text if one.entry else "",
            one.entry.next_action if one.entry else "", str(one.entry.owner or "") if one.entry else "",
            str(one.entry.due_on or "") if one.entry else "", f"{timezone.localtime(one.entry.noted_at):%Y-%m-%d}" if one.entry else "",
        )
        for one in _rows(request, **_filters(request))
    )  # fmt: skip
    return table_file(kind, "transition", _("移行"), HEADINGS, rows)


def _staffs(request: HttpRequest, slug: str) -> Lab:
    return get_object_or_404(selectors.labs_on_the_way(viewer_of(request)), slug=slug)


def _own(request: HttpRequest, slug: str) -> Lab:
    found = selectors.own_lab(viewer_of(request), slug)
    if found is None:
        raise Http404("not theirs")
    return found


@audience(Audience.STAFF)
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Note where a lab stands."""
    lab = _staffs(request, slug)
    latest = selectors.entries(lab).first()
    initial = (
        {
            "state": latest.state,
            "owner": latest.owner_id,
            "next_action": latest.next_action,
            "due_on": latest.due_on,
        }
        if latest
        else {}
    )
    form = EntryForm(request.POST or None, instance=Entry(lab=lab), initial=initial)
    title = _("移行の状況を記録する: %(lab)s") % {"lab": lab}
    if request.method == "POST" and form.is_valid():
        services.note_entry(
            entry=form.save(commit=False), reasons=list(form.cleaned_data["reasons"]), by=viewer_of(request)
        )
        messages.success(request, _("記録しました。"))
        return redirect("transition:own", slug)
    return form_page(
        request, form, title, _crumbs((str(lab), reverse("transition:own", args=[slug])), (_("記録"), None))
    )


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest, slug: str) -> HttpResponse:
    """A lab's way: where it stands, the process, its plan against the six criteria, consultations, the application."""
    lab = _own(request, slug)
    viewer = viewer_of(request)
    end = selectors.support_end()
    context = {
        "lab": lab,
        "entries": selectors.entries(lab),
        "map": selectors.plan_map(lab, viewer),
        "consultations": selectors.consultations(lab, viewer),
        "calls": [one for one in public_calls() if one.is_open()],
        "applications": [
            (one, standing(one.state, one.decided_from).words)
            for one in own_applications(viewer).filter(lab=lab)
        ],
        "support_end": end,
        "days_left": (end.ends_on - timezone.localdate()).days if end else None,
        "is_office": lab.pk in viewer.office_lab_ids,
        "crumbs": _crumbs((str(lab), None))
        if viewer.is_staff
        else [(_("自分のラボ"), reverse("office:own_lab")), (_("移行"), None)],
    }
    return render(request, "transition/own.html", context)


def _trail(request: HttpRequest, lab: Lab, title: str) -> Crumbs:
    return [(str(lab), reverse("transition:own", args=[lab.slug])), (title, None)]


@audience(Audience.LAB)
def say(request: HttpRequest, slug: str) -> HttpResponse:
    """The lab says itself where it stands."""
    lab = _own(request, slug)
    form = OwnEntryForm(request.POST or None, instance=Entry(lab=lab, by_lab=True))
    title = _("移行の考えを知らせる")
    if request.method == "POST" and form.is_valid():
        services.note_entry(
            entry=form.save(commit=False), reasons=list(form.cleaned_data["reasons"]), by=viewer_of(request)
        )
        messages.success(request, _("事務局に伝わりました。"))
        return redirect("transition:own", slug)
    return form_page(request, form, title, _trail(request, lab, title))


@audience(Audience.LAB)
def points(request: HttpRequest, slug: str) -> HttpResponse:
    """What the IoT plan says to the six criteria."""
    lab = _own(request, slug)
    known = {one.criterion: one for one in lab.plan_points.all()}
    initial = {code: one.text for code, one in known.items()} | {
        f"{code}_source": one.source for code, one in known.items()
    }
    form = PointsForm(request.POST or None, initial=initial)
    title = _("IoTの計画と6つの視点")
    if request.method == "POST" and form.is_valid():
        for code in [name for name in form.cleaned_data if not name.endswith("_source")]:
            services.keep_point(
                lab=lab,
                criterion=code,
                text=form.cleaned_data[code],
                source=form.cleaned_data[f"{code}_source"],
            )
        return redirect("transition:own", slug)
    note = _(
        "これまでの計画と成果のうち、それぞれの視点に当たることを写してください。空欄は「まだない」という意味です。"
    )
    return form_page(request, form, title, _trail(request, lab, title), note=note)


@audience(Audience.LAB)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a consultation."""
    lab = _own(request, slug)
    form = WantedForm(request.POST or None)
    title = _("事前相談を頼む")
    if request.method == "POST" and form.is_valid():
        services.ask_consultation(lab=lab, wanted=form.cleaned_data["wanted"], by=viewer_of(request))
        messages.success(request, _("相談を受け付けました。担当から連絡します。"))
        return redirect("transition:own", slug)
    return form_page(request, form, title, _trail(request, lab, title), button=_("相談を頼む"))


@audience(Audience.STAFF)
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was said in a consultation."""
    labs = selectors.labs_on_the_way(viewer_of(request))
    one = get_object_or_404(
        Consultation.objects.filter(lab__in=labs.values("pk")).select_related("lab__region"), pk=pk
    )
    title = _("事前相談の記録")
    return edit_page(
        request, ConsultationForm(request.POST or None, instance=one), title, _trail(request, one.lab, title),
        save=services.save_consultation, done=lambda _saved: redirect("transition:own", one.lab.slug),
    )  # fmt: skip


@audience(Audience.LAB)
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The DX application in one click, filled with what is known."""
    lab = _own(request, slug)
    viewer = viewer_of(request)
    if lab.pk not in viewer.office_lab_ids:
        raise Http404("only the lab's own office applies")
    call = next((one for one in public_calls() if one.is_open()), None)
    try:
        if call is None:
            raise NotAllowed(_("いま受け付けている公募がありません。"))
        begun = Application.objects.filter(lab=lab, call=call).exclude(state__in=FINISHED).first()
        made = begun or services.draft_application(lab=lab, call=call, by=viewer)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("transition:own", slug)
    if begun is None:
        messages.success(request, _("分かっている内容を入れた下書きを作りました。"))
    return redirect("answers:tasks", made.sheet.key) if made.sheet else redirect("transition:own", slug)


@audience(Audience.SECRETARIAT)
def support_end(request: HttpRequest) -> HttpResponse:
    """When support ends, and what that day will end."""
    record = selectors.support_end() or SupportEnd()
    title = _("IoTラボの支援措置の終了")
    form = SupportEndForm(request.POST or None, instance=record)
    if request.method == "POST":
        return edit_page(
            request, form, title, _crumbs((title, None)),
            save=services.set_support_end, done=lambda _saved: redirect("transition:support_end"),
        )  # fmt: skip
    context = {
        "form": form,
        "title": title,
        "record": record,
        "ending": services.designations_to_end(),
        "crumbs": _crumbs((title, None)),
    }
    return render(request, "transition/support_end.html", context)
