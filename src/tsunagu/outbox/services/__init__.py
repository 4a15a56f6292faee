"""What the outbox does: mails written with the facts they tell of, decided on by people, delivered by workers."""

from tsunagu.outbox.services.deciding import (
    EditConflict,
    discard,
    edit_draft,
    hold,
    release,
    retry_dead,
    send_selected,
)
from tsunagu.outbox.services.delivering import deliver, recover_stalled_jobs, wake_waiting_mails
from tsunagu.outbox.services.reminding import remind, send_digests
from tsunagu.outbox.services.writing import put_mail, put_templated

__all__ = [
    "EditConflict",
    "deliver",
    "discard",
    "edit_draft",
    "hold",
    "put_mail",
    "put_templated",
    "recover_stalled_jobs",
    "release",
    "remind",
    "retry_dead",
    "send_digests",
    "send_selected",
    "wake_waiting_mails",
]
