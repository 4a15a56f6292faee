"""What workers do for the outbox. Their arguments are numbers of records: they show in logs."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from tsunagu.outbox import services
from tsunagu.outbox.jobs import MAIL_QUEUE, WORK_QUEUE
from tsunagu.outbox.services.writing import DELIVER

FAILED_JOBS_KEPT_HOURS = 30 * 24


@app.task(name=DELIVER, queue=MAIL_QUEUE, pass_context=True)
def deliver_mail(context: JobContext, *, mail_id: int) -> None:
    """Attempt one delivery."""
    services.deliver(mail_id=mail_id, job_id=context.job.id)


@app.periodic(cron="* * * * *")
@app.task(name="outbox.sweep", queue=WORK_QUEUE, queueing_lock="outbox.sweep", priority=100)
def sweep(timestamp: int) -> None:
    """Every minute: wake mails that were left, and write the reminder mails whose day has come."""
    services.wake_waiting_mails()
    services.send_digests()


# Six fields: the last are seconds. With the silence allowed to a worker (25 s) a killed job runs again within 45 s.
@app.periodic(cron="* * * * * */15")
@app.task(name="outbox.recover", queue=WORK_QUEUE, queueing_lock="outbox.recover", priority=100)
def recover(timestamp: int) -> None:
    """Start the jobs of dead workers again."""
    services.recover_stalled_jobs()


@app.periodic(cron="17 18 * * *")
@app.task(name="outbox.clear", queue=WORK_QUEUE, queueing_lock="outbox.clear", pass_context=True)
async def clear(context: JobContext, timestamp: int) -> None:
    """Every night: forget failed jobs after a month (finished ones go at once)."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOBS_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
