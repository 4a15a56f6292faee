"""Bringing in the tables of codes and the publicly known cases; loading the same files again changes nothing."""

from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tsunagu.cases.forms import result_of
from tsunagu.cases.models import Case, CaseField, CaseInner, CaseState, Industry
from tsunagu.engines.dates import PartialDate
from tsunagu.registry.loading import read_csv
from tsunagu.registry.models import Lab, LocalGovernment, Policy

PLAIN = (
    "about",
    "title",
    "summary",
    "problem",
    "approach",
    "stage",
    "outcome",
    "failed",
    "conditions",
    "cost",
    "source",
)


def load_codes(data: Path) -> None:
    """Industries and fields."""
    for name, model in (("industries.csv", Industry), ("case_fields.csv", CaseField)):
        for position, row in enumerate(read_csv(data / name)):
            model.objects.update_or_create(code=row.pop("code"), defaults=row | {"position": position})


@transaction.atomic
def load_cases(data: Path) -> int:
    """The cases of `cases.csv` that are not there yet, published with their sources; returns how many were made.

    A case that is there is left alone: the secretariat may have mended it. `compared_on` is the day its text was last compared
    with the sources it names.
    """
    known = set(Case.objects.values_list("number", flat=True))
    rows = [row for row in read_csv(data / "cases.csv") if row["number"] not in known]
    for row in rows:
        _load(row)
    return len(rows)


def _load(row: dict[str, str]) -> None:
    lab = Lab.objects.get(region__name=row["lab"]) if row["lab"] else None
    case = Case.objects.create(
        number=row["number"],
        lab=lab,
        state=CaseState.PUBLISHED,
        published_at=timezone.now(),
        verified_on=date.fromisoformat(row["compared_on"]),
        company=row["company"],
        prefecture=LocalGovernment.objects.get(lg_code=row["prefecture"]) if row["prefecture"] else None,
        industry=Industry.objects.get(code=row["industry"]) if row["industry"] else None,
        field=CaseField.objects.get(code=row["field"]) if row["field"] else None,
        technologies=[name for name in row["technologies"].split("|") if name],
        began_on=PartialDate.from_iso(row["began_on"]) if row["began_on"] else None,
        **{name: row[name] for name in PLAIN},
    )
    CaseInner.objects.create(case=case)
    case.policies.set(Policy.objects.filter(code__in=row["policies"].split("|")))
    for line in filter(None, row["results"].split("|")):
        result = result_of(line)
        assert result is not None, line
        result.case = case
        result.save()
