"""What workers do for open data."""

from procrastinate.contrib.django import app

from tsunagu.api import stating
from tsunagu.api.services import answering
from tsunagu.outbox.jobs import WORK_QUEUE


@app.periodic(cron="*/10 * * * *")
@app.task(name="api.look_at_tables", queue=WORK_QUEUE, queueing_lock="api.look_at_tables")
def look_at_tables(timestamp: int) -> None:
    """Every ten minutes: note which public tables changed."""
    stating.look_at_all()


@app.periodic(cron="40 18 * * *")
@app.task(name="api.forget", queue=WORK_QUEUE, queueing_lock="api.forget")
def forget(timestamp: int) -> None:
    """Every night (03:40 in Japan): forget answers kept for requests sent twice."""
    answering.forget_old()
