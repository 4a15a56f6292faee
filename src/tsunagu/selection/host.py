"""Applications as hosts of answer sheets: who may open one, until when, and what sending does."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.questionnaires.facts import facts_of
from tsunagu.questionnaires.hosting import Known, Matter
from tsunagu.questionnaires.models import CRITERIA, Right, Sheet
from tsunagu.selection import selectors
from tsunagu.selection.models import Application
from tsunagu.selection.services import applying
from tsunagu.selection.services.timeline import database_now
from tsunagu.sharing.viewer import Viewer


def application_of(sheet: Sheet) -> Application:
    """The application a sheet belongs to."""
    number = int(sheet.subject.partition(":")[2])
    return Application.objects.select_related("call", "cutoff", "owner", "lab__region").get(pk=number)


class ApplicationHost:
    """Answer sheets of applications."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        """The lab's own office may write and send; the secretariat and the bureau in charge read what was sent."""
        if sheet.lab_id is not None and sheet.lab_id in viewer.office_lab_ids:
            return Right.SUBMIT
        number = int(sheet.subject.partition(":")[2])
        return Right.VIEW if selectors.staff_applications(viewer).filter(pk=number).exists() else None

    def matter(self, sheet: Sheet) -> Matter:
        """What the pages say of it."""
        application = application_of(sheet)
        return Matter(
            title=str(application),
            address=reverse("applications:application", args=[application.key]),
            number=application.number,
            closes_at=selectors.deadline_of(application),
            who_sees=_("申請者と共同で書く人。提出したあとは、制度の事務局・担当の経済産業局・審査員"),
            criteria=tuple((code, str(label)) for code, label in CRITERIA),
            send_label=_("もう一度提出する") if application.number else _("提出する"),
        )

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        """What the registry knows of the lab."""
        return facts_of(sheet.lab) if sheet.lab is not None else {}

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Send the application. Raises `NotSent`."""
        application = application_of(sheet)
        applying.submit_application(application=application, by=by, received_at=database_now())
        return reverse("applications:receipt", args=[application.key])
