"""Reminders: whatever the day brings, a person gets at most one reminder mail."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.outbox import rules
from tsunagu.outbox.models import Reminder
from tsunagu.outbox.rules import MailRefused, folded
from tsunagu.outbox.services.writing import checked_parts, write_once

DIGEST = "digest"


@transaction.atomic
def remind(
    *,
    key: str,
    to_email: str,
    line: str,
    to_name: str = "",
    link: str = "",
    day: date | None = None,
    now: datetime | None = None,
) -> Reminder:
    """Put one line into a person's next reminder mail, or into that of a later `day`; once per key.

    Raises `MailRefused` for an address or a link that cannot be.
    """
    parts = checked_parts(to_email=to_email.lower(), to_name=to_name, subject=folded(line)[:200], body="")
    if link and (not link.startswith(("https://", "http://")) or any(one.isspace() for one in link)):
        raise MailRefused(_("リンクは https:// で始まるアドレスです。"))
    soonest = rules.reminder_day(now or timezone.now())
    reminder, _made = Reminder.objects.get_or_create(
        key=key,
        defaults={
            "to_email": parts["to_email"],
            "to_name": parts["to_name"],
            "line": folded(line)[:300],
            "link": link,
            "day": max(day or soonest, soonest),
        },
    )
    return reminder


def send_digests(*, now: datetime | None = None) -> int:
    """Write the reminder mails whose day has come; returns how many. Harmless at any time and any number of times."""
    day = rules.digest_day(now or timezone.now())
    if day is None:
        return 0
    waiting = Reminder.objects.filter(mail=None, day__lte=day)
    addresses = waiting.order_by("to_email").values_list("to_email", flat=True).distinct()
    return sum(_send_digest(address, day) for address in list(addresses))


@transaction.atomic
def _send_digest(to_email: str, day: date) -> bool:
    lines = list(
        Reminder.objects.filter(mail=None, day__lte=day, to_email=to_email)
        .select_for_update(skip_locked=True)
        .order_by("pk")
    )
    if not lines:
        return False
    mail, made = write_once(
        key=f"{DIGEST}:{to_email}:{day.isoformat()}",
        kind=DIGEST,
        to_email=to_email,
        to_name=next((one.to_name for one in lines if one.to_name), ""),
        subject=_("【地域DX推進ラボ】お知らせ %(count)s件") % {"count": len(lines)},
        body=_body(lines),
        draft=False,
        by_label="",
    )
    chosen = Reminder.objects.filter(pk__in=[one.pk for one in lines])
    if made:
        chosen.update(mail=mail)
    else:
        # Today's mail has been written already; these came after it.
        chosen.update(day=day + timedelta(days=1))
    return made


def _body(lines: list[Reminder]) -> str:
    told = "\n\n".join(f"・{one.line}" + (f"\n　{one.link}" if one.link else "") for one in lines)
    return _(
        "次のことをお知らせします。\n\n%(lines)s\n\nこのお知らせは、1日に1通までまとめて送っています。\n"
    ) % {"lines": told}
