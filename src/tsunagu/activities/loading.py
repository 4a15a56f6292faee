"""Loading the kinds of activities and which policies fit them (`data/activity_kinds.csv`, `data/policy_fits.csv`)."""

from datetime import date
from pathlib import Path

from tsunagu.activities.models import ActivityKind, PolicyFit
from tsunagu.registry.loading import read_csv
from tsunagu.registry.models import Policy


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_kinds(data: Path) -> None:
    """Kinds that are missing are added; what the secretariat made of one since stays as it is."""
    for position, row in enumerate(read_csv(data / "activity_kinds.csv")):
        values = {name: row[name] for name in ("label", "label_en", "group", "default_audience", "source")}
        days = {name: _day(row[name]) for name in ("valid_from", "valid_to")}
        ActivityKind.objects.get_or_create(
            code=row["code"], defaults={**values, **days, "position": position}
        )
    known = {one.code: one for one in ActivityKind.objects.all()}
    policies = {one.code: one for one in Policy.objects.all()}
    for row in read_csv(data / "policy_fits.csv"):
        PolicyFit.objects.get_or_create(
            policy=policies[row["policy"]], kind=known[row["kind"]], defaults={"reason": row["reason"]}
        )
