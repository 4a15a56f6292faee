"""A company's own page: what would be sent about it, word for word; opened by the link of a mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from tsunagu.recommending import selectors, wording
from tsunagu.recommending.forms import ConsentForm
from tsunagu.recommending.models import Answer, Consent
from tsunagu.recommending.rules import NotAllowed
from tsunagu.recommending.services import consenting
from tsunagu.sharing.audience import Audience, audience


@audience(Audience.PUBLIC)
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """See everything, strike items, consent or refuse: no account; nothing happens until a button is pressed."""
    found = selectors.consent_by_token(token)
    if found is None:
        raise Http404("no such link")
    lines = wording.read(found.lines)
    refusing = request.POST.get("action") == "refuse"
    kept = [key for key in found.recommendation.struck if any(one.key == key for one in lines)]
    form = ConsentForm(request.POST or None, lines=lines, refusing=refusing, initial={"struck": kept})
    if request.method == "POST" and form.is_valid():
        try:
            _answer(found, form, refusing)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            found.refresh_from_db()
        else:
            return redirect("recommending:consent", token)
    # A text that has changed since is shown to nobody as if it were to be sent.
    current = found.answer != Answer.WAITING or _is_current(found)
    context = {
        "consent": found,
        "one": found.recommendation,
        "lines": wording.without(lines, found.struck),
        "form": form,
        "can_answer": found.answer == Answer.WAITING and current and timezone.now() <= found.expires_at,
        "is_replaced": found.answer == Answer.REPLACED or not current,
        "title": _("推薦の内容の確認"),
    }
    response = render(request, "recommending/consent.html", context, status=422 if form.errors else 200)
    # Who has the link reads it; caches and search engines shall not.
    patch_cache_control(response, private=True, no_store=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _is_current(found: Consent) -> bool:
    return found.digest == wording.digest_of(wording.lines_of(found.recommendation))


def _answer(found: Consent, form: ConsentForm, refusing: bool) -> None:
    given = form.cleaned_data
    if refusing:
        consenting.refuse(consent=found, name=given["name"], reason=given["reason"])
    else:
        consenting.consent_to(consent=found, name=given["name"], struck=given["struck"])
