"""A lab's office: companies, recommendations, consent, sending, the filing that follows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.recommending import printing, selectors
from tsunagu.recommending.duties import next_rung_on
from tsunagu.recommending.forms import CompanyForm, FilingForm, NewCompanyForm, ReasonForm, RecommendationForm
from tsunagu.recommending.models import Company, Recommendation
from tsunagu.recommending.rules import GIVEN, OPEN, NotAllowed, Step
from tsunagu.recommending.services import consenting, slips
from tsunagu.recommending.sizes import size_of
from tsunagu.registry.models import Lab
from tsunagu.registry.views.editing import Crumbs, edit_page, form_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, Limit, limited
from tsunagu.sharing.middleware import viewer_of


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way here: from the lab's own page."""
    here = reverse("recommending:own") if more else None
    return [(_("自分のラボ"), reverse("office:own_lab")), (_("DXセレクションへの推薦"), here), *more]


def _own_lab(request: HttpRequest, slug: str) -> Lab:
    return get_object_or_404(selectors.office_labs(viewer_of(request)), slug=slug)


def _own_company(request: HttpRequest, pk: int) -> Company:
    return get_object_or_404(selectors.own_companies(viewer_of(request)), pk=pk)


def _seen(request: HttpRequest, pk: int) -> Recommendation:
    return get_object_or_404(selectors.recommendations(viewer_of(request)), pk=pk)


def _own(request: HttpRequest, pk: int) -> Recommendation:
    """A recommendation of one's own lab: the staff read, only the lab's office acts."""
    one = _seen(request, pk)
    if one.company.lab_id not in viewer_of(request).office_lab_ids:
        raise Http404("only the lab's own office acts")
    return one


def _here(one: Recommendation) -> HttpResponse:
    return redirect("recommending:recommendation", one.pk)


@audience(Audience.LAB)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The office's recommendations, filings still due, and companies."""
    viewer, today = viewer_of(request), timezone.localdate()
    labs = [(lab, selectors.may_recommend(lab, on=today)) for lab in selectors.office_labs(viewer)]
    found = selectors.recommendations(viewer).filter(company__lab__in=viewer.office_lab_ids)
    context = {
        "labs": labs,
        "recommendations": found,
        "duties": [(one, one.is_duty_late(today)) for one in selectors.open_duties(viewer) if one in found],
        "companies": selectors.own_companies(viewer),
        "editions": selectors.editions_to_come(viewer, on=today),
        "crumbs": crumbs(),
    }
    return render(request, "recommending/own.html", context)


@audience(Audience.LAB)
def new_company(request: HttpRequest, slug: str) -> HttpResponse:
    """A company the lab begins to work with."""
    lab = _own_lab(request, slug)
    form = NewCompanyForm(request.POST or None, lab=lab, instance=Company(lab=lab))
    title = _("会社を登録する")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        saved = slips.save_company(form.save(commit=False), name=given["name"], number=given["number"])
        messages.success(request, _("「%(company)s」を登録しました。") % {"company": saved})
        if str(saved) != given["name"].strip():
            messages.info(request, _("同じ法人番号の組織が登録簿にあるので、その名称を使いました。"))
        return redirect("recommending:own")
    return form_page(request, form, title, crumbs((title, None)))


@audience(Audience.LAB)
def edit_company(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of a company; a consent to what was said before is then asked again."""
    company = _own_company(request, pk)
    title = _("会社の情報: %(company)s") % {"company": company}
    form = CompanyForm(request.POST or None, instance=company)
    size = size_of(capital=company.capital, staff=company.staff, trade=company.trade)
    note = _("法律での区分: %(size)s。保存すると、内容の変わった推薦には、会社の同意がもう一度要ります。") % {
        "size": size.value
    }
    return edit_page(
        request, form, title, crumbs((title, None)), save=slips.save_company,
        done=lambda _saved: redirect("recommending:own"), note=note,
    )  # fmt: skip


@audience(Audience.LAB)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a recommendation: only a lab with a DX designation in force."""
    lab = _own_lab(request, slug)
    if not selectors.may_recommend(lab, on=timezone.localdate()):
        messages.error(request, _("選定中の地域DX推進ラボだけが推薦できます。"))
        return redirect("recommending:own")
    form = RecommendationForm(request.POST or None, lab=lab, viewer=viewer_of(request))
    return _edit(request, form, _("新しい推薦"))


@audience(Audience.LAB)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the text while it is not sent."""
    one = _own(request, pk)
    if one.state not in OPEN:
        messages.error(request, _("推薦したあとの内容は変えられません。"))
        return _here(one)
    form = RecommendationForm(
        request.POST or None, instance=one, lab=one.company.lab, viewer=viewer_of(request)
    )
    return _edit(request, form, _("推薦の内容を直す"))


def _edit(request: HttpRequest, form: RecommendationForm, title: str) -> HttpResponse:
    def save(record: Recommendation, *, seen: int | None) -> Recommendation:
        return slips.save_recommendation(record, by=viewer_of(request), seen=seen)

    return edit_page(request, form, title, crumbs((title, None)), save=save, done=_here)


@audience(Audience.LAB)
@require_safe
def recommendation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is sent word for word, what stops it, the company's answers, and what has to follow."""
    one = _seen(request, pk)
    today = timezone.localdate()
    duty = one.duty
    context = {
        "one": one,
        "lines": selectors.sent_lines(one),
        "size": size_of(capital=one.company.capital, staff=one.company.staff, trade=one.company.trade).value,
        "problems": selectors.problems_of(one) if one.state in OPEN else [],
        "consents": one.consents.all(),
        "agreed": selectors.agreed(one),
        "duty": duty,
        "is_late": one.is_duty_late(today),
        "next_reminder": next_rung_on(duty, today=today) if duty else None,
        "is_open": one.state in OPEN,
        "is_given": one.state in GIVEN,
        "is_office": one.company.lab_id in viewer_of(request).office_lab_ids,
        "may_withdraw": one.state in OPEN | {Step.SENT},
        "crumbs": _trail(request, one),
    }
    return render(request, "recommending/recommendation.html", context)


def _trail(request: HttpRequest, one: Recommendation) -> Crumbs:
    if viewer_of(request).is_staff:
        back = f"{reverse('recommending_office:board')}?edition={one.edition.year}"
        return [(_("推薦の一覧"), back), (str(one), None)]
    return crumbs((str(one), None))


def _act(request: HttpRequest, one: Recommendation, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _here(one)


# A mail goes out each time.
ASKING = Limit("ask_company", 30, 60 * 60)


@audience(Audience.LAB)
@limited(ASKING)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the company for its consent to just this text."""
    one, by = _own(request, pk), viewer_of(request)
    done = _("会社の担当者に、確認のページの案内を送りました。")
    return _act(request, one, lambda: consenting.ask(recommendation=one, by=by), done)


@audience(Audience.LAB)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Recommend."""
    one, by = _own(request, pk), viewer_of(request)
    return _act(request, one, lambda: slips.send(recommendation=one, by=by), _("推薦しました。"))


@audience(Audience.LAB)
def filed(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that DX認定 was filed."""
    one = _own(request, pk)
    initial = {"filed_on": one.filed_on, "note": one.filing_note}
    form = FilingForm(request.POST or None, initial=initial)
    title = _("DX認定の申請を記録する")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return _act(
            request, one,
            lambda: slips.record_filing(recommendation=one, filed_on=given["filed_on"], note=given["note"]),
            _("記録しました。お知らせは止まります。"),
        )  # fmt: skip
    return form_page(request, form, title, crumbs((str(one), _address(one)), (title, None)))


@audience(Audience.LAB)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recommendation back."""
    one = _own(request, pk)
    form = ReasonForm(request.POST or None)
    title = _("推薦を取り下げる")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _act(
            request, one, lambda: slips.withdraw(recommendation=one, reason=reason), _("取り下げました。")
        )
    return form_page(request, form, title, crumbs((str(one), _address(one)), (title, None)), button=title)


def _address(one: Recommendation) -> str:
    return reverse("recommending:recommendation", args=[one.pk])


@audience(Audience.LAB)
@limited(EXPORT)
@require_safe
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The recommendation as a paper, once the company has agreed."""
    one = _seen(request, pk)
    consent = selectors.agreed(one)
    if consent is None or one.state not in GIVEN | {Step.CONSENTED}:
        messages.error(request, _("推薦書は、会社の同意のあとに作れます。"))
        return _here(one)
    return printing.pdf_response(
        printing.slip_document(one, selectors.sent_lines(one), consent), f"recommendation-{one.pk}.pdf"
    )
