"""Writing a mail: with its job, in the transaction of the fact it tells of, once per key."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.outbox.jobs import MAIL_QUEUE, put_job
from tsunagu.outbox.models import Mail, new_message_id
from tsunagu.outbox.placeholders import MailTemplate, fill
from tsunagu.outbox.rules import MailRefused, MailState, folded, one_line, plain_text

DELIVER = "outbox.deliver_mail"
# Someone waits in front of the page for a sign-in mail.
URGENT = 10


def put_mail(
    *,
    key: str,
    kind: str,
    to_email: str,
    to_name: str = "",
    subject: str,
    body: str,
    html: str = "",
    draft: bool = True,
    due_at: datetime | None = None,
    by_label: str = "",
    is_secret: bool = False,
) -> Mail:
    """Write a mail, or return the one written under the same key before (as it is now).

    A mail to people outside stays a draft until somebody releases it; `draft=False` queues it at once. `is_secret`
    hides its text on every page and deletes it once the mail is finished: for sign-in links.
    Raises `MailRefused` for an address, subject or key that cannot be.
    """
    return write_once(
        key=key, kind=kind, to_email=to_email, to_name=to_name, subject=subject, body=body, html=html,
        draft=draft, due_at=due_at, by_label=by_label, is_secret=is_secret,
    )[0]  # fmt: skip


def put_templated(
    *,
    key: str,
    template: MailTemplate,
    values: Mapping[str, str],
    to_email: str,
    to_name: str = "",
    draft: bool = True,
    due_at: datetime | None = None,
    by_label: str = "",
    is_secret: bool = False,
) -> Mail:
    """`put_mail` with a template's text. Raises `PlaceholderRefused` naming values that are missing or superfluous."""
    filled = fill(template, values)
    return put_mail(
        key=key, kind=template.kind, to_email=to_email, to_name=to_name, subject=filled.subject, body=filled.body,
        html=filled.html, draft=draft, due_at=due_at, by_label=by_label, is_secret=is_secret,
    )  # fmt: skip


@transaction.atomic
def write_once(
    *,
    key: str,
    kind: str,
    to_email: str,
    to_name: str,
    subject: str,
    body: str,
    html: str = "",
    draft: bool,
    due_at: datetime | None = None,
    by_label: str,
    is_secret: bool = False,
) -> tuple[Mail, bool]:
    """The mail of this key and whether this call wrote it. Of callers at the same moment exactly one does."""
    if not 0 < len(key) <= 300:
        raise MailRefused(_("メールの鍵は1〜300文字です。"))
    mail, made = Mail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            **checked_parts(to_email=to_email, to_name=to_name, subject=subject, body=body),
            "html": html,
            "state": MailState.DRAFT if draft else MailState.QUEUED,
            "due_at": due_at,
            "next_try_at": None if draft else due_at or timezone.now(),
            "created_by_label": folded(by_label)[:100],
            "is_secret": is_secret,
            "message_id": new_message_id(_own_domain()),
        },
    )
    if made and not draft:
        put_delivery(mail)
    return mail, made


def checked_parts(*, to_email: str, to_name: str, subject: str, body: str) -> dict[str, str]:
    """The parts of a mail as they are kept. Raises `MailRefused`.

    A name comes from people: what could break a header in it is folded to a space instead of refused.
    """
    address = one_line(to_email, _("あて先"))
    try:
        validate_email(address)
    except ValidationError as error:
        raise MailRefused(_("あて先がメールアドレスの形ではありません。")) from error
    if len(address) > 254:
        raise MailRefused(_("あて先が長すぎます。254文字までです。"))
    line = one_line(subject, _("件名"))
    if not line or len(line) > 200:
        raise MailRefused(_("件名は1〜200文字で書いてください。"))
    return {
        "to_email": address,
        "to_name": folded(to_name)[:100],
        "subject": line,
        "body": plain_text(body),
    }


def put_delivery(mail: Mail) -> None:
    """Queue the delivery of a waiting mail for its time, in the caller's transaction."""
    mail.job = put_job(
        task=DELIVER,
        at=mail.next_try_at,
        queue=MAIL_QUEUE,
        priority=URGENT if mail.is_secret else 0,
        mail_id=mail.pk,
    )
    mail.save(update_fields=["job"])


def _own_domain() -> str:
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
