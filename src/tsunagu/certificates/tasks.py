"""What workers do for certificates and the mark."""

from procrastinate.contrib.django import app

from tsunagu.certificates.services import bulk, links, marks
from tsunagu.outbox.jobs import WORK_QUEUE


@app.task(name=bulk.PRINT_RUN, queue=WORK_QUEUE)
def print_run(*, run_id: int) -> None:
    """Print the certificates of a run."""
    bulk.print_run(run_id=run_id)


@app.task(name=links.CHECK_USE, queue=WORK_QUEUE)
def check_use(*, use_id: int) -> None:
    """Look at one registered page."""
    links.check_use(use_id=use_id)


# Mondays at 4:30 in Japan.
@app.periodic(cron="30 19 * * 0")
@app.task(name="certificates.check_links", queue=WORK_QUEUE, queueing_lock="certificates.check_links")
def check_links(timestamp: int) -> None:
    """Every week: look at all registered pages."""
    links.queue_checks()


# 8:15 in Japan.
@app.periodic(cron="15 23 * * *")
@app.task(name="certificates.stop_notices", queue=WORK_QUEUE, queueing_lock="certificates.stop_notices")
def stop_notices(timestamp: int) -> None:
    """Every morning: drafts of notices to labs whose right to the mark has ended."""
    marks.draft_stop_notices()
