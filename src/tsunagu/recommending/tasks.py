"""What workers do for recommendations."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.recommending.services import companion, following


@app.task(name=companion.LOOK_AT, queue=WORK_QUEUE)
def look_at(*, part_id: int) -> None:
    """Open one page."""
    companion.look_at(part_id=part_id)


# 7:35 in Japan: before the day's reminder mail.
@app.periodic(cron="35 22 * * *")
@app.task(name="recommending.remind", queue=WORK_QUEUE, queueing_lock="recommending.remind")
def remind_of_filings(timestamp: int) -> None:
    """Reminders of filings that are due."""
    following.remind_of_filings()
