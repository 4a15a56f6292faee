"""The themes that are shipped (`data/expert_themes.csv`)."""

from pathlib import Path

from tsunagu.experts.models import Theme
from tsunagu.registry.loading import read_csv


def load_themes(data: Path) -> None:
    """Add and correct the shipped themes; loading them again changes nothing."""
    for position, row in enumerate(read_csv(data / "expert_themes.csv")):
        Theme.objects.update_or_create(code=row.pop("code"), defaults=row | {"position": position})
