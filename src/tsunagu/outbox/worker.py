"""The worker: does the jobs in the queue until asked to stop. Any number may run side by side on one database."""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from tsunagu.outbox.jobs import MAIL_QUEUE, WORK_QUEUE
from tsunagu.outbox.services.delivering import SILENT_WORKER

WORK_CONCURRENCY = 2
HEARTBEAT = 5.0
# What rooms above run in threads of their own for as long as a worker works.
BESIDE: list[Callable[[], object]] = []
POLLING = 3.0


def run_worker(*, mails_at_once: int, patience: float) -> int:
    """Work until SIGTERM or SIGINT, then let running jobs end within `patience` seconds. Returns the exit code.

    What has not ended by then is broken off; another worker takes it up (services.delivering).
    """
    for begin in BESIDE:
        begin()
    return asyncio.run(_work(mails_at_once, patience))


async def _work(mails_at_once: int, patience: float) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(mails_at_once + WORK_CONCURRENCY + 2))
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with app.replace_connector(connector):
        async with app.open_async():
            workers = [
                asyncio.create_task(_serve([MAIL_QUEUE], mails_at_once)),
                asyncio.create_task(_serve([WORK_QUEUE, "builtin"], WORK_CONCURRENCY)),
            ]
            asking = asyncio.create_task(asked.wait())
            await asyncio.wait([*workers, asking], return_when=asyncio.FIRST_COMPLETED)
            asking.cancel()
            for worker in workers:
                worker.cancel()
            _done, unfinished = await asyncio.wait(workers, timeout=patience)
            code = 0 if asked.is_set() else 1
            if unfinished:
                # A thread that waits for a mail server cannot be ended by anything gentler.
                os._exit(code)
    return code


async def _serve(queues: list[str], concurrency: int) -> None:
    await app.run_worker_async(
        queues=queues,
        name="+".join(queues),
        concurrency=concurrency,
        fetch_job_polling_interval=POLLING,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENT_WORKER.total_seconds(),
    )
