"""Delivering: exactly one attempt at a time, an end for every attempt, and a second look at what got stuck.

An attempt is a claim on the mail (`sending`, committed), the talk with the mail server, and the outcome, which only
the holder of the claim can write. A claim whose job is over or whose worker died is taken up again with the same
Message-ID; the mail is then marked, because the server may have taken it before.
"""

import logging
import time
import uuid
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Status

from tsunagu.outbox import rules, transport
from tsunagu.outbox.jobs import job_manager
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import WAITING, MailState
from tsunagu.outbox.services.writing import put_delivery

logger = logging.getLogger(__name__)

# Longer than any attempt can last (transport: connecting, eight answers, accepting).
LEASE = timedelta(minutes=20)
SETTLING = timedelta(seconds=5)
OVERDUE = timedelta(seconds=30)
WOKEN_AT_ONCE = 500
# A worker says every few seconds that it lives (worker.py).
SILENT_WORKER = timedelta(seconds=25)
JOB_TRIES = 10
# The mail server has the mail: that is worth waiting for a database that is starting anew.
WRITE_TRIES, WRITE_PAUSE = 60, 1.0


def deliver(*, mail_id: int, job_id: int | None = None) -> MailState | None:
    """Attempt one delivery of a mail that is due; returns its state afterwards, None when there was nothing to do.

    Called again for a job whose worker died, it takes that attempt up. Not to be called inside a transaction.
    """
    claim = uuid.uuid4()
    if not _claim(mail_id, claim, job_id):
        return None
    mail = Mail.objects.get(pk=mail_id)
    if mail.interruptions >= rules.INTERRUPTIONS_ALLOWED:
        words = _("送信の途中で%(count)s回止まったため、やめました。") % {"count": mail.interruptions}
        return _write(mail, claim, transport.Undelivered(words, permanent=True, uncertain=True))
    try:
        transport.hand_over(mail)
    except transport.Undelivered as failure:
        return _write(mail, claim, failure)
    except Exception as error:
        # Whatever it is, it must not cost the mail nor stop the ones behind it. Its text could name the recipient.
        logger.error("mail %s: unexpected %s", mail_id, type(error).__name__)
        words = _("送信中に思わぬ誤りが起きました（%(kind)s）。") % {"kind": type(error).__name__}
        return _write(mail, claim, transport.Undelivered(words, uncertain=True))
    return _write(mail, claim, None)


def _claim(mail_id: int, claim: uuid.UUID, job_id: int | None) -> bool:
    taken = {
        "state": MailState.SENDING, "claim": claim, "claimed_at": Now(), "next_try_at": None, "job": job_id,
        "attempts": F("attempts") + 1, "first_tried_at": Coalesce(F("first_tried_at"), Now()),
    }  # fmt: skip
    # Durable: kept before the first word to the server, or a worker that dies would leave no trace of its attempt.
    with transaction.atomic(durable=True):
        due = Mail.objects.filter(pk=mail_id, state__in=WAITING, next_try_at__lte=Now())
        if due.update(**taken):
            return True
        if job_id is None:
            return False
        # The same job runs a second time only when the worker of its first run is known to be dead.
        broken_off = Mail.objects.filter(pk=mail_id, state=MailState.SENDING, job=job_id)
        return bool(broken_off.update(**taken, interruptions=F("interruptions") + 1, maybe_duplicate=True))


def _write(mail: Mail, claim: uuid.UUID, failure: transport.Undelivered | None) -> MailState | None:
    """Write how the attempt ended, also when the database is away for a moment."""
    for left in range(WRITE_TRIES - 1, -1, -1):
        try:
            return _write_outcome(mail.pk, claim, failure)
        except (OperationalError, InterfaceError):
            if not left or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(WRITE_PAUSE)
    return None


@transaction.atomic
def _write_outcome(mail_id: int, claim: uuid.UUID, failure: transport.Undelivered | None) -> MailState | None:
    mail = Mail.objects.select_for_update().filter(pk=mail_id, claim=claim).first()
    if mail is None:
        logger.warning("mail %s: the claim was lost", mail_id)
        return None
    now = timezone.now()
    mail.claim = mail.claimed_at = None
    if failure is None:
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""
    else:
        mail.last_error = failure.words
        mail.maybe_duplicate |= failure.uncertain
        first = mail.first_tried_at or now
        mail.next_try_at = None if failure.permanent else rules.next_try(mail.attempts, first, now)
        mail.state = MailState.RETRYING if mail.next_try_at else MailState.DEAD
    if mail.is_secret and mail.state in rules.FINISHED:
        mail.body = mail.html = ""
    mail.save()
    if mail.state == MailState.RETRYING:
        put_delivery(mail)
    return MailState(mail.state)


@transaction.atomic
def wake_waiting_mails() -> int:
    """Give a job to every mail that should be on its way and has none; returns how many needed it.

    That is: due but without a job (it was removed or failed), or `sending` though its job is over or its lease ran out.
    """
    with_job = Exists(
        ProcrastinateJob.objects.filter(
            pk=OuterRef("job"), status__in=[Status.TODO.value, Status.DOING.value]
        )
    )
    stuck = Q(state=MailState.SENDING) & (
        Q(job__isnull=True, claimed_at__lt=Now() - LEASE)
        | (Q(job__isnull=False, claimed_at__lt=Now() - SETTLING) & ~with_job)
    )
    due = Q(state__in=WAITING, next_try_at__lt=Now() - OVERDUE) & ~with_job
    found = list(
        Mail.objects.filter(stuck | due).select_for_update(skip_locked=True).order_by("pk")[:WOKEN_AT_ONCE]
    )
    for mail in found:
        if mail.state == MailState.SENDING:
            mail.state, mail.next_try_at = MailState.RETRYING, timezone.now()
            mail.claim = mail.claimed_at = None
            mail.interruptions += 1
            mail.maybe_duplicate = True
            mail.last_error = _("送信の途中で止まりました。相手には届いている可能性があります。")
            mail.save()
        put_delivery(mail)
    return len(found)


STALLED = """
SELECT job.id, job.attempts, job.queueing_lock IS NOT NULL
  FROM procrastinate_jobs job
 WHERE job.status = 'doing'
   AND NOT EXISTS (SELECT FROM procrastinate_workers worker
                    WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => %s))
   FOR UPDATE OF job SKIP LOCKED
"""


@transaction.atomic
def recover_stalled_jobs() -> int:
    """Start again the jobs of workers that have fallen silent; returns how many. One that ends every worker is failed.

    Under a row lock, so that two workers looking at the same moment never start one twice.
    """
    manager = job_manager()
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [SILENT_WORKER.total_seconds()])
        stalled = cursor.fetchall()
    for number, attempts, is_periodic in stalled:
        if is_periodic or attempts >= JOB_TRIES:
            _fail_job(number)
        else:
            manager.retry_job_by_id(job_id=number, retry_at=timezone.now())
    return len(stalled)


def _fail_job(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
