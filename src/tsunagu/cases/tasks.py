"""What workers do for cases."""

from procrastinate.contrib.django import app

from tsunagu.cases.services import writing
from tsunagu.outbox.jobs import WORK_QUEUE


@app.periodic(cron="0 0 * * *")
@app.task(name="cases.stale", queue=WORK_QUEUE, queueing_lock="cases.stale")
def stale(timestamp: int) -> None:
    """Every day (09:00 in Japan): ask the owners of cases nobody has confirmed for a year; each once a month."""
    writing.ask_stale_owners()
