"""Surveys of the walk: one that asks a lab, which its office has answered, with a text only that office and the staff read."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

FOR_SECRETARIAT = {
    "surveys:wave": "survey_wave", "surveys:edit": "survey_wave", "surveys:open": "survey_wave",
    "surveys:remind": "survey_wave", "surveys:extend": "survey_wave", "surveys:extend_one": "survey_invitation",
    "surveys:close": "survey_wave", "surveys:publish": "survey_wave", "surveys:results": "survey_wave",
    "surveys:results_file": "survey_file", "survey_results:wave": "survey_public", "survey_results:file": "survey_public_file",
}  # fmt: skip
OF_THE_OFFICE = {
    "survey:invitation": "survey_invitation", "survey:start": "survey_invitation",
    "survey:correct": "survey_invitation", "survey:results": "survey_invitation",
}  # fmt: skip


def make_survey(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and what the lab wrote."""
    from tsunagu.accounts.models import Membership
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.engines.dates import PartialDate
    from tsunagu.questionnaires.models import Form
    from tsunagu.questionnaires.services.forms import current_version
    from tsunagu.questionnaires.services.writing import write_answers
    from tsunagu.surveys.models import Invitation, Survey, Wave
    from tsunagu.surveys.services.answering import send_answers, start_answering

    now = timezone.now()
    wave = Wave.objects.create(
        survey=Survey.objects.get(key="lab_direction"), label=f"歩く回{where}", held_on=PartialDate(2026, 11),
        form_version=current_version(Form.objects.get(key="lab_survey")), opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1), state="open",
    )  # fmt: skip
    invitation = Invitation.objects.create(
        wave=wave, lab=lab, scheme="dx", bureau=lab.region.bureau.code, region_kind=lab.region.kind
    )
    person = Membership.objects.filter(lab=lab, role="lab_office").order_by("pk")[0].person
    office = viewer_for(person, on=timezone.localdate())
    sheet = start_answering(invitation=invitation, by=office)
    answers = {"status": "active", "direction": "move", "issues": ["other"], "office_people": "1"}
    write_answers(sheet=sheet, by=office, values=answers | {"comment": f"意見秘{where}"})
    send_answers(invitation=invitation, by=office)
    invitation.refresh_from_db()
    public = Wave.objects.get(label="2024年1月").pk
    keys = {
        "survey_wave": {"pk": wave.pk},
        "survey_file": {"pk": wave.pk, "kind": "csv"},
        "survey_public": {"pk": public},
        "survey_public_file": {"pk": public, "kind": "csv"},
        "survey_invitation": {"pk": invitation.pk},
    }

    def rewrite(text: str) -> Any:
        assert invitation.snapshot is not None
        answers = invitation.snapshot.answers | {"comment": text}
        return type(invitation.snapshot).objects.filter(pk=invitation.snapshot_id).update(answers=answers)

    return keys, {f"意見秘{where}": ("sent", rewrite)}
