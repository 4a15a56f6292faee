"""What those who are asked do: begin, send, correct."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.flow import asked_sections, problems
from tsunagu.questionnaires.hosting import NotSent
from tsunagu.questionnaires.models import Sheet
from tsunagu.questionnaires.selectors import known_facts
from tsunagu.questionnaires.services.sending import close_sheet, learn_facts, lock, open_again
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import fill_known, start_sheet
from tsunagu.questionnaires.values import is_empty
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.models import AnonymousAnswer, Invitation, Wave
from tsunagu.surveys.rules import NotAllowed

KIND = "survey"


def _locked(invitation: Invitation) -> Invitation:
    """The invitation, held until the transaction ends; its wave held against closing meanwhile."""
    wave = Wave.objects.select_for_update(no_key=True).select_related("survey").get(pk=invitation.wave_id)
    found = Invitation.objects.select_for_update(of=("self",)).select_related("lab", "sheet")
    one = found.get(pk=invitation.pk)
    one.wave = wave
    return one


@transaction.atomic
def start_answering(*, invitation: Invitation, by: Viewer) -> Sheet:
    """The lab's answer sheet, begun with what is known already. Raises `NotAllowed` outside the time."""
    one = _locked(invitation)
    if one.sheet is not None:
        return one.sheet
    if not one.is_open(one.wave) or one.wave.form_version is None:
        raise NotAllowed(_("このアンケートは、いまは受け付けていません。"))
    sheet = start_sheet(
        version=one.wave.form_version,
        subject=f"{KIND}:{one.pk}",
        by=by,
        # A fact of the lab in an anonymous sheet would say whose it is.
        lab=None if one.wave.is_anonymous else one.lab,
        is_fleeting=one.wave.is_anonymous,
    )
    fill_known(sheet=sheet, known=known_facts(sheet))
    one.sheet = sheet
    one.save(update_fields=["sheet"])
    return sheet


@transaction.atomic
def send_answers(*, invitation: Invitation, by: Viewer, now: datetime | None = None) -> None:
    """Send the answers. Raises `NotSent` with what is to be mended, or when the time is over."""
    one = _locked(invitation)
    now = now or timezone.now()
    if one.sheet is None or not one.is_open(one.wave, now):
        raise NotSent(_("受付の時間が終わりました。事務局にお問い合わせください。"))
    if one.wave.is_anonymous:
        _scatter(one.wave, one.sheet)
    else:
        one.snapshot = close_sheet(sheet=one.sheet, by=by)
        learn_facts(sheet=one.sheet, lab=one.lab, source=str(one.wave))
    one.answered_on = timezone.localdate(now)
    one.save(update_fields=["snapshot", "answered_on"])


def _scatter(wave: Wave, sheet: Sheet) -> None:
    """Put each answer by itself where nothing leads back from, and empty the sheet."""
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("form_version").get(pk=sheet.pk)
    if sheet.is_locked:
        raise NotSent(_("もう送られています。"))
    answers = answers_of(sheet)
    if wrong := problems(sheet.definition, answers):
        raise NotSent(_("直すところが%(count)d件あります。") % {"count": len(wrong)}, tuple(wrong))
    kept: dict[str, Any] = {
        field.key: answers[field.key]
        for section in asked_sections(sheet.definition, answers)
        for field in section.fields
        if not is_empty(answers.get(field.key))
    }
    AnonymousAnswer.objects.bulk_create(
        AnonymousAnswer(wave=wave, field=key, value=value) for key, value in kept.items()
    )
    sheet.rows().all().delete()
    lock(sheet=sheet)


@transaction.atomic
def correct_answers(*, invitation: Invitation, by: Viewer) -> Sheet:
    """Open a sheet that was sent, to mend it and send it again; until then what was sent counts. Raises `NotAllowed`."""
    one = _locked(invitation)
    if one.wave.is_anonymous or one.sheet is None or one.snapshot_id is None:
        raise NotAllowed(_("無記名の回答は、送ったあとはだれの回答か分からないので、直せません。"))
    if not one.is_open(one.wave):
        raise NotAllowed(_("受付の時間が終わったので、直せません。事務局にお問い合わせください。"))
    open_again(sheet=one.sheet)
    return one.sheet
