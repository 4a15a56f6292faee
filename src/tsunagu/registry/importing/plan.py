"""What an import would do, or did: counts, changes to show, errors."""

from dataclasses import dataclass, field

from tsunagu.registry.importing.sheet import RowError

SHOWN_CHANGES = 200


@dataclass
class Plan:
    """Counts of rows new, changed and same; the first changes in words; every error."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    errors: list[RowError] = field(default_factory=list)
    changes: list[dict[str, str | int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, row: int, subject: str, *, is_new: bool, differences: list[str]) -> None:
        """Note what one row does."""
        if is_new:
            self.new += 1
        elif differences:
            self.changed += 1
        else:
            self.same += 1
            return
        if len(self.changes) < SHOWN_CHANGES:
            what = "new" if is_new else "changed"
            self.changes.append(
                {"row": row, "subject": subject, "what": what, "text": "、".join(differences)}
            )
