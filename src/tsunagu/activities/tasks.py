"""What workers do for the log."""

from procrastinate.contrib.django import app

from tsunagu.activities.services.rolling import catch_up
from tsunagu.outbox.jobs import WORK_QUEUE


@app.periodic(cron="* * * * *")
@app.task(name="activities.roll_up", queue=WORK_QUEUE, queueing_lock="activities.roll_up")
def roll_up(timestamp: int) -> None:
    """Bring the national counts up to date, so that nobody who reads them waits for it."""
    catch_up()
