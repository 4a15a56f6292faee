"""What workers do for forms every night."""

from procrastinate.contrib.django import app

from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.questionnaires.trial import forget_trials


# 3:15 in Japan.
@app.periodic(cron="15 18 * * *")
@app.task(name="questionnaires.clear", queue=WORK_QUEUE, queueing_lock="questionnaires.clear")
def clear(timestamp: int) -> None:
    """Forget trial sheets."""
    forget_trials()
