"""What a mail may become and when it is tried again; what may stand in its one-line parts. No database."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

JAPAN = ZoneInfo("Asia/Tokyo")
DIGEST_TIME = time(8)


class MailState(TextChoices):
    """Where a mail is on its way."""

    DRAFT = "draft", gettext_lazy("下書き")
    HELD = "held", gettext_lazy("保留")
    QUEUED = "queued", gettext_lazy("送信待ち")
    SENDING = "sending", gettext_lazy("送信中")
    RETRYING = "retrying", gettext_lazy("再送待ち")
    SENT = "sent", gettext_lazy("送信済み")
    DEAD = "dead", gettext_lazy("届かず")
    DISCARDED = "discarded", gettext_lazy("破棄")


WAITING = frozenset({MailState.QUEUED, MailState.RETRYING})
EDITABLE = frozenset({MailState.DRAFT, MailState.HELD})
FINISHED = frozenset({MailState.SENT, MailState.DEAD, MailState.DISCARDED})

# The database refuses every other step (migration 0002).
STEPS: dict[MailState, frozenset[MailState]] = {
    MailState.DRAFT: frozenset({MailState.HELD, MailState.QUEUED, MailState.DISCARDED}),
    MailState.HELD: frozenset({MailState.QUEUED, MailState.DISCARDED}),
    MailState.QUEUED: frozenset({MailState.SENDING, MailState.HELD, MailState.DISCARDED}),
    MailState.SENDING: frozenset({MailState.SENT, MailState.RETRYING, MailState.DEAD}),
    MailState.RETRYING: frozenset({MailState.SENDING, MailState.HELD, MailState.DISCARDED}),
    MailState.DEAD: frozenset({MailState.QUEUED, MailState.HELD, MailState.DISCARDED}),
    MailState.SENT: frozenset(),
    MailState.DISCARDED: frozenset(),
}


class StepRefused(ValueError):
    """A mail cannot go from where it is to where somebody wants it."""

    def __init__(self, now: MailState, wanted: MailState) -> None:
        self.now, self.wanted = now, wanted
        super().__init__(
            _("このメールは「%(now)s」なので「%(wanted)s」にできません。最新の状態を確かめてください。")
            % {"now": now.label, "wanted": wanted.label}
        )


def check_step(now: str, wanted: MailState) -> None:
    """Raises `StepRefused` unless a mail may go from `now` to `wanted`."""
    if wanted not in STEPS[MailState(now)]:
        raise StepRefused(MailState(now), wanted)


# trust.md B12: from one minute to four hours, for three days.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30, 60, 120, 240))
PATIENCE = timedelta(days=3)
# A mail whose sending ended a worker this often is poison.
INTERRUPTIONS_ALLOWED = 5


def next_try(attempts: int, first_tried_at: datetime, now: datetime) -> datetime | None:
    """When a mail that failed `attempts` times is tried again; None once three days have passed since the first try."""
    last = first_tried_at + PATIENCE
    if now >= last:
        return None
    return min(now + BACKOFF[min(attempts, len(BACKOFF)) - 1], last)


def reminder_day(now: datetime) -> date:
    """The day whose digest takes a reminder in: today's until eight in the morning in Japan, then tomorrow's."""
    here = now.astimezone(JAPAN)
    return here.date() if here.time() < DIGEST_TIME else here.date() + timedelta(days=1)


def digest_day(now: datetime) -> date | None:
    """The day whose reminder mails may be sent now: none before eight, so that a late one never meets the day's own."""
    here = now.astimezone(JAPAN)
    return here.date() if here.time() >= DIGEST_TIME else None


class MailRefused(ValueError):
    """What was given cannot become a mail; the message says what is wrong and how to mend it."""


_BREAKING = {"Cc", "Zl", "Zp", "Cs"}


def folded(text: str) -> str:
    """A text as one line: whatever could break a header (line ends, control characters) becomes a space."""
    kept = "".join(" " if unicodedata.category(one) in _BREAKING else one for one in text)
    return re.sub(" {2,}", " ", kept).strip()


def one_line(text: str, what: str) -> str:
    """The text when it is one line. Raises `MailRefused` naming `what`: a line end there would forge mail headers."""
    if any(unicodedata.category(one) in _BREAKING for one in text):
        raise MailRefused(_("%(what)sに改行や制御文字は使えません。1行で書いてください。") % {"what": what})
    return text.strip()


def plain_text(text: str) -> str:
    """A text of several lines with its line ends made alike and other control characters taken out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
