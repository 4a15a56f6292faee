"""What workers do for reports."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.reporting import telling


# 8:15 in Japan.
@app.periodic(cron="15 23 * * *")
@app.task(name="reporting.remind", queue=WORK_QUEUE, queueing_lock="reporting.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind the labs whose reports are late, and nobody else."""
    telling.remind_the_late()
