"""Bringing the shipped table of synonyms into an empty database; afterwards the secretariat keeps it."""

from pathlib import Path

from django.db import transaction

from tsunagu.registry.loading import read_csv
from tsunagu.search.models import SynonymGroup


@transaction.atomic
def load_synonyms(data: Path) -> int:
    """Load `synonyms.csv` unless there are groups already; returns how many were made."""
    if SynonymGroup.objects.exists():
        return 0
    rows = read_csv(data / "synonyms.csv")
    groups = [
        SynonymGroup(expressions="\n".join(row["expressions"].split("|")), note=row["note"]) for row in rows
    ]
    return len(SynonymGroup.objects.bulk_create(groups))
