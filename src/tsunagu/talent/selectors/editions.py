"""Editions: those the public sees, those one coordinates, and what a page of one counts."""

from django.db.models import Count, Q, QuerySet

from tsunagu.sharing.viewer import Viewer
from tsunagu.talent.models import Brief, BriefState, Edition, Skill, Step

PUBLIC_STEPS = (Step.PAST, Step.OPEN, Step.PAIRING, Step.RUNNING, Step.REPORTED)


def skills() -> QuerySet[Skill]:
    return Skill.objects.all()


def public_editions() -> QuerySet[Edition]:
    """Every edition but those still being prepared, the latest first."""
    return Edition.objects.filter(step__in=PUBLIC_STEPS)


def coordinated(viewer: Viewer) -> QuerySet[Edition]:
    """Editions one runs: all for the secretariat, those one is named for as a coordinator; never past ones."""
    found = Edition.objects.exclude(step=Step.PAST)
    if viewer.is_secretariat:
        return found
    if viewer.person_id is None:
        return found.none()
    return found.filter(
        pk__in=Edition.coordinators.through.objects.filter(person_id=viewer.person_id).values("edition_id")
    )


def runs_edition(viewer: Viewer, edition: Edition) -> bool:
    """Whether somebody coordinates an edition."""
    return coordinated(viewer).filter(pk=edition.pk).exists()


def with_counts(found: QuerySet[Edition]) -> QuerySet[Edition]:
    """Editions with how many companies and talents are in them."""
    return found.annotate(
        brief_count=Count("briefs", filter=Q(briefs__state=BriefState.PUBLISHED), distinct=True),
        entry_count=Count("entries", filter=Q(entries__state="accepted"), distinct=True),
    )


def published_briefs(edition: Edition) -> QuerySet[Brief]:
    """Briefs anybody may read the gist of; the company's name is not among it."""
    found = Brief.objects.filter(edition=edition, state=BriefState.PUBLISHED)
    return found.select_related("company__prefecture", "company__industry").prefetch_related("needs")
