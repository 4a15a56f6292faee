"""Expressions that mean the same, from a table that people keep; applied to questions, never to documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from tsunagu.engines.textsearch.analysis import words

Forms: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """Groups of expressions by the words of each: any of a group stands for all of it."""

    others: dict[Forms, tuple[Forms, ...]]

    @cached_property
    def longest(self) -> int:
        """How many words the longest expression has."""
        return max(map(len, self.others), default=0)

    def at(self, forms: Sequence[str], place: int) -> tuple[int, tuple[Forms, ...]]:
        """The longest expression that begins at a place: how many words it takes, and what else it may be called."""
        for length in range(min(self.longest, len(forms) - place), 0, -1):
            if found := self.others.get(tuple(forms[place : place + length])):
                return length, found
        return 0, ()


def synonyms_of(groups: Iterable[Iterable[str]]) -> Synonyms:
    """From groups of expressions as people write them. An expression in several groups stands for all of them."""
    others: dict[Forms, dict[Forms, None]] = {}
    for group in groups:
        forms = dict.fromkeys(found for one in group if (found := tuple(word.form for word in words(one))))
        for one in forms:
            others.setdefault(one, {}).update(dict.fromkeys(two for two in forms if two != one))
    return Synonyms({one: tuple(rest) for one, rest in others.items() if rest})


NO_SYNONYMS = Synonyms({})
