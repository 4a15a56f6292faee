"""What a person decides about a mail: edit, hold, release, discard, send many, try a dead one again."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.outbox.jobs import MAIL_QUEUE, put_jobs
from tsunagu.outbox.models import Mail
from tsunagu.outbox.placeholders import PlaceholderRefused, places
from tsunagu.outbox.rules import EDITABLE, MailRefused, MailState, StepRefused, check_step, folded
from tsunagu.outbox.services.writing import DELIVER, checked_parts, put_delivery


class EditConflict(Exception):
    """Somebody changed the mail since the person opened it; `current` is what stands there now."""

    def __init__(self, current: Mail) -> None:
        super().__init__(f"mail {current.pk} is at version {current.version}")
        self.current = current


def _locked(mail: Mail) -> Mail:
    return Mail.objects.select_for_update().get(pk=mail.pk)


def _saved(mail: Mail, by_label: str) -> Mail:
    mail.decided_by_label = folded(by_label)[:100]
    mail.save()
    # The database counted the version.
    mail.refresh_from_db(fields=["version"])
    return mail


@transaction.atomic
def edit_draft(
    *, mail: Mail, to_email: str, to_name: str, subject: str, body: str, seen: int, by_label: str
) -> Mail:
    """Change a draft or a held mail. It is plain text afterwards: the HTML part was made from the old text.

    Raises `EditConflict` when it is no longer at version `seen`, `MailRefused` for what cannot be sent,
    `PlaceholderRefused` for new places nobody would fill, `StepRefused` when the mail is on its way.
    """
    current = _locked(mail)
    if current.state not in EDITABLE:
        raise StepRefused(MailState(current.state), MailState.DRAFT)
    if current.version != seen:
        raise EditConflict(current)
    if current.is_secret:
        raise MailRefused(_("このメールの本文は、安全のため見ることも直すこともできません。"))
    added = set(places(subject + body)) - set(places(current.subject + current.body))
    if added:
        names = "、".join(f"{{{{ {one} }}}}" for one in sorted(added))
        raise PlaceholderRefused(
            _("差し込みはここでは使えません: %(names)s。送る文をそのまま書いてください。") % {"names": names}
        )
    parts = checked_parts(to_email=to_email, to_name=to_name, subject=subject, body=body)
    if not parts["body"].strip():
        raise MailRefused(_("本文を書いてください。"))
    for name, value in parts.items():
        setattr(current, name, value)
    current.html = ""
    return _saved(current, by_label)


@transaction.atomic
def hold(*, mail: Mail, by_label: str) -> Mail:
    """Stop a mail that has not left yet until somebody releases it; a dead one can then be mended.

    Raises `StepRefused`; `MailRefused` when its secret text is gone.
    """
    current = _locked(mail)
    check_step(current.state, MailState.HELD)
    _check_text_is_there(current)
    current.state, current.next_try_at = MailState.HELD, None
    return _saved(current, by_label)


@transaction.atomic
def release(*, mail: Mail, by_label: str, seen: int | None = None) -> Mail:
    """Queue a draft or held mail for its time. Raises `StepRefused`, and `EditConflict` if it changed since `seen`."""
    current = _locked(mail)
    if current.state not in EDITABLE:
        raise StepRefused(MailState(current.state), MailState.QUEUED)
    if seen is not None and current.version != seen:
        raise EditConflict(current)
    return _queue(current, by_label)


@transaction.atomic
def retry_dead(*, mail: Mail, by_label: str) -> Mail:
    """Give a dead mail three more days. Raises `StepRefused`; `MailRefused` when its secret text is gone."""
    current = _locked(mail)
    if current.state != MailState.DEAD:
        raise StepRefused(MailState(current.state), MailState.QUEUED)
    _check_text_is_there(current)
    return _queue(current, by_label)


def _check_text_is_there(mail: Mail) -> None:
    if mail.is_secret and not mail.body:
        raise MailRefused(
            _("このメールの本文は、安全のため消されています。本人に、もう一度申し込んでもらってください。")
        )


def _queue(mail: Mail, by_label: str) -> Mail:
    """A person's decision starts the three days anew."""
    mail.attempts, mail.interruptions, mail.first_tried_at = 0, 0, None
    mail.state = MailState.QUEUED
    mail.next_try_at = _start(mail, timezone.now())
    _saved(mail, by_label)
    put_delivery(mail)
    return mail


def _start(mail: Mail, now: datetime) -> datetime:
    return max(mail.due_at, now) if mail.due_at else now


@transaction.atomic
def discard(*, mail: Mail, by_label: str) -> Mail:
    """Decide that a mail is never sent. Raises `StepRefused`."""
    current = _locked(mail)
    check_step(current.state, MailState.DISCARDED)
    current.state, current.next_try_at = MailState.DISCARDED, None
    if current.is_secret:
        current.body = current.html = ""
    return _saved(current, by_label)


@transaction.atomic
def send_selected(*, drafts: QuerySet[Mail], up_to: int, by_label: str) -> int:
    """Queue the drafts among the given mails, of those written up to number `up_to`; returns how many.

    `up_to` is what the person saw when confirming: a draft written since then waits for its own decision.
    """
    now = timezone.now()
    chosen = list(
        drafts.filter(state=MailState.DRAFT, pk__lte=up_to).order_by("pk").select_for_update(of=("self",))
    )
    for mail in chosen:
        mail.state, mail.next_try_at = MailState.QUEUED, _start(mail, now)
        mail.decided_by_label = folded(by_label)[:100]
    Mail.objects.bulk_update(chosen, ["state", "next_try_at", "decided_by_label"], batch_size=500)
    at_once = [mail for mail in chosen if mail.next_try_at == now]
    numbers = put_jobs(
        task=DELIVER, queue=MAIL_QUEUE, argument="mail_id", values=[mail.pk for mail in at_once]
    )
    for mail, number in zip(at_once, numbers, strict=True):
        mail.job = number
    Mail.objects.bulk_update(at_once, ["job"], batch_size=500)
    for mail in chosen:
        if mail.next_try_at != now:
            put_delivery(mail)
    return len(chosen)
