"""A search server behind the same contract: OpenSearch, for when one machine is outgrown.

Words, pairs of characters and pairs of words are made here by the same analysis as for the embedded index, so that both
find the same; the server only splits them at spaces and weighs them (BM25). No plug-in is needed on the server. What can
be tried without a server is tried: the documents, the queries and the reading of answers, against the reference engine
(tests/engines/textsearch/test_opensearch.py). How the server itself scores is not.
"""

import json
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from tsunagu.engines.textsearch.analysis import ANALYSER_VERSION, Kind
from tsunagu.engines.textsearch.beside import joined
from tsunagu.engines.textsearch.contract import NO_LIMITS, Document, Found, Scope, Told
from tsunagu.engines.textsearch.plan import EXACT_BONUS, AtLeast, Has, Holders, Node, Plan, Run

Json: TypeAlias = dict[str, Any]
# (method, path, body as bytes) → what the server answered.
Transport: TypeAlias = Callable[[str, str, bytes], Json]
MOST_VALUES = 5_000
AT_ONCE = 500
KEYS_AT_ONCE = 1_000

SETTINGS: Json = {
    "settings": {
        "index": {"max_result_window": 20_000},
        "analysis": {"analyzer": {"spaces": {"type": "custom", "tokenizer": "whitespace"}}},
    },
    "mappings": {
        "_meta": {"analyser": ANALYSER_VERSION},
        "dynamic": False,
        "properties": {
            **{name: {"type": "keyword"} for name in ("key", "kind", "audience", "hidden", "facet")},
            **{kind.value: {"type": "text", "analyzer": "spaces", "index_options": "positions" if kind is Kind.GRAM else "freqs"} for kind in Kind},
            "day": {"type": "integer"},
            "told": {"type": "object", "enabled": False},
        },
    },
}  # fmt: skip


def over_http(address: str, *, timeout: float = 10.0, headers: Mapping[str, str] | None = None) -> Transport:
    """Speaks to a server; `headers` carry what it wants to know of us. Raises `OSError` when it does not answer."""
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"not an address of the web: {address}")

    def send(method: str, path: str, body: bytes) -> Json:
        request = urllib.request.Request(  # noqa: S310 - checked above
            f"{address.rstrip('/')}/{path}", data=body or None, method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            found: Json = json.loads(answer.read())
            return found

    return send


def stored(document: Document) -> Json:
    """A document as the server keeps it."""
    text = joined(document.title, document.body)
    return {
        "key": document.key,
        "kind": document.kind,
        "audience": sorted(document.audiences),
        "hidden": sorted(document.hidden_from),
        "facet": [f"{name}={value}" for name, values in document.all_facets.items() for value in values],
        "day": document.day,
        **{kind.value: tokens for kind, tokens in zip(Kind, text.tokens, strict=True)},
        "told": {"title": document.title, "body": document.body, "payload": dict(document.payload)},
    }


def scoped(scope: Scope) -> tuple[list[Json], list[Json]]:
    """(what must hold, what must not) for a document to exist for somebody."""
    audiences = sorted(scope.audiences)
    must: list[Json] = [{"terms": {"audience": audiences}}]
    must += [
        {"terms": {"facet": [f"{name}={value}" for value in values]}}
        for name, values in scope.narrowed.items()
    ]
    must_not: list[Json] = [{"terms": {"hidden": audiences}}]
    if scope.besides is not None:
        must_not.append({"term": {"key": scope.besides}})
    return must, must_not


def node_query(node: Node) -> Json:
    """A part of a plan as a query."""
    match node:
        case Has(kind=kind, token=token):
            return {"term": {kind.value: token}}
        case Run(grams=(one,)):
            return {"term": {Kind.GRAM.value: one}}
        case Run(grams=many):
            return {"match_phrase": {Kind.GRAM.value: {"query": " ".join(many), "analyzer": "spaces"}}}
        case AtLeast(parts=parts, least=least):
            return {"bool": {"should": [node_query(one) for one in parts], "minimum_should_match": least}}


def query(plan: Plan, scope: Scope, *, is_scored: bool) -> Json:
    """A plan within a scope: audiences are part of every query, and score nothing."""
    must, must_not = scoped(scope)
    if plan.match is not None:
        must.append(node_query(plan.match))
    must_not += [node_query(one) for one in plan.without]
    found: Json = {"filter": must, "must_not": must_not}
    if is_scored:
        should = [
            {"constant_score": {"filter": {"match_none": {}}, "boost": 0}},
            *(
                {"term": {one.kind.value: {"value": one.token, "boost": weight}}}
                for one, weight in plan.scored
            ),
        ]
        if plan.exact is not None:
            should.append({"constant_score": {"filter": node_query(plan.exact), "boost": EXACT_BONUS}})
        found |= {"should": should, "minimum_should_match": 0}
    return {"bool": found}


class OpenSearchReader:
    """Reads an index of a server."""

    def __init__(self, send: Transport, index: str) -> None:
        self._send, self._index = send, index

    def _ask(self, body: Json) -> Json:
        return self._send("POST", f"{self._index}/_search", json.dumps(body).encode())

    def find(
        self, plan: Plan, scope: Scope, *, limit: int, offset: int = 0, newest_first: bool = False
    ) -> Found:
        asked: Json = {
            "query": query(plan, scope, is_scored=not newest_first), "from": offset, "size": limit, "track_total_hits": True,
            "_source": ["key", "kind", "day", "told"],
        }  # fmt: skip
        if newest_first:
            asked["sort"] = [{"day": "desc"}, {"key": "asc"}]
        hits = self._ask(asked)["hits"]
        best = tuple((float(one.get("_score") or 0.0), _told(one["_source"])) for one in hits["hits"])
        return Found(int(hits["total"]["value"]), best)

    def count(
        self, plan: Plan, scope: Scope, names: Sequence[str], most: Mapping[str, int] = NO_LIMITS
    ) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {name: {} for name in names}
        if not names:
            return counts
        asked = {
            "query": query(plan, scope, is_scored=False), "size": 0,
            "aggs": {"values": {"terms": {"field": "facet", "size": MOST_VALUES}}},
        }  # fmt: skip
        for bucket in self._ask(asked)["aggregations"]["values"]["buckets"]:
            name, _, value = bucket["key"].partition("=")
            # They come from the most frequent on.
            if name in counts and len(counts[name]) < most.get(name, MOST_VALUES):
                counts[name][value] = bucket["doc_count"]
        return counts

    def told(self, key: str, audiences: frozenset[str]) -> Told | None:
        must, must_not = scoped(Scope(audiences))
        asked = {
            "query": {"bool": {"filter": [*must, {"term": {"key": key}}], "must_not": must_not}},
            "size": 1,
        }
        hits = self._ask(asked)["hits"]["hits"]
        return _told(hits[0]["_source"]) if hits else None

    def holders(self, tokens: Iterable[Has]) -> Holders:
        asked = list(dict.fromkeys(tokens))
        filters = {str(number): node_query(one) for number, one in enumerate(asked)}
        body: Json = {"size": 0, "track_total_hits": True}
        if filters:
            body["aggs"] = {"holders": {"filters": {"filters": filters}}}
        found = self._ask(body)
        buckets = found["aggregations"]["holders"]["buckets"] if filters else {}
        times = {one: int(buckets[str(number)]["doc_count"]) for number, one in enumerate(asked)}
        return Holders(int(found["hits"]["total"]["value"]), times)

    def keys(self) -> frozenset[str]:
        found: set[str] = set()
        after: Json | None = None
        while True:
            source: Json = {"size": KEYS_AT_ONCE, "sources": [{"key": {"terms": {"field": "key"}}}]}
            if after is not None:
                source["after"] = after
            answer = self._ask({"size": 0, "aggs": {"keys": {"composite": source}}})["aggregations"]["keys"]
            found |= {one["key"]["key"] for one in answer["buckets"]}
            after = answer.get("after_key")
            if after is None or not answer["buckets"]:
                return frozenset(found)


def _told(source: Json) -> Told:
    told = source["told"]
    return Told(source["key"], source["kind"], told["title"], told["body"], source["day"], told["payload"])


class OpenSearchWriter:
    """Changes wait here until `commit` sends them, in the order they were made, and has the server show them."""

    def __init__(self, send: Transport, index: str) -> None:
        self._send, self._index = send, index
        self._waiting: list[tuple[str, Any]] = []

    def put(self, documents: Iterable[Document]) -> None:
        self._waiting += [("put", document) for document in documents]

    def remove(self, keys: Iterable[str]) -> None:
        gone = frozenset(keys)
        self._waiting = [one for one in self._waiting if not (one[0] == "put" and one[1].key in gone)]
        self._waiting.append(("remove", sorted(gone)))

    def commit(self) -> None:
        gone = sorted({key for what, keys in self._waiting if what == "remove" for key in keys})
        for start in range(0, len(gone), AT_ONCE):
            body = {"query": {"terms": {"key": gone[start : start + AT_ONCE]}}}
            self._send(
                "POST",
                f"{self._index}/_delete_by_query?refresh=true&conflicts=proceed",
                json.dumps(body).encode(),
            )
        documents = [document for what, document in self._waiting if what == "put"]
        for start in range(0, len(documents), AT_ONCE):
            lines: list[str] = []
            for document in documents[start : start + AT_ONCE]:
                lines.append(json.dumps({"index": {"_id": f"{document.key}/{document.form}"}}))
                lines.append(json.dumps(stored(document), ensure_ascii=False))
            answer = self._send("POST", f"{self._index}/_bulk", ("\n".join(lines) + "\n").encode())
            if answer.get("errors"):
                raise OSError("the search server refused some documents")
        self._send("POST", f"{self._index}/_refresh", b"")
        self._waiting = []

    def close(self) -> None:
        self._waiting = []


def make_index(send: Transport, index: str) -> None:
    """An empty index with our fields."""
    send("PUT", index, json.dumps(SETTINGS).encode())
