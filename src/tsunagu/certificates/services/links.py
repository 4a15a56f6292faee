"""Looking at registered pages: is the mark still there."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tsunagu.certificates.fetching import PageRefused, PageUnreachable, fetch
from tsunagu.certificates.models import LinkCheck, MarkUse
from tsunagu.certificates.models.marks import Outcome
from tsunagu.certificates.seeking import shows
from tsunagu.outbox.jobs import put_job, put_jobs

CHECK_USE = "certificates.check_use"
# What was taken down may come back with an old page; after half a year nobody looks any more.
LATELY = timedelta(days=180)


def agent() -> str:
    """How we introduce ourselves to the site we look at."""
    return f"TsunaguMarkCheck/1.0 (+{settings.TSUNAGU_BASE_URL or 'http://127.0.0.1'}/certificates/)"


def check_use(*, use_id: int) -> LinkCheck | None:
    """Look at one registered page and write down what was found. None for a use that is gone or has no page."""
    use = MarkUse.objects.filter(pk=use_id).exclude(address="").first()
    if use is None:
        return None
    outcome, detail = look(use.address, use.sought)
    return LinkCheck.objects.create(use=use, outcome=outcome, detail=detail[:300])


def look(address: str, sought: str) -> tuple[Outcome, str]:
    """What a page shows now; nothing is stored."""
    try:
        page = fetch(address, agent=agent(), allowed=settings.TSUNAGU_LINK_CHECK_ALLOWED)
    except PageRefused as refused:
        return Outcome.REFUSED, str(refused)
    except PageUnreachable as error:
        return Outcome.UNREACHABLE, str(error)
    if page.status in {404, 410}:
        return Outcome.GONE, f"HTTP {page.status}"
    if page.status >= 400:
        return Outcome.UNREACHABLE, f"HTTP {page.status}"
    return (Outcome.SHOWN if shows(page.text, sought) else Outcome.GONE), page.address


@transaction.atomic
def queue_check(*, use: MarkUse) -> None:
    """Look at one page soon."""
    put_job(task=CHECK_USE, use_id=use.pk)


@transaction.atomic
def queue_checks() -> int:
    """Look at every registered page that is in use, or was until lately; returns how many."""
    lately = Q(used_to=None) | Q(used_to__gte=timezone.localdate() - LATELY)
    uses = list(MarkUse.objects.exclude(address="").filter(lately).values_list("pk", flat=True))
    put_jobs(task=CHECK_USE, argument="use_id", values=uses)
    return len(uses)
