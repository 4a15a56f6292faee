"""Reading keys: one's own; all of them for the secretariat."""

from django.db.models import QuerySet

from tsunagu.api.models import AccessKey
from tsunagu.sharing.viewer import Viewer


def keys(viewer: Viewer) -> QuerySet[AccessKey]:
    """Keys a person may see and stop: their own, those of the labs whose office they are, all for the secretariat."""
    found = AccessKey.objects.select_related("person", "lab__region", "revoked_by")
    if viewer.is_secretariat:
        return found
    return found.filter(lab_id__in=viewer.office_lab_ids)
