"""What workers do for Co-LEAD."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.talent import telling
from tsunagu.talent.models import Team, TeamState
from tsunagu.talent.rules import monday_of
from tsunagu.talent.selectors.board import progress_of
from tsunagu.talent.services.asking import ask_all
from tsunagu.talent.services.forgetting import forget_due, warn_due


@app.periodic(cron="20 22 * * *")
@app.task(name="talent.daily", queue=WORK_QUEUE, queueing_lock="talent.daily")
def daily(timestamp: int) -> None:
    """Every morning (07:20 in Japan): questionnaires that are due, weeks nobody noted, stalls, data whose day is over."""
    today = timezone.localdate()
    ask_all(today=today)
    for team in Team.objects.filter(state=TeamState.RUNNING).select_related(
        "edition", "brief__company__contact"
    ):
        _look_at(team)
    warn_due(today=today)
    forget_due(today=today)


def _look_at(team: Team) -> None:
    """Once a week: a nudge to a team that did not note the last one, an alarm to the coordinators where it stalls."""
    today = timezone.localdate()
    week = monday_of(today)
    seen = progress_of([team], today=today)[team.pk]
    if today.weekday() == 0 and not team.notes.filter(week_of__gte=week - timedelta(days=7)).exists():
        telling.tell_team(
            team, _("「%(title)s」: 先週の記録がまだです。ひとことだけ書いてください。"), f"week:{week}"
        )
    if seen.stalls:
        line = _("「%(title)s」のチームが止まっています。%(why)s")
        telling.tell_coordinators(
            team.edition, line % {"title": team.brief.title, "why": "".join(seen.stalls)}, f"stall:{team.pk}:{week}", team=team
        )  # fmt: skip
