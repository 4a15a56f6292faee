"""Reading an implementation plan out of its answers, by data element: whatever form asked for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tsunagu.questionnaires.definition import Definition
from tsunagu.questionnaires.flow import Answers
from tsunagu.questionnaires.values import as_number, is_empty, is_empty_row
from tsunagu.registry.kinds import Category, OrganisationKind


@dataclass(frozen=True)
class Member:
    """A member organisation as written in the plan."""

    name: str
    corporate_number: str = ""
    kind: str = OrganisationKind.UNKNOWN
    role: str = ""

    @property
    def value(self) -> dict[str, str]:
        return {"name": self.name, "corporate_number": self.corporate_number}


@dataclass(frozen=True)
class PlannedIndicator:
    """An indicator with its baseline and targets by fiscal year."""

    name: str
    unit: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    targets: tuple[tuple[int, Decimal], ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Plan:
    """What the registry takes over from a plan without anything being typed again."""

    lab_name: str = ""
    region: Mapping[str, str] = field(default_factory=dict)
    office: str = ""
    category: str = ""
    vision: str = ""
    members: tuple[Member, ...] = ()
    indicators: tuple[PlannedIndicator, ...] = ()
    may_publish: bool = False


def by_element(definition: Definition, answers: Answers) -> dict[str, Any]:
    """Answers by data element."""
    return {
        one.element: answers[one.key]
        for one in definition.fields()
        if one.element and not is_empty(answers.get(one.key))
    }


def read_plan(definition: Definition, answers: Answers) -> Plan:
    """The plan of an answer sheet; what is missing or has another shape stays empty."""
    found = by_element(definition, answers)
    region = found.get("lab.region")
    return Plan(
        lab_name=str(found.get("lab.name", "")),
        region=region if isinstance(region, dict) else {},
        office=_words(found.get("lab.office", "")),
        category=str(found.get("plan.category", "")) if found.get("plan.category") in Category.values else "",
        vision=str(found.get("plan.vision", "")),
        members=tuple(_members(found.get("lab.members"))),
        indicators=tuple(_indicators(found.get("plan.indicators"))),
        may_publish=found.get("plan.consent_to_publish") == "yes",
    )


def _words(value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [one for one in rows if isinstance(one, dict) and not is_empty_row(one)]


def _members(value: Any) -> list[Member]:
    members = []
    for row in _rows(value):
        organisation = row.get("organisation") or row.get("name") or ""
        given = organisation if isinstance(organisation, dict) else {"name": organisation}
        name = str(given.get("name", "")).strip()
        kind = str(row.get("kind", ""))
        if name:
            members.append(
                Member(
                    name,
                    str(given.get("corporate_number") or row.get("corporate_number") or ""),
                    kind if kind in OrganisationKind.values else OrganisationKind.UNKNOWN,
                    str(row.get("role", "")),
                )
            )
    return members


def _year(value: Any) -> int | None:
    found = re.search(r"\d{4}", str(value or ""))
    return int(found[0]) if found else None


def _indicators(value: Any) -> list[PlannedIndicator]:
    found = []
    for row in _rows(value):
        name = str(row.get("indicator") or row.get("name") or "").strip()
        if not name:
            continue
        targets = []
        for key in sorted(row):
            number = as_number(row[key]) if key.startswith("target") and not is_empty(row[key]) else None
            year = (
                _year(key) or _year(row.get(f"{key}_year")) or _year(row.get(key.replace("target", "year")))
            )
            if number is not None and year is not None:
                targets.append((year, number))
        found.append(
            PlannedIndicator(
                name=name,
                unit=str(row.get("unit", "")),
                baseline=as_number(row.get("baseline")) if not is_empty(row.get("baseline")) else None,
                baseline_year=_year(row.get("baseline_year")),
                targets=tuple(targets),
                source=str(row.get("source", "")),
            )
        )
    return found
