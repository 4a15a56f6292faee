"""What workers do for the transition every morning."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.transition import services


# 0:05 and 8:10 in Japan.
@app.periodic(cron="5 15 * * *")
@app.task(name="transition.end_support", queue=WORK_QUEUE, queueing_lock="transition.end_support")
def end_support(timestamp: int) -> None:
    """On the day support ends, record it."""
    services.end_support()


@app.periodic(cron="10 23 * * *")
@app.task(name="transition.notices", queue=WORK_QUEUE, queueing_lock="transition.notices")
def send_notices(timestamp: int) -> None:
    """Drafts of notices whose day has come."""
    services.send_notices()
