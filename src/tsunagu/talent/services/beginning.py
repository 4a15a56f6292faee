"""What begins with a team: its plan, the lab's log, the way to DX認定, the first questions. Each fact is entered once."""

from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.services import record_activity
from tsunagu.recommending.models import Company as SupportedCompany
from tsunagu.sharing.viewer import Viewer
from tsunagu.talent import telling
from tsunagu.talent.models import Milestone, OutcomeType, Team, TeamState
from tsunagu.talent.plan import first_plan
from tsunagu.talent.services.asking import ask_team

KIND = "accompaniment"


def begin(*, team: Team) -> None:
    """Everybody said yes: the team runs."""
    now = timezone.now()
    team.state, team.agreed_at = TeamState.RUNNING, now
    team.save(update_fields=["state", "agreed_at"])
    today = timezone.localdate(now)
    begins = max(today, team.edition.starts_on or today)
    steps = first_plan(team.edition.outcome_type, begins=begins, reports_on=team.edition.reports_on)
    Milestone.objects.bulk_create(
        Milestone(team=team, position=number, title=title, due_on=due)
        for number, (title, due) in enumerate(steps)
    )
    log_with_the_lab(team)
    _open_the_way_to_nintei(team)
    ask_team(team=team, today=today)
    telling.tell_team(
        team, _("「%(title)s」のチームが始まりました。計画と週の記録は、チームのページにあります。"), "began"
    )


def log_with_the_lab(team: Team) -> None:
    """The accompaniment stands in the log of the lab beside it, kept to the parties: the company is named nowhere."""
    lab = team.brief.company.lab
    if lab is None or team.agreed_at is None:
        return
    ended = timezone.localdate(team.ended_at) if team.ended_at else None
    record_activity(
        lab=lab, kind=KIND, title=_("ふるさとCo-LEAD: %(title)s") % {"title": team.brief.title},
        started_on=timezone.localdate(team.agreed_at), ended_on=ended, origin="co_lead", origin_key=f"team:{team.pk}",
        by=Viewer(), people=1 + team.seats.count(), summary=team.brief.gist, audience="parties",
    )  # fmt: skip


def _open_the_way_to_nintei(team: Team) -> None:
    """For an edition towards DX認定 the lab's page of the five pillars is there at once."""
    company = team.brief.company
    if team.edition.outcome_type != OutcomeType.NINTEI or company.lab is None or company.organisation is None:
        return
    SupportedCompany.objects.get_or_create(
        lab=company.lab, organisation=company.organisation, defaults={"staff": company.staff}
    )
