"""What workers do for surveys."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.surveys.services import waves


@app.periodic(cron="*/5 * * * *")
@app.task(name="surveys.close_due", queue=WORK_QUEUE, queueing_lock="surveys.close_due")
def close_due(timestamp: int) -> None:
    """Every five minutes: close the waves whose time is over."""
    waves.close_due()
