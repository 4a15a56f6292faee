"""What workers do for the search, besides keeping the index."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.search.services import indexing, saving


@app.periodic(cron="*/5 * * * *")
@app.task(name="search.timed", queue=WORK_QUEUE, queueing_lock="search.timed")
def timed(timestamp: int) -> None:
    """Every five minutes: look again at what becomes public by the clock."""
    indexing.mark_timed()


@app.periodic(cron="20 18 * * *")
@app.task(name="search.heal", queue=WORK_QUEUE, queueing_lock="search.heal")
def heal(timestamp: int) -> None:
    """Every night (03:20 in Japan): compare the index with the records and put right what differs."""
    indexing.heal()


@app.task(name="search.rebuild", queue=WORK_QUEUE, queueing_lock="search.rebuild")
def rebuild() -> None:
    """When the secretariat asks for it: make the index anew."""
    indexing.rebuild()


@app.periodic(cron="0 22 * * *")
@app.task(name="search.tell", queue=WORK_QUEUE, queueing_lock="search.tell")
def tell(timestamp: int) -> None:
    """Every morning (07:00 in Japan): tell people what their saved searches newly find."""
    saving.tell_all()
