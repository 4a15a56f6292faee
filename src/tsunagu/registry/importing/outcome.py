"""What came of a list that was taken in, kept with the list."""

from typing import Any

from django.utils import timezone

from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.models.imports import ImportState

# What `note_outcome` sets: the file itself is kept already, and need not travel again.
OUTCOME = (
    "state", "row_count", "error_count", "new_count", "changed_count", "same_count", "errors", "changes", "applied_at",
)  # fmt: skip


def note_outcome(batch: Any, plan: Plan, reached: ImportState) -> None:
    """Note it on an `ImportBatch`, or another record with its fields; `reached` if nothing is wrong. Saves nothing."""
    batch.state = ImportState.REFUSED if plan.errors else reached
    batch.row_count, batch.error_count = plan.rows, len(plan.errors)
    batch.new_count, batch.changed_count, batch.same_count = plan.new, plan.changed, plan.same
    batch.errors = [error.as_dict() for error in plan.errors]
    batch.changes = [*({"note": note} for note in plan.notes), *plan.changes]
    batch.applied_at = timezone.now() if batch.state == ImportState.APPLIED else None
