"""Applications as hosts of answer sheets: who may open one, until when, and what sending does."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known, Matter
from tsunagu.questionnaires.models import CRITERIA, Right, Sheet
from tsunagu.registry.models import Lab, LabContact
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


def facts_of(lab: Lab) -> dict[str, Known]:
    """What the registry holds of a lab, by data element."""
    source = _("登録簿")
    facts: dict[str, Known] = {}
    region = lab.region
    if lab.name:
        facts["lab.name"] = Known(lab.name, source, lab.updated_at)
    facts["lab.region"] = Known({"code": region.code, "name": region.name}, source)
    if lab.summary:
        facts["lab.summary"] = Known(lab.summary, source, lab.updated_at)
    members: list[dict[str, Any]] = [
        {
            "organisation": {
                "name": one.organisation.name,
                "corporate_number": one.organisation.corporate_number,
            },
            "kind": one.organisation.kind,
            "role": one.get_role_display(),
        }
        for one in lab.members.filter(valid_to=None).select_related("organisation")
    ]
    if members:
        facts["lab.members"] = Known(members, source)
    contact = LabContact.objects.filter(lab=lab).order_by("pk").first()
    if contact is not None:
        facts["lab.office"] = Known(contact.desk, source)
    return facts
