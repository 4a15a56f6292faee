"""Writing the log."""

from tsunagu.activities.services.logging import (
    Details,
    attach_evidence,
    record_activity,
    remove_activity,
    save_activity,
)
from tsunagu.activities.services.using import record_use, verify_use

__all__ = [
    "Details",
    "attach_evidence",
    "record_activity",
    "record_use",
    "remove_activity",
    "save_activity",
    "verify_use",
]
