"""Reads of findings; for the secretariat only."""

from django.db.models import QuerySet

from tsunagu.findings.models import ExaminedList, Finding
from tsunagu.sharing.viewer import Viewer


def findings(viewer: Viewer, *, examined_list: ExaminedList | None = None) -> QuerySet[Finding]:
    """All findings, or those of one examined list."""
    if not viewer.is_secretariat:
        return Finding.objects.none()
    found = Finding.objects.select_related("examined_list", "resolved_by")
    return found.filter(examined_list=examined_list) if examined_list else found


def examined_lists(viewer: Viewer) -> QuerySet[ExaminedList]:
    """Lists held against the records, the newest first."""
    return ExaminedList.objects.all() if viewer.is_secretariat else ExaminedList.objects.none()
