"""What a lab's office does on a company's way to DX認定: writes the parts, has their pages looked at."""

from django.conf import settings
from django.db import transaction

from tsunagu.certificates.fetching import PageRefused, PageUnreachable, fetch
from tsunagu.outbox.jobs import put_jobs
from tsunagu.recommending.defects import Means
from tsunagu.recommending.models import Company, Look, Part, Reached
from tsunagu.recommending.rules import Nintei
from tsunagu.registry.services import check_version

LOOK_AT = "recommending.look_at"


@transaction.atomic
def save_part(part: Part, *, seen: int | None = None) -> Part:
    """Keep what a company has for a pillar; whoever had not begun is now preparing. Raises `EditConflict`."""
    check_version(part, seen)
    part.save()
    Company.objects.filter(pk=part.company_id, nintei=Nintei.NONE).update(nintei=Nintei.PREPARING)
    return part


@transaction.atomic
def queue_looks(*, company: Company) -> int:
    """Have every page of the parts opened soon; returns how many."""
    parts = list(company.parts.filter(means=Means.WEB).exclude(address="").values_list("pk", flat=True))
    put_jobs(task=LOOK_AT, argument="part_id", values=parts)
    return len(parts)


def agent() -> str:
    """How we introduce ourselves to the site we look at."""
    return f"TsunaguPageCheck/1.0 (+{settings.TSUNAGU_BASE_URL or 'http://127.0.0.1'}/)"


def look_at(*, part_id: int) -> Look | None:
    """Open the page of a part as anybody outside would, and write down whether it came. None without a page."""
    part = Part.objects.filter(pk=part_id).exclude(address="").first()
    if part is None:
        return None
    outcome, detail = _reach(part.address)
    return Look.objects.create(part=part, address=part.address, outcome=outcome, detail=detail[:300])


def _reach(address: str) -> tuple[Reached, str]:
    try:
        page = fetch(address, agent=agent(), allowed=settings.TSUNAGU_LINK_CHECK_ALLOWED)
    except PageRefused as refused:
        return Reached.REFUSED, str(refused)
    except PageUnreachable as error:
        return Reached.UNREACHABLE, str(error)
    if page.status in {404, 410}:
        return Reached.MISSING, f"HTTP {page.status}"
    if page.status >= 400:
        return Reached.UNREACHABLE, f"HTTP {page.status}"
    return Reached.OPEN, page.address if page.address != address else ""
