"""Reads of the outbox. What a mail says to one person is nobody's business but the secretariat's."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tsunagu.outbox.models import Mail
from tsunagu.outbox.placeholders import TITLES
from tsunagu.outbox.rules import MailState
from tsunagu.sharing.viewer import Viewer


@dataclass(frozen=True)
class MailFilter:
    """What a person narrows the list of mails to; an unknown state or kind narrows nothing."""

    state: str = ""
    kind: str = ""
    q: str = ""

    def condition(self) -> Q:
        """The filter without its state."""
        found = Q(kind=self.kind) if self.kind else Q()
        if words := self.q.strip():
            found &= Q(to_email__icontains=words) | Q(to_name__icontains=words) | Q(subject__icontains=words)
        return found


def mails(viewer: Viewer, wanted: MailFilter | None = None) -> QuerySet[Mail]:
    """Mails, the newest first; those the filter names."""
    if not viewer.is_secretariat:
        return Mail.objects.none()
    found = Mail.objects.all()
    if wanted is None:
        return found
    found = found.filter(wanted.condition())
    return found.filter(state=wanted.state) if wanted.state in MailState.values else found


def state_counts(viewer: Viewer, wanted: MailFilter) -> list[tuple[str, str, int]]:
    """Every state with its label and how many mails of the filter are in it."""
    found = mails(viewer, MailFilter(kind=wanted.kind, q=wanted.q)).order_by()
    counts = dict(found.values_list("state").annotate(n=Count("pk")))
    return [(one.value, str(one.label), counts.get(one.value, 0)) for one in MailState]


def kind_counts(viewer: Viewer, wanted: MailFilter) -> list[tuple[str, str, int]]:
    """Every kind there is with its title and how many mails of the state are of it."""
    found = mails(viewer, MailFilter(state=wanted.state, q=wanted.q)).order_by()
    counts = found.values_list("kind").annotate(n=Count("pk")).order_by("kind")
    return [(kind, kind_title(kind), count) for kind, count in counts]


def kind_title(kind: str) -> str:
    """What a kind of mail is called."""
    return str(TITLES.get(kind, kind))
