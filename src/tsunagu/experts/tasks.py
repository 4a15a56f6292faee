"""What workers do for dispatches."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from tsunagu.experts import telling
from tsunagu.experts.models import Expert, FollowUp, Offer
from tsunagu.experts.services.offering import nudge
from tsunagu.outbox.jobs import WORK_QUEUE

A_YEAR = timedelta(days=365)


@app.periodic(cron="10 22 * * *")
@app.task(name="experts.daily", queue=WORK_QUEUE, queueing_lock="experts.daily")
def daily(timestamp: int) -> None:
    """Every morning (07:10 in Japan): first contacts that did not happen, follow-ups, entries nobody confirmed for a year."""
    today = timezone.localdate()
    quiet = Offer.objects.filter(agreed_at__isnull=False, ended_at=None, first_contact_on=None, visits=None)
    nudge(quiet.select_related("request__lab__region", "expert__person"), today=today)
    for one in FollowUp.objects.filter(due_on__lte=today, answered_at=None).select_related("offer__request"):
        telling.tell_follow_up(one)
    for expert in Expert.objects.filter(is_listed=True, confirmed_on__lte=today - A_YEAR).select_related(
        "person"
    ):
        telling.tell_to_confirm(expert)
