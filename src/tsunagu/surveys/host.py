"""Invitations to a survey as hosts of answer sheets: who may open one, what is known already, what sending does."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known, Matter
from tsunagu.questionnaires.models import Right, Sheet
from tsunagu.registry.kinds import Status
from tsunagu.registry.models import Lab
from tsunagu.registry.selectors import dossier
from tsunagu.sharing.viewer import Viewer
from tsunagu.surveys.models import Invitation
from tsunagu.surveys.services import answering

KIND = answering.KIND


def invitation_of(sheet: Sheet) -> Invitation:
    """The invitation a sheet belongs to."""
    number = int(sheet.subject.partition(":")[2])
    return Invitation.objects.select_related("wave__survey", "lab__region__bureau").get(pk=number)


class SurveyHost:
    """Answer sheets of surveys."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        """The lab's own office writes and sends; of a named wave the staff in charge read what was sent."""
        one = invitation_of(sheet)
        if one.lab_id in viewer.office_lab_ids:
            return Right.SUBMIT
        if one.wave.is_anonymous or not sheet.is_locked or one.snapshot_id is None:
            return None
        in_charge = viewer.is_secretariat or one.lab.region.bureau.code in viewer.bureau_codes
        return Right.VIEW if in_charge else None

    def matter(self, sheet: Sheet) -> Matter:
        """What the pages say of it."""
        one = invitation_of(sheet)
        if one.wave.is_anonymous:
            who_sees = _("だれも、どのラボの回答かを知りません。答えたかどうかだけが事務局に分かります。")
            send_words = _("送ると、回答はラボから切り離され、直したり取り消したりできなくなります。")
        else:
            who_sees = _(
                "ラボの事務局。送ったあとは、制度の事務局と担当の経済産業局。公開するのは、少数を隠した集計だけです。"
            )
            send_words = _("送ったあとも、締切までは直して送り直せます。")
        return Matter(
            title=str(one.wave),
            address=reverse("survey:invitation", args=[one.pk]),
            closes_at=one.closes_at(one.wave),
            who_sees=who_sees,
            send_label=_("回答を送る"),
            send_words=send_words,
        )

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        """What the registry knows of the lab; of an anonymous sheet nothing, since a fact would name the lab."""
        return {} if sheet.is_fleeting or sheet.lab is None else facts_of(sheet.lab)

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Send it. Raises `NotSent`."""
        one = invitation_of(sheet)
        answering.send_answers(invitation=one, by=by)
        return reverse("survey:invitation", args=[one.pk])


def facts_of(lab: Lab) -> dict[str, Known]:
    """What surveys ask that the registry holds: that a lab rests, with since when."""
    found = dossier(Viewer(), lab.slug)
    record = found.record.on(timezone.localdate()) if found else None
    current = record.current if record and record.designations else None
    if current is None or current.status is not Status.DORMANT or current.since is None:
        return {}
    source = _("登録簿（休止 %(when)s から）") % {"when": current.since.latest.isoformat()[:7]}
    return {"lab.activity_status": Known("dormant", source)}
