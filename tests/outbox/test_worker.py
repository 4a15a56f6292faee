"""Real worker processes on the test database, and kill -9."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from tests.outbox.conftest import Post, wait_until
from tests.outbox.test_writing import put

from tsunagu.outbox.jobs import QUEUES, put_job
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import MailState


def test_every_task_is_on_a_queue_that_workers_serve() -> None:
    served = {*QUEUES, "builtin"}
    assert {name: task.queue for name, task in app.tasks.items() if task.queue not in served} == {}


def test_two_workers_one_killed_while_sending_lose_nothing(
    committed: str, post: Post, worker: Callable[[], Any]
) -> None:
    post.seconds_per_mail = 1.0
    for number in range(18):
        put(f"{committed}{number}", draft=False, to_email=f"p{number}@example.invalid")
    mails = Mail.objects.filter(key__startswith=committed)
    victim = worker()
    wait_until(lambda: mails.filter(state=MailState.SENDING).count() >= 3)
    worker()
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    wait_until(lambda: not mails.exclude(state=MailState.SENT).exists())
    received = Counter(message["Message-ID"] for message in post.received)
    assert set(received) == set(mails.values_list("message_id", flat=True))
    # Only a mail that a dying worker had in its hands may have come twice, and it says so.
    marked = set(mails.filter(maybe_duplicate=True).values_list("message_id", flat=True))
    assert {one for one, times in received.items() if times > 1} <= marked
    assert 1 <= len(marked) <= 6


def test_poison_and_unknown_jobs_do_not_stop_the_rest(
    committed: str, post: Post, worker: Callable[[], Any], tmp_path: Path
) -> None:
    put_job(task="outbox.no_such_task", queue="mail", priority=100)
    put_job(task="outbox.deliver_mail", queue="mail", priority=100, mail_id=0)
    put_job(task="outbox.deliver_mail", queue="mail", priority=100, wrong="argument")
    refused = put(f"{committed}refused", draft=False)
    post.behaviours.append("rcpt 550 unknown")
    process = worker()
    wait_until(lambda: Mail.objects.get(pk=refused.pk).state == MailState.DEAD)
    fine = put(f"{committed}fine", draft=False)
    secret = put(f"{committed}secret", draft=False, is_secret=True, body="TOKEN-9")
    wait_until(lambda: Mail.objects.filter(pk__in=[fine.pk, secret.pk], state=MailState.SENT).count() == 2)
    process.terminate()
    assert process.wait(30) == 0
    assert not ProcrastinateWorker.objects.exists()
    assert ProcrastinateJob.objects.filter(status="failed").count() == 2
    log = (tmp_path / "worker-0.log").read_text()
    assert "TOKEN-9" not in log
    assert "taro@example.invalid" not in log


def test_a_worker_asked_to_stop_finishes_its_mail(
    committed: str, post: Post, worker: Callable[[], Any]
) -> None:
    post.seconds_per_mail = 1.5
    mail = put(f"{committed}a", draft=False)
    process = worker()
    wait_until(lambda: post.handed == 1)
    process.terminate()
    assert process.wait(30) == 0
    mail.refresh_from_db()
    assert (mail.state, mail.maybe_duplicate) == (MailState.SENT, False)


def test_a_worker_that_waits_for_a_hanging_server_ends_all_the_same(
    committed: str, post: Post, worker: Callable[[], Any]
) -> None:
    post.behaviours.append("hang")
    mail = put(f"{committed}a", draft=False)
    process = worker()
    wait_until(lambda: post.handed == 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING
    assert mail.claimed_at
    assert mail.claimed_at < timezone.now()
