"""Who may find a document, as one term of an index.

Documents are many, the circles of people that may find them few: an index keeps for each document which circle it is. All
circles are read when the index is opened, so that a question follows only the few that matter to who asks.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Gate(NamedTuple):
    """Lets in whoever holds one of `audiences` and none of `hidden_from`."""

    audiences: frozenset[str]
    hidden_from: frozenset[str]

    @property
    def term(self) -> str:
        """As an index keeps it."""
        return json.dumps([sorted(self.audiences), sorted(self.hidden_from)], ensure_ascii=False)

    @classmethod
    def of(cls, term: str) -> "Gate":
        """From what an index keeps."""
        return cls(*map(frozenset, json.loads(term)))

    def lets_in(self, audiences: frozenset[str]) -> bool:
        """Whether these audiences find what is behind it."""
        return not self.audiences.isdisjoint(audiences) and self.hidden_from.isdisjoint(audiences)


class Passage(NamedTuple):
    """The gates of a question: find what is behind one of `terms`, or, if `is_closed`, behind none of them."""

    terms: Sequence[str]
    is_closed: bool


class Gates:
    """All gates of one state of an index."""

    def __init__(self, documents_by_term: Iterable[tuple[str, int]]) -> None:
        self._all = [(term, Gate.of(term), documents) for term, documents in documents_by_term]

    def for_(self, audiences: frozenset[str]) -> Passage:
        """The gates these audiences may pass, or those they may not, behind whichever there are fewer documents."""
        sides: tuple[list[str], list[str]] = ([], [])
        behind = [0, 0]
        for term, gate, documents in self._all:
            is_closed = not gate.lets_in(audiences)
            sides[is_closed].append(term)
            behind[is_closed] += documents
        is_closed = behind[True] < behind[False]
        return Passage(sides[is_closed], is_closed)
