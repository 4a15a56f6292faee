"""What anybody sees: editions with their sources, the call, the gists of briefs, registering, the final report."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tsunagu.accounts import mails
from tsunagu.accounts.limits import is_over, too_many
from tsunagu.accounts.services import link_for_address, welcome_person
from tsunagu.design.paging import page_context
from tsunagu.recommending.printing import pdf_response
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.limits import EXPORT, limited
from tsunagu.sharing.middleware import viewer_of
from tsunagu.talent import papers
from tsunagu.talent.forms import JoinForm
from tsunagu.talent.models import Edition, Kind, Step
from tsunagu.talent.selectors import editions as reading
from tsunagu.talent.selectors.report import report_of
from tsunagu.talent.services import registering

PAGE_SIZE = 20


def _editions() -> QuerySet[Edition]:
    return reading.public_editions()


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    here = reverse("co_lead:list") if more else None
    return [(_("トップ"), reverse("portal:top")), (_("ふるさとCo-LEAD"), here), *more]


@audience(Audience.PUBLIC)
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, what it worked towards, and which one takes part now."""
    found = list(reading.with_counts(_editions()))
    context = {
        "open": [one for one in found if registering.is_open_for(one)],
        "editions": found,
        "crumbs": _crumbs(),
    }
    return render(request, "talent/editions.html", context)


@audience(Audience.PUBLIC)
@require_safe
def edition(request: HttpRequest, key: str) -> HttpResponse:
    """One edition: the call, the briefs without names, or the final report."""
    one = get_object_or_404(_editions(), key=key)
    briefs = reading.published_briefs(one)
    context = {
        "edition": one,
        "is_open": registering.is_open_for(one),
        "report": report_of(one) if one.step == Step.REPORTED else None,
        "crumbs": _crumbs((str(one), None)),
        **page_context(request, briefs, PAGE_SIZE),
    }
    return render(request, "talent/edition.html", context)


@audience(Audience.PUBLIC)
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Register: what happens with the data is read and agreed to first; a mailed link lets somebody in. The answer is the same for all."""
    one = get_object_or_404(_editions(), key=key)
    if not registering.is_open_for(one):
        raise Http404("not open")
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        if is_over(request, "mail_link", key=email):
            return too_many(request)
        _let_in(request, one, email, form.cleaned_data["name"], Kind(form.cleaned_data["kind"]))
        return redirect("accounts:link_sent")
    title = _("参加の登録")
    context = {
        "form": form,
        "edition": one,
        "words": registering.words_of(one),
        "is_signed_in": viewer_of(request).is_signed_in,
        "title": title,
        "crumbs": _crumbs((str(one), reverse("co_lead:edition", args=[key])), (title, None)),
    }
    return render(request, "talent/join.html", context, status=422 if form.errors else 200)


def _let_in(request: HttpRequest, edition: Edition, email: str, name: str, kind: Kind) -> None:
    person = welcome_person(email=email, name=name)
    registering.agree(person_id=person.pk, edition=edition, kind=kind)
    found = link_for_address(email=email)
    if found is None:
        return
    person, token = found
    page = reverse(f"co_lead_desk:{kind.value}", args=[edition.key])
    mails.send(
        to=person.email,
        to_name=person.name,
        subject=_("つなぐ: ふるさとCo-LEADの登録"),
        body=_(
            "%(name)s さん\n\n次のリンクでサインインしてください。1時間以内に1回だけ使えます。\n\n%(link)s\n\n"
            "そのあと、このページで登録を続けてください。\n\n%(page)s\n\n"
            "心当たりがないときは、このメールを捨ててください。登録しなければ、30日で消えます。"
        )
        % {
            "name": person.name,
            "link": mails.absolute(request, reverse("accounts:use_link", args=[token])),
            "page": mails.absolute(request, page),
        },
    )


@audience(Audience.PUBLIC)
@limited(EXPORT)
@require_safe
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The final report as a paper."""
    one = get_object_or_404(_editions(), key=key, step=Step.REPORTED)
    return pdf_response(papers.report_document(one, report_of(one)), f"co-lead-{one.key}.pdf")
