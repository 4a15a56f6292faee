"""Mails the product has written, in the order it wrote them."""

from dataclasses import dataclass

from tsunagu.outbox.models import Mail


@dataclass(frozen=True)
class Mailed:
    """What a test asks of a mail."""

    subject: str
    body: str
    to: list[str]


def mailed() -> list[Mailed]:
    """Every mail in the outbox."""
    return [
        Mailed(one.subject, one.body, [f"{one.to_name} <{one.to_email}>"])
        for one in Mail.objects.order_by("pk")
    ]
