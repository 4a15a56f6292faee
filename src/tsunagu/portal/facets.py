"""Narrowing a list of labs by several properties at once, with the number each choice would leave. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tsunagu.registry.records import LabRecord

Values = Callable[[LabRecord], Iterable[str]]


@dataclass(frozen=True)
class Property:
    """Something labs differ in: its key in the address, its label, the values of a lab, all choices in order."""

    name: str
    label: str
    values: Values
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Option:
    """A choice: how many labs it would leave given the choices made under the other properties."""

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
    labs: Sequence[LabRecord], properties: Sequence[Property], chosen: Mapping[str, set[str]]
) -> tuple[list[LabRecord], list[Facet]]:
    """Labs that fit every property's choice (any of its values), and the facets with their counts."""
    misses: list[set[str]] = []
    for lab in labs:
        misses.append(
            {
                one.name
                for one in properties
                if chosen.get(one.name) and not chosen[one.name] & set(one.values(lab))
            }
        )
    found = [lab for lab, missed in zip(labs, misses, strict=True) if not missed]
    facets = []
    for one in properties:
        counts: Counter[str] = Counter()
        for lab, missed in zip(labs, misses, strict=True):
            if missed <= {one.name}:
                counts.update(set(one.values(lab)))
        picked = chosen.get(one.name, set())
        options = tuple(
            Option(value, label, counts[value], value in picked)
            for value, label in one.choices
            if counts[value] or value in picked
        )
        facets.append(Facet(one.name, one.label, options))
    return found, facets
