"""The reference engine: the contract carried out in plain Python over plain dictionaries; exact, small and slow.

What any other engine finds is held against it (tests/engines/textsearch); it also serves where an index in files would be too much.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tsunagu.engines.textsearch.analysis import Kind
from tsunagu.engines.textsearch.beside import joined
from tsunagu.engines.textsearch.contract import NO_LIMITS, Document, Found, Scope, Told
from tsunagu.engines.textsearch.plan import EXACT_BONUS, AtLeast, Has, Holders, Node, Plan, Run

# BM25 as it is usually set.
K1, B = 1.2, 0.75


@dataclass(frozen=True)
class _Kept:
    document: Document
    tokens: dict[Kind, tuple[str, ...]]
    times: dict[Kind, Counter[str]]

    def holds(self, node: Node) -> bool:
        match node:
            case Has(kind=kind, token=token):
                return token in self.times[kind]
            case Run(grams=grams):
                own = self.tokens[Kind.GRAM]
                return any(own[at : at + len(grams)] == grams for at in range(len(own) - len(grams) + 1))
            case AtLeast(parts=parts, least=least):
                return sum(self.holds(one) for one in parts) >= least

    def is_in(self, scope: Scope) -> bool:
        own = self.document
        return (
            bool(own.audiences & scope.audiences)
            and not own.hidden_from & scope.audiences
            and own.key != scope.besides
            and all(
                set(values) & set(own.all_facets.get(name, ())) for name, values in scope.narrowed.items()
            )
        )


class Plain:
    """Reader and writer in one; what is put shows after `commit`."""

    def __init__(self) -> None:
        self._committed: list[_Kept] = []
        self._pending: list[_Kept] = []

    def put(self, documents: Iterable[Document]) -> None:
        self._pending.extend(_kept(document) for document in documents)

    def remove(self, keys: Iterable[str]) -> None:
        gone = frozenset(keys)
        self._pending = [one for one in self._pending if one.document.key not in gone]

    def commit(self) -> None:
        self._committed = list(self._pending)

    def close(self) -> None:
        self._pending = list(self._committed)

    def find(
        self, plan: Plan, scope: Scope, *, limit: int, offset: int = 0, newest_first: bool = False
    ) -> Found:
        hits = self._hits(plan, scope)
        if newest_first:
            ranked = sorted(((0.0, one) for one in hits), key=lambda hit: -hit[1].document.day)
        else:
            ranked = sorted(((self._score(plan, one), one) for one in hits), key=lambda hit: -hit[0])
        return Found(
            len(hits), tuple((score, _told(one.document)) for score, one in ranked[offset : offset + limit])
        )

    def count(
        self, plan: Plan, scope: Scope, names: Sequence[str], most: Mapping[str, int] = NO_LIMITS
    ) -> dict[str, dict[str, int]]:
        hits = self._hits(plan, scope)
        counts = {
            name: Counter(value for one in hits for value in set(one.document.all_facets.get(name, ())))
            for name in names
        }
        return {name: dict(found.most_common(most.get(name))) for name, found in counts.items()}

    def told(self, key: str, audiences: frozenset[str]) -> Told | None:
        scope = Scope(audiences)
        own = (one.document for one in self._committed if one.document.key == key and one.is_in(scope))
        return next((_told(one) for one in own), None)

    def holders(self, tokens: Iterable[Has]) -> Holders:
        every = self._committed
        return Holders(len(every), {token: sum(one.holds(token) for one in every) for token in tokens})

    def keys(self) -> frozenset[str]:
        return frozenset(one.document.key for one in self._committed)

    def _hits(self, plan: Plan, scope: Scope) -> list[_Kept]:
        return [
            one
            for one in self._committed
            if one.is_in(scope)
            and (plan.match is None or one.holds(plan.match))
            and not any(one.holds(node) for node in plan.without)
        ]

    def _score(self, plan: Plan, one: _Kept) -> float:
        score = sum(weight * self._bm25(has, one) for has, weight in plan.scored)
        return score + (EXACT_BONUS if plan.exact is not None and one.holds(plan.exact) else 0.0)

    def _bm25(self, has: Has, one: _Kept) -> float:
        times = one.times[has.kind][has.token]
        if not times:
            return 0.0
        every = self._committed
        holders = sum(has.token in other.times[has.kind] for other in every)
        average = sum(len(other.tokens[has.kind]) for other in every) / len(every)
        rarity = math.log(1 + (len(every) - holders + 0.5) / (holders + 0.5))
        return rarity * times * (K1 + 1) / (times + K1 * (1 - B + B * len(one.tokens[has.kind]) / average))


def _kept(document: Document) -> _Kept:
    text = joined(document.title, document.body)
    tokens = {kind: tuple(own.split()) for kind, own in zip(Kind, text.tokens, strict=True)}
    return _Kept(document, tokens, {kind: Counter(own) for kind, own in tokens.items()})


def _told(document: Document) -> Told:
    return Told(document.key, document.kind, document.title, document.body, document.day, document.payload)
