"""What workers do for selection."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.selection import reminding
from tsunagu.selection.services import deciding


@app.task(name=deciding.ANNOUNCE, queue=WORK_QUEUE)
def announce_batch(*, batch_id: int) -> None:
    """At the announced hour: results show and labs come to be."""
    deciding.announce_batch(batch_id=batch_id)


@app.periodic(cron="* * * * *")
@app.task(name="selection.announce_due", queue=WORK_QUEUE, queueing_lock="selection.announce_due")
def announce_due(timestamp: int) -> None:
    """Every minute: announce what a lost job left."""
    deciding.announce_due()


# 8:05 in Japan.
@app.periodic(cron="5 23 * * *")
@app.task(name="selection.remind", queue=WORK_QUEUE, queueing_lock="selection.remind")
def remind(timestamp: int) -> None:
    """Every morning: remind owners of drafts that are not sent, and of conditions that fall due."""
    reminding.remind_of_drafts()
    reminding.remind_of_conditions()
