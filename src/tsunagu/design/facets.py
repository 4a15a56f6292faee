"""Narrowing a list of records by several properties at once, with the number each choice would leave. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Record = TypeVar("Record")


@dataclass(frozen=True)
class Property(Generic[Record]):
    """Something records differ in: its key in the address, its label, the values of a record, all choices in order."""

    name: str
    label: str
    values: Callable[[Record], Iterable[str]]
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Option:
    """A choice: how many records it would leave given the choices made under the other properties."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """A property with its choices."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.checked]


def narrow(
    records: Sequence[Record], properties: Sequence[Property[Record]], chosen: Mapping[str, set[str]]
) -> tuple[list[Record], list[Facet]]:
    """Records that fit every property's choice (any of its values), and the facets with their counts."""
    misses: list[set[str]] = []
    for record in records:
        misses.append(
            {
                one.name
                for one in properties
                if chosen.get(one.name) and not chosen[one.name] & set(one.values(record))
            }
        )
    found = [record for record, missed in zip(records, misses, strict=True) if not missed]
    facets = []
    for one in properties:
        counts: Counter[str] = Counter()
        for record, missed in zip(records, misses, strict=True):
            if missed <= {one.name}:
                counts.update(set(one.values(record)))
        picked = chosen.get(one.name, set())
        options = tuple(
            Option(value, label, counts[value], value in picked)
            for value, label in one.choices
            if counts[value] or value in picked
        )
        facets.append(Facet(one.name, one.label, options))
    return found, facets
