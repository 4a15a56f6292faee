"""Reports as hosts of answer sheets."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known, Matter
from tsunagu.questionnaires.models import Right, Sheet
from tsunagu.questionnaires.values import Problem, Value
from tsunagu.registry.selectors import staff_labs
from tsunagu.reporting import prefill
from tsunagu.reporting.models import Report
from tsunagu.reporting.rules import WITH_THE_STAFF, doubts
from tsunagu.reporting.services import writing
from tsunagu.sharing.viewer import Viewer


def report_of(sheet: Sheet) -> Report:
    """The report a sheet belongs to."""
    found = Report.objects.select_related("year__form", "lab__region__bureau", "sheet")
    return found.get(pk=int(sheet.subject.partition(":")[2]))


class ReportHost:
    """Answer sheets of annual reports."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        """The lab's own office writes and sends; the secretariat and the bureau in charge read what was sent,
        but not while it is being mended."""
        if sheet.lab_id in viewer.office_lab_ids:
            return Right.SUBMIT
        if not viewer.is_staff or not staff_labs(viewer).filter(pk=sheet.lab_id or 0).exists():
            return None
        return Right.VIEW if report_of(sheet).state in WITH_THE_STAFF else None

    def matter(self, sheet: Sheet) -> Matter:
        """What the pages say of it."""
        report = report_of(sheet)
        return Matter(
            title=str(report),
            address=reverse("reporting:report", args=[report.pk]),
            closes_at=report.due_at,
            who_sees=_(
                "あなたのラボと共同で書く人。提出したあとは、制度の事務局と担当の経済産業局。受理のあと、公開に同意した要約・活動の件数・指標の実績はだれでも"
            ),
            send_words=_(
                "提出すると、制度の事務局と担当の経済産業局が確かめます。直すところがあれば、その章だけが戻ります。受理されると、活動の件数と指標の実績がラボの公開ページに載ります（公開に同意したとき）。"
            ),
        )

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        """Everything the product knows for the report."""
        return prefill.known(report_of(sheet))

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Send the report. Raises `NotSent`."""
        report = writing.submit_report(report=report_of(sheet), by=by)
        return reverse("reporting:report", args=[report.pk])

    def doubts(self, sheet: Sheet, answers: Mapping[str, Value]) -> list[Problem]:
        """Values far off last year's, texts left as they were."""
        found = []
        for one in doubts(answers, prefill.last_answers(report_of(sheet))):
            section = sheet.definition.section_of(one.field)
            found.append(
                Problem(
                    one.field,
                    one.message,
                    row=one.row,
                    column=one.column,
                    section=section.key if section else "",
                )
            )
        return found

    def worked(self, sheet: Sheet, section: str, viewer: Viewer) -> None:
        """Count the time, where the lab agreed."""
        if sheet.lab_id in viewer.office_lab_ids:
            report = Report.objects.only("pk", "measures_time").get(pk=int(sheet.subject.partition(":")[2]))
            writing.note_work(report=report, section=section)
