"""What a search engine takes and gives, whatever stands behind it: an embedded index or a search server.

Every answer keeps to the audiences of the one who asks: hits, totals, counts of facets, suggestions and spellings.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from tsunagu.engines.textsearch.analysis import Cut
from tsunagu.engines.textsearch.plan import Has, Holders, Plan
from tsunagu.engines.textsearch.synonyms import NO_SYNONYMS, Synonyms

Counts: TypeAlias = Mapping[str, Mapping[str, int]]

NO_LIMITS: Mapping[str, int] = {}
MOST_HITS = 100
MOST_OFFSET = 10_000


@dataclass(frozen=True, slots=True)
class Document:
    """One form of a record: the text that some audience may find.

    Attributes:
        key: the record, e.g. "case:12". All documents of a key are put and removed together.
        form: which form of the record; "" when all see the same.
        kind: e.g. "case".
        title: counts more than the body.
        body: everything else that can be found and shown in an excerpt.
        audiences: tokens; whoever asks with one of them may find it.
        hidden_from: tokens; whoever asks with one of them finds another form of the record instead.
        facets: values by name, to narrow and to count; `kind` is always one.
        day: for sorting by date: days since 1 January of the year 1 (`date.toordinal`); 0 if it has none.
        payload: given back with a hit as it is; never searched.
    """

    key: str
    kind: str
    title: str
    body: str
    audiences: frozenset[str]
    form: str = ""
    hidden_from: frozenset[str] = frozenset()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    day: int = 0
    payload: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_facets(self) -> Mapping[str, Sequence[str]]:
        """Its facets, its kind among them."""
        return {**self.facets, "kind": [self.kind]}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: as typed: words, "a phrase", -without, kind:case. Empty: everything there is.
        audiences: tokens of the one who asks. Empty: finds nothing.
        narrowed: chosen values by facet; values of one facet are alternatives.
        counted: facets to count. A facet's own choice does not narrow its counts.
        most: of these facets only so many values are wanted, the most frequent; of one that is narrowed all are.
        newest_first: by date instead of by relevance.
    """

    text: str
    audiences: frozenset[str]
    narrowed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    counted: Sequence[str] = ()
    most: Mapping[str, int] = field(default_factory=dict)
    newest_first: bool = False
    offset: int = 0
    limit: int = 10
    synonyms: Synonyms = NO_SYNONYMS


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt in the original's own characters; `marked` where it matches."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. `excerpt` is taken from its body, `title` from its title."""

    key: str
    kind: str
    score: float
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    day: int
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        total: documents found, for this audience.
        exact: how many of them have all that was asked for; the others have some of it, or words written nearly so.
        counting: what becomes the counts.
        instead: another spelling that finds something, or None.
    """

    hits: tuple[Hit, ...]
    total: int
    exact: int
    counting: Future[Counts]
    instead: str | None = None

    @property
    def counts(self) -> Counts:
        """Documents by facet and value. They may still be counted while the hits are looked at; this waits for them."""
        return self.counting.result()


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, and to what they have narrowed the question. `besides` is a record not to be found."""

    audiences: frozenset[str]
    narrowed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    besides: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What an index gives back of a document; its words too, where it has kept them (of a long body the beginning)."""

    key: str
    kind: str
    title: str
    body: str
    day: int
    payload: Mapping[str, str]
    title_cut: Cut | None = None
    body_cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many documents a plan finds in a scope, and some of them with their scores, the best first."""

    total: int
    best: tuple[tuple[float, Told], ...]


class Reader(Protocol):
    """What an engine must be able to do; `answering` makes answers out of it.

    Nothing outside a scope shows in anything: a document is in scope when it has one of the audiences, is hidden from
    none of them, and has one of the chosen values of every facet that is narrowed.
    """

    def find(
        self, plan: Plan, scope: Scope, *, limit: int, offset: int = 0, newest_first: bool = False
    ) -> Found:
        """Carry out a plan."""

    def count(
        self, plan: Plan, scope: Scope, names: Sequence[str], most: Mapping[str, int] = NO_LIMITS
    ) -> dict[str, dict[str, int]]:
        """Documents by facet and value; where `most` says so only of so many values, the most frequent."""

    def told(self, key: str, audiences: frozenset[str]) -> Told | None:
        """The form of a record these audiences may see."""

    def holders(self, tokens: Iterable[Has]) -> Holders:
        """How many documents hold each of these tokens."""

    def keys(self) -> frozenset[str]:
        """All keys: for the check against the records."""


class Writer(Protocol):
    """Changes that become visible all together with `commit`, or not at all."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents; whatever was there for their keys must be removed first."""

    def remove(self, keys: Iterable[str]) -> None:
        """Forget all documents of these keys, those put since the last commit included."""

    def commit(self) -> None:
        """Make it last and let readers see it."""

    def close(self) -> None:
        """Give up what is not committed and let another write."""


class BeingWritten(Exception):
    """Another process writes this index."""


class Outdated(Exception):
    """The index is missing or was made by another version: it must be rebuilt."""
