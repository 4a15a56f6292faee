"""One's own page: entries, briefs, teams, questionnaires, and one's data with its last day."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.accounts.models import Person
from tsunagu.registry.services import EditConflict
from tsunagu.registry.views.editing import Crumbs, conflict_page
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.forms import CompanyForm, TalentForm
from tsunagu.talent.models import Company, Edition, Entry, Kind, Step, Talent, TeamState
from tsunagu.talent.rules import NotAllowed
from tsunagu.talent.selectors import desk, editions
from tsunagu.talent.services import asking, forgetting, registering


def crumbs(*more: tuple[str, str | None]) -> Crumbs:
    here = reverse("co_lead_desk:own") if more else None
    return [(_("ふるさとCo-LEAD"), here), *more]


@audience(Audience.SIGNED_IN)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Everything of one's own in Co-LEAD, what waits for an answer first."""
    viewer = viewer_of(request)
    context = {
        "coordinated": editions.coordinated(viewer),
        "asked": desk.own_answers(viewer).filter(answered_on=None).exclude(edition__step=Step.REPORTED),
        "entries": desk.own_entries(viewer),
        "for_talent": desk.for_talent(viewer),
        "briefs": desk.tended_briefs(viewer).filter(
            Q(company__contact_id=viewer.person_id) | Q(company__lab_id__in=viewer.office_lab_ids)
        ),
        "teams": desk.teams(viewer).exclude(state=TeamState.REFUSED).filter(
            Q(brief__company__contact_id=viewer.person_id)
            | Q(seats__entry__talent__person_id=viewer.person_id)
            | Q(brief__company__lab_id__in=viewer.office_lab_ids)
        ).distinct(),
        "consents": desk.consents(viewer),
        "open": [one for one in editions.public_editions() if registering.is_open_for(one)],
        "crumbs": crumbs(),
    }  # fmt: skip
    return render(request, "talent/own.html", context)


def _edition(viewer: Viewer, key: str) -> Edition:
    """An edition that takes people in now, or one the viewer is in already."""
    one = get_object_or_404(editions.public_editions().exclude(step="past"), key=key)
    is_in = desk.own_entries(viewer).filter(edition=one).exists() or desk.own_companies(viewer).exists()
    if not registering.is_open_for(one) and not is_in:
        raise Http404("not open")
    return one


@audience(Audience.SIGNED_IN)
def talent(request: HttpRequest, key: str) -> HttpResponse:
    """A talent's description and hours for an edition."""
    viewer = viewer_of(request)
    edition = _edition(viewer, key)
    known = desk.own_talent(viewer)
    entry = desk.own_entries(viewer).filter(edition=edition).first() or Entry(edition=edition, hours=10)
    needs = desk.consent_of(viewer, edition, Kind.TALENT) is None
    form = TalentForm(
        request.POST or None,
        instance=known or Talent(person_id=viewer.signed_in_id),
        entry=entry,
        asks_consent=needs,
    )
    title = _("デジタル人材の登録")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entry.hours, entry.most = given["hours"], given["most"]
        try:
            if needs:
                registering.agree(person_id=viewer.signed_in_id, edition=edition, kind=Kind.TALENT)
            registering.enter(
                talent=form.save(commit=False), entry=entry, skills=given["skills"], by=viewer,
                seen=given.get("version") if known else None,
            )  # fmt: skip
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, crumbs((title, None)))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("登録しました。コーディネーターが確かめて、結果をお知らせします。"))
            return redirect("co_lead_desk:own")
    return _register(request, edition, form, title, needs)


def _register(
    request: HttpRequest, edition: Edition, form: TalentForm | CompanyForm, title: str, needs: bool
) -> HttpResponse:
    context = {
        "form": form,
        "edition": edition,
        "title": title,
        "words": registering.words_of(edition) if needs else "",
        "crumbs": crumbs((title, None)),
    }
    return render(request, "talent/register.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
def company(request: HttpRequest, key: str) -> HttpResponse:
    """A company, then its first brief."""
    viewer = viewer_of(request)
    edition = _edition(viewer, key)
    known = desk.own_companies(viewer).first()
    needs = desk.consent_of(viewer, edition, Kind.COMPANY) is None
    form = CompanyForm(
        request.POST or None, instance=known or Company(contact_id=viewer.signed_in_id), asks_consent=needs
    )
    title = _("会社の登録")
    if request.method == "POST" and form.is_valid():
        try:
            if needs:
                registering.agree(person_id=viewer.signed_in_id, edition=edition, kind=Kind.COMPANY)
            registering.register_company(
                company=form.save(commit=False), edition=edition, by=viewer,
                seen=form.cleaned_data.get("version") if known else None,
            )  # fmt: skip
        except EditConflict as conflict:
            return conflict_page(request, form, conflict, title, crumbs((title, None)))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("会社を登録しました。次に、相談したいことを書いてください。"))
            return redirect("co_lead_desk:new_brief", key)
    return _register(request, edition, form, title, needs)


@audience(Audience.SIGNED_IN)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw from an edition."""
    entry = get_object_or_404(desk.own_entries(viewer_of(request)), pk=pk)
    try:
        registering.leave(entry=entry)
        messages.success(request, _("参加を取りやめました。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("co_lead_desk:own")


@audience(Audience.SIGNED_IN)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one's own sheet of a questionnaire."""
    one = get_object_or_404(desk.own_answers(viewer_of(request)), pk=pk)
    try:
        sheet = asking.start_answering(answer=one, by=viewer_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("co_lead_desk:own")
    return redirect("answers:tasks", sheet.key)


@audience(Audience.SIGNED_IN)
@require_POST
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one's data stay a year longer."""
    consent = forgetting.prolong(consent=get_object_or_404(desk.consents(viewer_of(request)), pk=pk))
    messages.success(request, _("%(day)s まで延ばしました。") % {"day": consent.keep_until.isoformat()})
    return redirect("co_lead_desk:own")


@audience(Audience.SIGNED_IN)
def forget(request: HttpRequest) -> HttpResponse:
    """Have everything one registered here taken away, after a page that says what goes and what stays."""
    viewer = viewer_of(request)
    if request.method == "POST":
        person = Person.objects.get(pk=viewer.signed_in_id)
        try:
            forgetting.forget(person=person)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("co_lead_desk:own")
        person.refresh_from_db()
        if not person.is_active:
            logout(request)
        messages.success(request, _("ふるさとCo-LEADに登録した内容を消しました。"))
        return redirect("co_lead:list")
    title = _("登録を消す")
    return render(request, "talent/forget.html", {"title": title, "crumbs": crumbs((title, None))})
