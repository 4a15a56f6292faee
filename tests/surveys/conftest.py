"""A named wave of the shipped survey to the DX labs of three bureaus, and people of some of their offices."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.engines.dates import PartialDate
from tsunagu.questionnaires.models import Form
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.writing import write_answers
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.models import Invitation, Survey, Wave
from tsunagu.surveys.services import answering, waves

ANSWERS: dict[str, Any] = {
    "status": "active", "direction": "stay", "reasons": ["no_merit"], "issues": ["people"], "wishes": ["cases"],
    "office_people": "2.5", "comment": "よろしく",
}  # fmt: skip


@pytest.fixture
def secretary(viewer_of: Callable[..., Viewer]) -> Viewer:
    return viewer_of("ipa")


@pytest.fixture
def planned(db: None) -> Callable[..., Wave]:
    """Makes waves of the survey of January 2024, in preparation."""

    def make(label: str = "2027年1月", **more: Any) -> Wave:
        now = timezone.now()
        version = current_version(Form.objects.get(key="lab_survey"))
        values = {
            "survey": Survey.objects.get(key="lab_direction"), "label": label, "held_on": PartialDate(2026, 11),
            "form_version": version, "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=7),
            "schemes": ["dx"], "bureaus": ["kyushu", "kanto", "tohoku"], **more,
        }  # fmt: skip
        return waves.plan_wave(wave=Wave(**values))

    return make


@pytest.fixture
def wave(planned: Callable[..., Wave], secretary: Viewer) -> Wave:
    made = planned()
    waves.open_wave(wave=made, by=secretary)
    made.refresh_from_db()
    return made


@pytest.fixture
def answer(viewer_of: Callable[..., Viewer]) -> Callable[..., Invitation]:
    """A lab's office answers an invitation."""

    def do(invitation: Invitation, *, by: Viewer | None = None, **answers: Any) -> Invitation:
        viewer = by or viewer_of("lab_office", lab=invitation.lab.slug)
        sheet = answering.start_answering(invitation=invitation, by=viewer)
        write_answers(sheet=sheet, by=viewer, values=ANSWERS | answers)
        answering.send_answers(invitation=invitation, by=viewer)
        invitation.refresh_from_db()
        return invitation

    return do
