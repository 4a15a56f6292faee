"""Trying a form out: the whole way as an applicant, with nobody's data but one's own, gone after a week."""

from collections.abc import Mapping
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.flow import problems
from tsunagu.questionnaires.hosting import Known, Matter, NotSent
from tsunagu.questionnaires.models import CRITERIA, FormVersion, Right, Sheet
from tsunagu.questionnaires.services.versions import answers_of
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.sharing.viewer import Viewer

KIND = "trial"
LIFETIME = timedelta(days=7)


class TrialHost:
    """Trial sheets: only for the person who began one."""

    def right(self, sheet: Sheet, viewer: Viewer) -> Right | None:
        return None

    def matter(self, sheet: Sheet) -> Matter:
        return Matter(
            title=_("試し: %(title)s") % {"title": sheet.form_version.form.title},
            address=reverse("forms:draft", args=[sheet.form_version.form_id]),
            who_sees=_("自分だけ（7日たつと消えます）"),
            criteria=tuple((code, str(label)) for code, label in CRITERIA),
            send_label=_("提出を試す"),
        )

    def known(self, sheet: Sheet) -> Mapping[str, Known]:
        return {}

    def send(self, sheet: Sheet, by: Viewer) -> str:
        """Nothing is sent: everything is checked, and the page says that it would have been."""
        wrong = problems(sheet.definition, answers_of(sheet))
        if wrong:
            raise NotSent(_("直すところが%(count)d件あります。") % {"count": len(wrong)}, tuple(wrong))
        raise NotSent(_("すべて書けています。本番なら、ここで提出されます。"))


def begin_trial(*, version: FormVersion, by: Viewer) -> Sheet:
    """A fresh trial sheet of a version, draft or published."""
    Sheet.objects.filter(subject=f"{KIND}:{by.signed_in_id}:{version.pk}").delete()
    return start_sheet(version=version, subject=f"{KIND}:{by.signed_in_id}:{version.pk}", by=by)


def forget_trials() -> int:
    """Remove trial sheets older than a week; returns how many."""
    old = Sheet.objects.filter(subject__startswith=f"{KIND}:", made_at__lt=timezone.now() - LIFETIME)
    return old.delete()[1].get("questionnaires.Sheet", 0)
