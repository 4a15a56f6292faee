"""Putting work into the queue: a job is written in the caller's own transaction and starts once that is kept."""

from collections.abc import Sequence
from datetime import datetime

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONDict

# A worker serves the two apart: a mail server that hangs never stops the rest.
MAIL_QUEUE, WORK_QUEUE = "mail", "work"
QUEUES = (MAIL_QUEUE, WORK_QUEUE)


def job_manager() -> JobManager:
    """The queue over Django's own connection, also inside a worker, whose app has connections of its own."""
    return JobManager(DjangoConnector())


def put_job(
    *,
    task: str,
    at: datetime | None = None,
    queue: str = WORK_QUEUE,
    priority: int = 0,
    **arguments: int | str,
) -> int:
    """Queue a task by its name; returns the job's number. Arguments show in logs: numbers of records, never secrets."""
    job = configure_task(
        name=task,
        job_manager=job_manager(),
        queue=queue,
        schedule_at=at,
        priority=priority,
    )
    return job.defer(**arguments)


def put_jobs(*, task: str, queue: str = WORK_QUEUE, argument: str, values: Sequence[int]) -> list[int]:
    """Queue one job for each value, all at once; returns their numbers in the same order."""
    if not values:
        return []
    job = configure_task(name=task, job_manager=job_manager(), queue=queue)
    arguments: list[JSONDict] = [{argument: value} for value in values]
    return job.batch_defer(*arguments)
