"""Questionnaires of Co-LEAD as hosts of answer sheets: one's own alone; others read only sums."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known, Matter
from tsunagu.questionnaires.models import Right, Sheet
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import PointAnswer
from tsunagu.talent.services import asking

KIND = asking.KIND


def answer_of(sheet: Sheet) -> PointAnswer:
    """The person and point a sheet belongs to."""
    return PointAnswer.objects.select_related("edition__form").get(pk=int(sheet.subject.partition(":")[2]))


class PointHost:
    """Answer sheets of the three points."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        """Whoever is asked writes and sends; nobody else reads single answers."""
        one = answer_of(sheet)
        return Right.SUBMIT if one.person_id == viewer.person_id else None

    def matter(self, sheet: Sheet) -> Matter:
        """What the pages say of it."""
        return Matter(
            title=asking.label_of(answer_of(sheet)),
            address=reverse("co_lead_desk:own"),
            who_sees=_(
                "だれも、あなたの回答を単独では見ません。少数を隠した集計だけが、コーディネーターと最終報告に出ます。"
            ),
            send_label=_("回答を送る"),
            send_words=_("送ると直せません。"),
        )

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        """The side somebody takes part on."""
        return {asking.SIDE: Known(answer_of(sheet).side, _("登録した立場"))}

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Send it. Raises `NotSent`."""
        asking.send_answers(answer=answer_of(sheet), by=by)
        return reverse("co_lead_desk:own")
