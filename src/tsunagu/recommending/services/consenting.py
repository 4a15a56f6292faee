"""Asking a company, and its answer: bound to the exact text by its digest."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.recommending import telling, wording
from tsunagu.recommending.models import Answer, Consent, Recommendation
from tsunagu.recommending.rules import OPEN, NotAllowed, Step
from tsunagu.sharing.viewer import Viewer

PATIENCE = timedelta(days=30)


def locked(recommendation: Recommendation) -> Recommendation:
    """The recommendation as it stands now, nobody else changing it until the end of the transaction."""
    found = Recommendation.objects.select_for_update(of=("self",))
    paths = ("company__organisation", "company__lab__region__bureau", "edition")
    return found.select_related(*paths).get(pk=recommendation.pk)


def check_consent(one: Recommendation) -> None:
    """Whether the company's answer, or the question, is still to this very text; if not it counts no longer."""
    waiting = one.consents.filter(answer=Answer.WAITING).first()
    lines = wording.lines_of(one)
    over = one.state == Step.WITHDRAWN
    if waiting is not None and (over or waiting.digest != wording.digest_of(lines)):
        _replace(waiting)
        waiting = None
    if over:
        return
    state = one.state
    if state == Step.ASKED and waiting is None:
        state = Step.DRAFT
    if state == Step.REFUSED:
        last = one.consents.filter(answer=Answer.REFUSED).first()
        state = Step.REFUSED if last and last.digest == wording.digest_of(lines) else Step.DRAFT
    if state == Step.CONSENTED:
        given = one.consents.filter(answer=Answer.CONSENTED).first()
        if given is None or given.digest != wording.digest_of(wording.without(lines, one.struck)):
            if given is not None:
                _replace(given)
            state = Step.DRAFT
    if state != one.state:
        one.state = state
        one.save(update_fields=["state"])


@transaction.atomic
def look_again(recommendation: Recommendation) -> None:
    """`check_consent` in a transaction of its own: what is out of date stays marked, also when an act is refused for it."""
    check_consent(locked(recommendation))


def _replace(consent: Consent) -> None:
    consent.answer = Answer.REPLACED
    consent.save(update_fields=["answer"])


@transaction.atomic
def ask(*, recommendation: Recommendation, by: Viewer) -> Consent:
    """Send the company a link to everything that would be sent. A question asked before counts no longer.

    Raises `NotAllowed` when it was sent already, or the company's person is not known.
    """
    one = locked(recommendation)
    if one.state not in OPEN:
        raise NotAllowed(_("推薦したもの、取り下げたものについては、同意を求められません。"))
    company = one.company
    if not company.contact_email or not company.contact_name:
        raise NotAllowed(
            _(
                "会社の担当者の氏名とメールアドレスがありません。会社の情報に入れてから、同意を求めてください。"
            )
        )
    if not one.reasons.strip():
        raise NotAllowed(_("推薦する理由がありません。書いてから、同意を求めてください。"))
    for old in one.consents.filter(answer__in=[Answer.WAITING, Answer.CONSENTED]):
        _replace(old)
    lines = wording.lines_of(one)
    consent = Consent.objects.create(
        recommendation=one,
        lines=wording.kept(lines),
        digest=wording.digest_of(lines),
        to_name=company.contact_name,
        to_email=company.contact_email,
        asked_by_label=by.display_name[:100],
        expires_at=timezone.now() + PATIENCE,
    )
    one.state = Step.ASKED
    one.save(update_fields=["state"])
    telling.ask_company(consent)
    return consent


def _waiting(consent: Consent) -> Consent:
    """The question under lock. Raises `NotAllowed` when it can no longer be answered."""
    one = locked(consent.recommendation)
    check_consent(one)
    found = Consent.objects.select_for_update().get(pk=consent.pk)
    found.recommendation = one
    if found.answer == Answer.REPLACED:
        raise NotAllowed(
            _("内容が変わったので、このリンクは使えなくなりました。新しい案内をお待ちください。")
        )
    if found.answer != Answer.WAITING:
        raise NotAllowed(_("すでに返事をいただいています。変えたいときは、ラボに連絡してください。"))
    if timezone.now() > found.expires_at:
        raise NotAllowed(_("返事の期限が過ぎました。ラボに連絡して、案内を送り直してもらってください。"))
    return found


def consent_to(*, consent: Consent, name: str, struck: Collection[str]) -> Consent:
    """The company agrees to the text it was shown, without the items it struck. Raises `NotAllowed`."""
    return _answer(consent, state=Step.CONSENTED, name=name, struck=struck)


def refuse(*, consent: Consent, name: str, reason: str) -> Consent:
    """The company does not want to be recommended, and says why. Raises `NotAllowed`."""
    return _answer(consent, state=Step.REFUSED, name=name, reason=reason)


def _answer(
    consent: Consent, *, state: Step, name: str, struck: Collection[str] = (), reason: str = ""
) -> Consent:
    look_again(consent.recommendation)
    with transaction.atomic():
        found = _waiting(consent)
        one = found.recommendation
        lines = wording.read(found.lines)
        found.answer = Answer.CONSENTED if state is Step.CONSENTED else Answer.REFUSED
        found.name, found.reason, found.answered_at = name[:100], reason, timezone.now()
        if state is Step.CONSENTED:
            found.struck = [each.key for each in lines if each.key in struck and not each.is_fixed]
            one.struck = found.struck
            found.digest = wording.digest_of(wording.without(lines, found.struck))
        found.save()
        one.state = state
        one.save(update_fields=["state", "struck"])
        telling.tell_answer(found)
        return found
