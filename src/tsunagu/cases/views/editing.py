"""The editor's part: return, ask the company, publish; and the company's own page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tsunagu.cases import selectors
from tsunagu.cases.forms import AnswerForm, AskForm, NoteForm
from tsunagu.cases.models import CaseConsent, CaseState, ConsentAnswer
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import comparing, writing
from tsunagu.files.serving import serve_file
from tsunagu.sharing.audience import Audience, audience
from tsunagu.sharing.middleware import viewer_of


@audience(Audience.SECRETARIAT)
@require_POST
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Return it with a note, ask the company, or publish it."""
    one = get_object_or_404(selectors.tended_cases(viewer_of(request)), number=number)
    does = request.POST.get("act", "")
    try:
        if does == "return":
            note = NoteForm(request.POST)
            if not note.is_valid():
                raise NotAllowed(_("直してほしいことを書いてください。"))
            writing.return_case(case=one, note=note.cleaned_data["note"])
            messages.success(request, _("戻しました。"))
        elif does == "ask":
            asked = AskForm(request.POST)
            if not asked.is_valid():
                raise NotAllowed(_("会社の担当者の氏名とメールアドレスを入れてください。"))
            writing.ask_consent(case=one, **asked.cleaned_data)
            messages.success(request, _("会社に、公開する文とリンクを送りました。"))
        elif does == "publish":
            writing.publish_case(case=one)
            messages.success(request, _("公開しました。"))
        else:
            raise NotAllowed(_("することが選ばれていません。もう一度ボタンを押してください。"))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("cases:desk", number)


@audience(Audience.SECRETARIAT)
@require_safe
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What reads differently since the editor read the case last, word by word."""
    one = get_object_or_404(selectors.tended_cases(viewer_of(request)), number=number)
    before, found = comparing.changes_since_last_time(one)
    context = {
        "case": one,
        "before": before,
        "changes": found,
        "said": comparing.summary(found),
        "crumbs": [
            (_("事例を書く"), reverse("cases:own")), (one.title or one.number, reverse("cases:desk", args=[number])),
            (_("前に読んだときからの違い"), None),
        ],
    }  # fmt: skip
    return render(request, "cases/changes.html", context)


def _is_shown(consent: CaseConsent) -> bool:
    """What a company refused, or what was withdrawn, is nobody's to read any more."""
    is_over = consent.answer in (ConsentAnswer.REFUSED, ConsentAnswer.REPLACED)
    return not is_over and consent.case.state != CaseState.WITHDRAWN


@audience(Audience.PUBLIC)
@require_safe
def consent_photo(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """A photo the company is asked about, for whoever has its link."""
    found = get_object_or_404(CaseConsent.objects.select_related("case"), token=token)
    if not _is_shown(found):
        raise Http404("no longer asked")
    one = get_object_or_404(found.case.photos.select_related("stored_file"), pk=pk)
    return serve_file(one.stored_file)


@audience(Audience.PUBLIC)
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """A company reads what would be public, word for word, and answers: no account; nothing happens until a button is pressed."""
    found = get_object_or_404(CaseConsent.objects.select_related("case__lab__region"), token=token)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, reason = request.POST.get("act") == "give", form.cleaned_data["reason"]
        if not given and not reason.strip():
            form.add_error("reason", _("断る理由を書いてください。ラボが、書き方を直して相談できます。"))
        else:
            try:
                writing.answer_consent(
                    consent=found, given=given, name=form.cleaned_data["name"], reason=reason
                )
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("cases:consent", token)
    found.refresh_from_db()
    is_shown = _is_shown(found)
    context = {
        "consent": found,
        "case": found.case,
        "is_shown": is_shown,
        "photos": found.case.photos.all() if is_shown else [],
        "form": form,
        "can_answer": found.answer == ConsentAnswer.WAITING and timezone.now() <= found.expires_at,
    }
    response = render(request, "cases/consent.html", context, status=422 if form.errors else 200)
    patch_cache_control(response, private=True, no_store=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
