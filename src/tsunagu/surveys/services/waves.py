"""What the secretariat does with a wave: open it to labs, remind those missing, give more time, close it, publish it."""

import random
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.definition import Kind
from tsunagu.questionnaires.models import FleetingAnswer, Sheet
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys import selectors, telling
from tsunagu.surveys.models import AnonymousAnswer, Invitation, Survey, Wave, WaveState
from tsunagu.surveys.rules import NotAllowed

# What would say whose an anonymous answer is.
NAMING_KINDS = frozenset({Kind.FILE, Kind.ORGANISATION, Kind.REGION, Kind.ROWS})


def _locked(wave: Wave, *states: str) -> Wave:
    found = (
        Wave.objects.select_for_update(of=("self",)).select_related("survey", "form_version").get(pk=wave.pk)
    )
    if found.state not in states:
        raise NotAllowed(
            _("このアンケートは「%(state)s」なので、それはできません。")
            % {"state": found.get_state_display()}
        )
    return found


@transaction.atomic
def plan_wave(*, wave: Wave, new_survey: str = "", seen: int | None = None) -> Wave:
    """Keep a wave being prepared, in a new series where one is named. Raises `EditConflict`."""
    if wave.pk:
        check_version(wave, seen)
        _locked(wave, WaveState.DRAFT)
    if new_survey:
        number = Survey.objects.count() + 1
        while Survey.objects.filter(key=f"survey-{number}").exists():
            number += 1
        wave.survey = Survey.objects.create(key=f"survey-{number}", title=new_survey)
    wave.save()
    return wave


def naming_questions(wave: Wave) -> list[str]:
    """The questions of an anonymous wave that would say who answers."""
    if not wave.is_anonymous or wave.form_version is None:
        return []
    return [one.label for one in wave.form_version.definition.fields() if one.kind in NAMING_KINDS]


@transaction.atomic
def open_wave(*, wave: Wave, by: Viewer, now: datetime | None = None) -> int:
    """Freeze who is asked and write drafts of the mails to them; returns how many labs. Raises `NotAllowed`."""
    wave, now = _locked(wave, WaveState.DRAFT), now or timezone.now()
    if wave.closes_at is None or wave.closes_at <= now:
        raise NotAllowed(_("締切がもう過ぎています。締切を直してから開いてください。"))
    if naming := naming_questions(wave):
        raise NotAllowed(
            _("無記名の回には、だれの回答か分かる質問は使えません: %(labels)s")
            % {"labels": "、".join(naming)}
        )
    labs = selectors.labs_to_ask(wave)
    if not labs:
        raise NotAllowed(_("聞くラボが1つもありません。制度・経済産業局・状態の選び方を確かめてください。"))
    Invitation.objects.bulk_create(
        Invitation(
            wave=wave, lab_id=one.pk, scheme=one.current.scheme, bureau=one.bureau_code,
            category=one.current.category, region_kind=one.region_kind,
        )
        for one in labs
    )  # fmt: skip
    wave.state = WaveState.OPEN
    wave.save(update_fields=["state"])
    telling.tell_opened(wave)
    return len(labs)


@transaction.atomic
def remind_missing(*, wave: Wave, by: Viewer) -> int:
    """Remind only the labs that have not answered, at most once a day; returns how many labs. Raises `NotAllowed`."""
    wave, today = _locked(wave, WaveState.OPEN), timezone.localdate()
    missing = [one for one in selectors.missing(wave) if one.is_open(wave) and one.reminded_on != today]
    told = telling.remind(wave, missing)
    Invitation.objects.filter(pk__in=told).update(reminded_on=today)
    return len(told)


@transaction.atomic
def extend_for_all(*, wave: Wave, by: Viewer, until: datetime, reason: str) -> int:
    """Move the end for everybody; tells those who have not answered. Raises `NotAllowed` for an earlier time."""
    wave = _locked(wave, WaveState.OPEN)
    if wave.closes_at is None or until <= wave.closes_at or until <= timezone.now():
        raise NotAllowed(_("延長は、もとの締切といまより後の日時にしてください。"))
    wave.closes_at = until
    wave.save(update_fields=["closes_at"])
    return telling.tell_extended(wave, selectors.missing(wave), until, reason)


@transaction.atomic
def extend_for_one(*, invitation: Invitation, by: Viewer, until: datetime, reason: str) -> None:
    """More time for one lab. Raises `NotAllowed` for an earlier time."""
    wave = _locked(invitation.wave, WaveState.OPEN)
    end = invitation.closes_at(wave)
    if end is None or until <= end or until <= timezone.now():
        raise NotAllowed(_("延長は、もとの締切といまより後の日時にしてください。"))
    invitation.until, invitation.until_reason = until, reason[:300]
    invitation.save(update_fields=["until", "until_reason"])
    telling.tell_extended(wave, [invitation], until, reason)


@transaction.atomic
def close_wave(*, wave: Wave, by: Viewer) -> None:
    """Take no more answers. What was begun and not sent does not count; of an anonymous wave it is deleted."""
    wave = _locked(wave, WaveState.OPEN)
    wave.state = WaveState.CLOSED
    wave.save(update_fields=["state"])
    Sheet.objects.filter(survey_invitation__wave=wave).update(is_locked=True)
    if wave.is_anonymous:
        FleetingAnswer.objects.filter(sheet__survey_invitation__wave=wave).delete()
        _shuffle(wave)


def _shuffle(wave: Wave) -> None:
    """Write the anonymous answers again in no order: how rows lie in the table would tell who sent when."""
    rows = list(wave.anonymous_answers.values_list("field", "value"))
    random.SystemRandom().shuffle(rows)
    wave.anonymous_answers.all().delete()
    AnonymousAnswer.objects.bulk_create(
        AnonymousAnswer(wave=wave, field=field, value=value) for field, value in rows
    )


def close_due(*, now: datetime | None = None) -> int:
    """Close the waves whose time is over for every lab; returns how many. Harmless at any time."""
    now, closed = now or timezone.now(), 0
    for wave in Wave.objects.filter(state=WaveState.OPEN, closes_at__lt=now):
        if not wave.invitations.filter(until__gte=now).exists():
            close_wave(wave=wave, by=Viewer())
            closed += 1
    return closed


@transaction.atomic
def publish_results(*, wave: Wave, by: Viewer, public: bool) -> None:
    """Make the results of a closed wave public, or take them back. Raises `NotAllowed`."""
    wave = _locked(wave, WaveState.CLOSED)
    wave.published_at = timezone.now() if public else None
    wave.save(update_fields=["published_at"])
