"""The questionnaires at three points: who is asked when, beginning to answer, sending."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.questionnaires.hosting import Known, NotSent
from tsunagu.questionnaires.models import Form, Sheet
from tsunagu.questionnaires.services.forms import current_version
from tsunagu.questionnaires.services.sending import close_sheet
from tsunagu.questionnaires.services.writing import start_sheet
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent import telling
from tsunagu.talent.models import Edition, Kind, Point, PointAnswer, Step, Team, TeamState
from tsunagu.talent.rules import NotAllowed, points_due

KIND = "co_lead"
SHIPPED_FORM = "co_lead_points"
SIDE = "co_lead.side"


def form_of(edition: Edition) -> Form | None:
    """The form an edition asks with: its own, or the shipped one."""
    return edition.form or Form.objects.filter(key=SHIPPED_FORM).first()


def people_of(team: Team) -> list[tuple[int, str]]:
    """Everybody of a team with their side."""
    members = team.seats.values_list("entry__talent__person_id", flat=True)
    return [
        (team.brief.company.contact_id, Kind.COMPANY.value),
        *((one, Kind.TALENT.value) for one in members),
    ]


@transaction.atomic
def ask_team(*, team: Team, today: date) -> int:
    """Ask everybody of a team for each point that has come and they were not asked at; returns how many were asked now."""
    edition, asked = team.edition, 0
    started = edition.starts_on or (timezone.localdate(team.agreed_at) if team.agreed_at else today)
    due = points_due(today=today, starts_on=min(started, today), reports_on=edition.reports_on)
    for person, side in people_of(team):
        for point in due:
            one, made = PointAnswer.objects.get_or_create(
                edition=edition, person_id=person, side=side, point=point, defaults={"asked_on": today}
            )
            if made:
                asked += 1
                telling.tell_asked(one)
    return asked


def ask_all(*, today: date) -> int:
    """Ask wherever a point has come. Harmless any number of times."""
    teams = Team.objects.filter(
        state__in=[TeamState.RUNNING, TeamState.DONE], edition__step__in=[Step.PAIRING, Step.RUNNING]
    ).select_related("edition", "brief__company")
    return sum(ask_team(team=one, today=today) for one in teams)


@transaction.atomic
def start_answering(*, answer: PointAnswer, by: Viewer) -> Sheet:
    """One's own sheet, the side already filled in. Raises `NotAllowed`."""
    one = (
        PointAnswer.objects.select_for_update(of=("self",))
        .select_related("edition__form", "sheet")
        .get(pk=answer.pk)
    )
    if one.sheet is not None:
        return one.sheet
    form = form_of(one.edition)
    version = current_version(form) if form else None
    if version is None or one.edition.step == Step.REPORTED:
        raise NotAllowed(_("このアンケートは、いまは受け付けていません。"))
    one.sheet = start_sheet(
        version=version, subject=f"{KIND}:{one.pk}", by=by,
        known={SIDE: Known(one.side, _("登録した立場"))},
    )  # fmt: skip
    one.save(update_fields=["sheet"])
    return one.sheet


@transaction.atomic
def send_answers(*, answer: PointAnswer, by: Viewer) -> None:
    """Send the answers. Raises `NotSent`."""
    one = (
        PointAnswer.objects.select_for_update(of=("self",))
        .select_related("edition", "sheet")
        .get(pk=answer.pk)
    )
    if one.sheet is None or one.edition.step == Step.REPORTED:
        raise NotSent(_("このアンケートは、いまは受け付けていません。"))
    one.snapshot = close_sheet(sheet=one.sheet, by=by)
    one.answered_on = timezone.localdate()
    one.save(update_fields=["snapshot", "answered_on"])


def label_of(answer: PointAnswer) -> str:
    """What the questionnaire is called."""
    return _("%(edition)s アンケート（%(point)s）") % {
        "edition": answer.edition, "point": Point(answer.point).label,
    }  # fmt: skip
