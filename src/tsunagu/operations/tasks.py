"""What the workers do every night by themselves: clean up, and prove the promises again."""

import time

from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from tsunagu.files.services import scrub_files, sweep_orphans
from tsunagu.history.services import verify
from tsunagu.operations.models import CheckKind
from tsunagu.operations.services import record_run
from tsunagu.outbox.jobs import WORK_QUEUE
from tsunagu.sharing.kept_input import forget_old_input
from tsunagu.sharing.limits import forget_old
from tsunagu.sharing.sent_once import forget_old_forms


# Hours in UTC: 3:10, 3:20 and 3:40 in Japan.
@app.periodic(cron="10 18 * * *")
@app.task(name="operations.clear", queue=WORK_QUEUE, queueing_lock="operations.clear")
def clear(timestamp: int) -> None:
    """Forget what was kept for a time only."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_old()
    forget_old_forms()
    forget_old_input()


@app.periodic(cron="20 18 * * *")
@app.task(name="operations.verify", queue=WORK_QUEUE, queueing_lock="operations.verify")
def verify_history(timestamp: int) -> None:
    """Check the chain of the history and keep its head."""
    started = time.monotonic()
    report = verify()
    record_run(
        kind=CheckKind.VERIFY,
        ok=report.ok,
        seconds=time.monotonic() - started,
        seals=report.seals,
        changes=report.changes,
    )


@app.periodic(cron="40 18 * * *")
@app.task(name="operations.scrub", queue=WORK_QUEUE, queueing_lock="operations.scrub")
def scrub(timestamp: int) -> None:
    """Read every stored file again; remove what no record names."""
    started = time.monotonic()
    found = scrub_files()
    sweep_orphans()
    record_run(
        kind=CheckKind.SCRUB,
        ok=found.ok,
        seconds=time.monotonic() - started,
        files=found.files,
        missing=found.missing[:20],
        altered=found.altered[:20],
    )
