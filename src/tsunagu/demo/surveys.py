"""A made-up survey that is over and published, and one that is open with some labs missing."""

import random
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tsunagu.accounts.selectors import viewer_for
from tsunagu.demo import MARK, SEED
from tsunagu.demo.labs import DemoLab
from tsunagu.engines.dates import PartialDate
from tsunagu.questionnaires.models import Form
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.models import Invitation, Survey, Wave
from tsunagu.surveys.services import answering, waves

ISSUES = ("people", "awareness", "budget", "partners", "knowledge", "continuity")
WISHES = ("cases", "experts", "ties", "training")


@transaction.atomic
def make_surveys(labs: list[DemoLab]) -> int:
    """Answers of nine labs in ten to the first wave, of half of them to the second; returns how many answers."""
    staff = Viewer(roles=frozenset({"ipa"}), display_name="見本の事務局")
    dice = random.Random(SEED + 3)  # noqa: S311 - the same made-up world every time
    today = timezone.localdate()
    past = _wave(f"見本 {today.year - 1}年{MARK}", PartialDate(today.year - 1, 11), staff)
    count = _answer(past, labs, 0.9, dice)
    waves.close_wave(wave=past, by=staff)
    waves.publish_results(wave=past, by=staff, public=True)
    return count + _answer(
        _wave(f"見本 {today.year}年{MARK}", PartialDate(today.year, today.month), staff), labs, 0.5, dice
    )


def _wave(label: str, held_on: PartialDate, staff: Viewer) -> Wave:
    now = timezone.now()
    made = waves.plan_wave(
        wave=Wave(
            survey=Survey.objects.get(key="lab_direction"), label=label, held_on=held_on,
            form_version=current_version(Form.objects.get(key="lab_survey")), opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=7), schemes=["dx"],
        )
    )  # fmt: skip
    waves.open_wave(wave=made, by=staff)
    made.refresh_from_db()
    return made


def _answer(wave: Wave, labs: list[DemoLab], share: float, dice: random.Random) -> int:
    offices = {one.lab.pk: one.office for one in labs}
    count = 0
    for invitation in Invitation.objects.filter(wave=wave).select_related("lab"):
        if dice.random() > share:
            continue
        by = viewer_for(offices[invitation.lab_id], on=timezone.localdate())
        sheet = answering.start_answering(invitation=invitation, by=by)
        values: dict[str, Any] = {
            "status": "active", "direction": "already", "issues": dice.sample(ISSUES, 2), "wishes": dice.sample(WISHES, 2),
            "office_people": str(dice.choice((0.5, 1, 2, 3))),
        }  # fmt: skip
        write_answers(sheet=sheet, by=by, values=values)
        answering.send_answers(invitation=invitation, by=by)
        count += 1
    return count
