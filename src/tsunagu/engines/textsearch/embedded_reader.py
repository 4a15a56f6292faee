"""Reading the embedded index: plans become queries; audiences are part of every query."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import Occur, Query

from tsunagu.engines.textsearch.analysis import Kind
from tsunagu.engines.textsearch.columns import NOTHING, columns_of, kept, value_of
from tsunagu.engines.textsearch.contract import NO_LIMITS, Found, Scope, Told
from tsunagu.engines.textsearch.gates import Gates
from tsunagu.engines.textsearch.packing import unpacked
from tsunagu.engines.textsearch.plan import EXACT_BONUS, AtLeast, Has, Holders, Node, Plan, Run

# The field of `columns.py`.
FACETS = "facets"
# The field of `gates.py`.
GATE = "gate"
# More values than a facet has; beyond it the rarest would not be counted.
MOST_VALUES = 5_000
# Counts of so many questions are kept until the index changes.
MOST_REMEMBERED = 200
# Beyond so many alternatives, marking all their documents first is quicker than following each.
MOST_ALTERNATIVES = 20


class State(NamedTuple):
    """The index as it was at one commit, with its gates: what is not among them then cannot be in it."""

    stamp: int
    searcher: tantivy.Searcher
    gates: Gates


class EmbeddedReader:
    """Follows every commit: before each question it looks whether the index has changed."""

    def __init__(self, index: tantivy.Index, meta: Path, counted: Mapping[str, int]) -> None:
        index.config_reader(reload_policy="manual")
        self._index = index
        self._schema = index.schema
        self._meta = meta
        self._often = counted
        self._state: State | None = None
        self._counted: dict[Hashable, dict[str, dict[str, int]]] = {}

    def find(
        self, plan: Plan, scope: Scope, *, limit: int, offset: int = 0, newest_first: bool = False
    ) -> Found:
        _, searcher, gates = self._now()
        found = searcher.search(
            self._query(gates, plan, scope, scored=not newest_first),
            limit=limit,
            offset=offset,
            order_by_field="day" if newest_first else None,
        )
        best = tuple(
            (0.0 if newest_first else float(score), _told(searcher, place)) for score, place in found.hits
        )
        # The library's types leave the count out.
        return Found(found.count, best)  # type: ignore[attr-defined]

    def count(
        self, plan: Plan, scope: Scope, names: Sequence[str], most: Mapping[str, int] = NO_LIMITS
    ) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        state = self._now()
        # Whoever turns pages, and everybody who opens the bare page, asks for the same counts again.
        asked_for = (state.stamp, plan, _hashable(scope), tuple(names), tuple(most.items()))
        if (known := self._counted.get(asked_for)) is None:
            if len(self._counted) >= MOST_REMEMBERED:
                self._counted.clear()
            known = self._counted[asked_for] = self._count(state, plan, scope, names, most)
        return {name: dict(values) for name, values in known.items()}

    def _count(
        self, state: State, plan: Plan, scope: Scope, names: Sequence[str], most: Mapping[str, int]
    ) -> dict[str, dict[str, int]]:
        columns = {name: [name] for name in names}
        sizes = dict(most)
        if state.searcher.num_segments > 1:
            # Of several parts each would give its own most frequent values, and their sum could miss some. Where all are
            # given, those that are spread are counted much faster, and among many documents that is what takes long.
            columns, sizes = {name: columns_of(name, self._often) for name in names}, {}
        asked = {
            # One more, since having none is a value too.
            column: {"terms": {"field": f"{FACETS}.{column}", "size": sizes.get(name, MOST_VALUES) + 1}}
            for name, its in columns.items()
            for column in its
        }
        found = state.searcher.aggregate(self._query(state.gates, plan, scope, scored=False), asked)
        return {
            name: _most_frequent((found[column]["buckets"] for column in its), most.get(name))
            for name, its in columns.items()
        }

    def told(self, key: str, audiences: frozenset[str]) -> Told | None:
        _, searcher, gates = self._now()
        own = Query.boolean_query(
            [(Occur.Must, self._term("key", key)), *self._scoped(gates, Scope(audiences))]
        )
        hits = searcher.search(own, limit=1).hits
        return _told(searcher, hits[0][1]) if hits else None

    def holders(self, tokens: Iterable[Has]) -> Holders:
        searcher = self._now().searcher
        times = {one: searcher.doc_freq(one.kind.value, one.token) for one in tokens}
        return Holders(searcher.num_docs, times)

    def count_all(self) -> int:
        """How many documents there are."""
        return self._now().searcher.num_docs

    def keys(self) -> frozenset[str]:
        # Without a filter, removed documents' keys would still be among the terms.
        found = self._now().searcher.terms_with_prefix("key", "", filter_query=Query.all_query())
        return frozenset(key for key, _ in found)

    def _now(self) -> State:
        # Looked at before it is read: what is committed in between is read again by the next question.
        stamp = self._meta.stat().st_mtime_ns
        state = self._state
        if state is None or state.stamp != stamp:
            self._index.reload()
            searcher = self._index.searcher()
            state = self._state = State(stamp, searcher, Gates(searcher.terms_with_prefix(GATE, "")))
        return state

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, index_option="basic")

    def _scoped(self, gates: Gates, scope: Scope) -> list[tuple[Occur, Query]]:
        """Clauses for a scope; none for the gates where all are open to who asks."""
        clauses = []
        terms, is_closed = gates.for_(scope.audiences)
        if terms or not is_closed:
            clauses.append((Occur.MustNot if is_closed else Occur.Must, self._one_of(GATE, terms)))
        for name, values in scope.narrowed.items():
            clauses.append((Occur.Must, self._one_of(f"{FACETS}.{name}", list(map(kept, values)))))
        if scope.besides is not None:
            clauses.append((Occur.MustNot, self._term("key", scope.besides)))
        return clauses

    def _one_of(self, field: str, values: Sequence[str]) -> Query:
        """Has one of these; nothing has one of none."""
        if not values:
            return Query.empty_query()
        if len(values) == 1:
            found = self._term(field, values[0])
        elif len(values) <= MOST_ALTERNATIVES:
            found = Query.boolean_query([(Occur.Should, self._term(field, one)) for one in values])
        else:
            found = Query.term_set_query(self._schema, field, list(values))
        return Query.const_score_query(found, 0.0)

    def _query(self, gates: Gates, plan: Plan, scope: Scope, *, scored: bool) -> Query:
        clauses = self._scoped(gates, scope)
        if plan.match is not None:
            clauses.append((Occur.Must, Query.const_score_query(self._node(plan.match), 0.0)))
        clauses += [(Occur.MustNot, self._node(one)) for one in plan.without]
        if scored:
            clauses += [
                (Occur.Should, Query.boost_query(self._has(one), weight)) for one, weight in plan.scored
            ]
            if plan.exact is not None:
                clauses.append((Occur.Should, Query.const_score_query(self._node(plan.exact), EXACT_BONUS)))
        if not any(occur is Occur.Must for occur, _ in clauses):
            # Scores nothing, and lets what must not be there be taken away from something.
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        return Query.boolean_query(clauses)

    def _node(self, node: Node) -> Query:
        match node:
            case Has():
                return self._has(node)
            case Run(grams=(one,)):
                return self._has(Has(Kind.GRAM, one))
            case Run(grams=many):
                return Query.phrase_query(self._schema, Kind.GRAM.value, list(many))
            case AtLeast(parts=parts, least=least) if least >= len(parts):
                return Query.boolean_query([(Occur.Must, self._node(one)) for one in parts])
            case AtLeast(parts=parts, least=least):
                return Query.boolean_query(
                    [(Occur.Should, self._node(one)) for one in parts], minimum_number_should_match=least
                )

    def _has(self, one: Has) -> Query:
        return Query.term_query(self._schema, one.kind.value, one.token, index_option="freq")


def _most_frequent(columns: Iterable[list[dict[str, Any]]], most: int | None) -> dict[str, int]:
    """The values of several columns with their counts, the most frequent first."""
    total: Counter[str] = Counter()
    for buckets in columns:
        for bucket in buckets:
            total[bucket["key"]] += bucket["doc_count"]
    total.pop(NOTHING, None)
    return {value_of(one): count for one, count in total.most_common(most)}


def _hashable(scope: Scope) -> Hashable:
    narrowed = tuple((name, tuple(values)) for name, values in sorted(scope.narrowed.items()))
    return scope.audiences, narrowed, scope.besides


def _told(searcher: tantivy.Searcher, place: tantivy.DocAddress) -> Told:
    found = searcher.doc(place).to_dict()
    told = json.loads(found["told"][0])
    title_cut, body_cut = unpacked(found["cuts"][0])
    return Told(
        key=found["key"][0],
        kind=found["kind"][0],
        title=told["title"],
        body=told["body"],
        day=found["day"][0],
        payload=told["payload"],
        title_cut=title_cut,
        body_cut=body_cut,
    )
