"""What is shipped: the table of skills and the editions held before (`data/colead_*.csv`)."""

from pathlib import Path

from django.utils.dateparse import parse_date

from tsunagu.registry.loading import read_csv
from tsunagu.talent.models import Edition, Skill, Step

DAYS = ("meets_on", "reports_on")


def load_skills(data: Path) -> None:
    """Add and correct the shipped skills; loading them again changes nothing."""
    for position, row in enumerate(read_csv(data / "colead_skills.csv")):
        Skill.objects.update_or_create(code=row.pop("code"), defaults=row | {"position": position})


def load_editions(data: Path) -> None:
    """Past editions follow the file; an edition run here is never touched."""
    for row in read_csv(data / "colead_editions.csv"):
        days = {name: parse_date(row.pop(name)) if row.get(name) else None for name in DAYS}
        key = row.pop("key")
        known = Edition.objects.filter(key=key).first()
        if known is None or known.step == Step.PAST:
            Edition.objects.update_or_create(key=key, defaults={**row, **days, "step": Step.PAST})
