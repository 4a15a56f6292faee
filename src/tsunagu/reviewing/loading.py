"""Loading the criteria sets the product ships (`data/criteria_sets/`); one that is known is left as people keep it."""

import json
from pathlib import Path

from django.db import transaction

from tsunagu.reviewing.models import CriteriaSet, ReviewCriterion


@transaction.atomic
def load_criteria_sets(data: Path) -> None:
    """Every shipped set, once."""
    for path in sorted((data / "criteria_sets").glob("*.json")):
        shipped = json.loads(path.read_text(encoding="utf-8"))
        if CriteriaSet.objects.filter(key=shipped["key"]).exists():
            continue
        made = CriteriaSet.objects.create(
            key=shipped["key"], title=shipped["title"], source=shipped["source"]
        )
        for position, one in enumerate(shipped["criteria"], start=1):
            ReviewCriterion.objects.create(criteria_set=made, position=position, **one)
