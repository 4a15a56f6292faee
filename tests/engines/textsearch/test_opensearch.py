"""The adapter to a search server, against a small server of the test's own that answers the queries it sends, and the reference engine.

What the real server adds (its own scoring, clusters, time) is not tried: there is none here.
"""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.textsearch.test_contract import CASES, EVERYONE, LAB, asked, document, keys

from tsunagu.engines.textsearch.analysis import Kind
from tsunagu.engines.textsearch.answering import ask, titles
from tsunagu.engines.textsearch.contract import Document, Question
from tsunagu.engines.textsearch.opensearch import (
    SETTINGS,
    OpenSearchReader,
    OpenSearchWriter,
    make_index,
    stored,
)
from tsunagu.engines.textsearch.plain import Plain

INDEX = "tsunagu"
SPLIT = {kind.value for kind in Kind}


class Server:
    """Answers the part of the query language that the adapter uses, over plain dictionaries."""

    def __init__(self) -> None:
        self.mapping: Any = None
        self.documents: dict[str, Any] = {}

    def __call__(self, method: str, path: str, body: bytes) -> Any:
        what = path.partition("/")[2].partition("?")[0]
        if method == "PUT":
            self.mapping = json.loads(body)
            return {"acknowledged": True}
        if what == "_bulk":
            lines = [json.loads(line) for line in body.decode().splitlines()]
            for head, source in zip(lines[::2], lines[1::2], strict=True):
                assert set(source) <= set(self.mapping["mappings"]["properties"])
                self.documents[head["index"]["_id"]] = source
            return {"errors": False}
        if what == "_delete_by_query":
            query = json.loads(body)["query"]
            self.documents = {key: one for key, one in self.documents.items() if not self.holds(query, one)}
            return {}
        return self.search(json.loads(body)) if what == "_search" else {}

    def search(self, asked: Any) -> Any:
        found = [
            one for one in self.documents.values() if self.holds(asked.get("query", {"match_all": {}}), one)
        ]
        if "sort" in asked:
            found.sort(key=lambda one: (-one["day"], one["key"]))
        else:
            found.sort(key=lambda one: -self.score(asked["query"], one) if "query" in asked else 0)
        start = asked.get("from", 0)
        hits = (
            [
                {"_source": one, "_score": self.score(asked["query"], one)}
                for one in found[start : start + asked.get("size", 10)]
            ]
            if asked.get("size")
            else []
        )
        answer: dict[str, Any] = {"hits": {"total": {"value": len(found)}, "hits": hits}}
        for name, wanted in asked.get("aggs", {}).items():
            answer["aggregations"] = {name: self.counted(wanted, found)}
        return answer

    def counted(self, wanted: Any, found: list[Any]) -> Any:
        if "composite" in wanted:
            every = sorted({one["key"] for one in found})
            after = wanted["composite"].get("after", {}).get("key", "")
            rest = [one for one in every if one > after][: wanted["composite"]["size"]]
            buckets = [{"key": {"key": one}} for one in rest]
            return {"buckets": buckets, **({"after_key": {"key": rest[-1]}} if rest else {})}
        if "filters" in wanted:
            return {"buckets": {
                name: {"doc_count": sum(self.holds(query, one) for one in found)}
                for name, query in wanted["filters"]["filters"].items()
            }}  # fmt: skip
        counts: dict[str, int] = {}
        for one in found:
            for value in set(one["facet"]):
                counts[value] = counts.get(value, 0) + 1
        return {"buckets": [{"key": key, "doc_count": count} for key, count in counts.items()]}

    def values(self, name: str, one: Any) -> list[Any]:
        value = one[name]
        if name in SPLIT:
            return str(value).split()
        return value if isinstance(value, list) else [value]

    def holds(self, query: Any, one: Any) -> bool:
        ((kind, body),) = query.items()
        if kind == "bool":
            should = body.get("should", [])
            least = body.get("minimum_should_match", 1 if should and not body.get("filter") else 0)
            return (
                all(self.holds(each, one) for each in body.get("filter", []))
                and not any(self.holds(each, one) for each in body.get("must_not", []))
                and sum(self.holds(each, one) for each in should) >= least
            )
        if kind == "constant_score":
            return self.holds(body["filter"], one)
        if kind in {"match_all", "match_none"}:
            return kind == "match_all"
        ((name, wanted),) = body.items()
        if kind == "term":
            value = wanted["value"] if isinstance(wanted, dict) else wanted
            return value in self.values(name, one)
        if kind == "terms":
            return bool(set(wanted) & set(self.values(name, one)))
        assert kind == "match_phrase"
        own, run = self.values(name, one), wanted["query"].split()
        return any(own[at : at + len(run)] == run for at in range(len(own) - len(run) + 1))

    def score(self, query: Any, one: Any) -> float:
        """Not the server's: only that what counts more comes first."""
        total = 0.0
        for each in query["bool"].get("should", []):
            ((kind, body),) = each.items()
            if self.holds(each, one):
                total += body["boost"] if kind == "constant_score" else next(iter(body.values()))["boost"]
        return total


def engine(documents: list[Document]) -> tuple[OpenSearchReader, OpenSearchWriter, Server]:
    server = Server()
    make_index(server, INDEX)
    writer = OpenSearchWriter(server, INDEX)
    writer.put(documents)
    writer.commit()
    return OpenSearchReader(server, INDEX), writer, server


def test_it_finds_what_the_reference_finds() -> None:
    reader, _writer, _server = engine(CASES)
    plain = Plain()
    plain.put(CASES)
    plain.commit()
    for text in (
        "鳥獣害 センサー",
        "サーバ",
        "取り組み -工場",
        '"見回りを減らす"',
        "",
        "kind:case",
        "鳥獣蓋",
        "失敗",
    ):
        for who in (EVERYONE, LAB, frozenset[str]()):
            mine = asked(reader, text, who, counted=["field", "kind"])
            theirs = asked(plain, text, who, counted=["field", "kind"])
            assert (mine.total, mine.exact, mine.counts, set(keys(mine))) == (
                theirs.total,
                theirs.exact,
                theirs.counts,
                set(keys(theirs)),
            ), text
    assert titles(reader, "旅館", EVERYONE) == titles(plain, "旅館", EVERYONE)
    assert keys(asked(reader, "", newest_first=True))[:3] == ["case:1", "case:2", "case:3"]
    assert reader.keys() == plain.keys()


WORDS = st.lists(
    st.sampled_from(["鳥獣害", "センサー", "工場", "予約", "取り組み", "サーバー"]), max_size=4
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(WORDS, WORDS, st.booleans()), max_size=5), WORDS)
def test_any_documents_any_question(made: list[tuple[str, str, bool]], text: str) -> None:
    documents = [
        document(f"case:{number}", title or "題", body, audiences=LAB if is_public else frozenset({"labs"}))
        for number, (title, body, is_public) in enumerate(made)
    ]
    reader, _writer, _server = engine(documents)
    plain = Plain()
    plain.put(documents)
    plain.commit()
    for who in (EVERYONE, LAB):
        mine, theirs = (ask(one, Question(text, who)) for one in (reader, plain))
        assert (mine.total, mine.exact) == (theirs.total, theirs.exact)


def test_nothing_shows_before_the_commit_and_removed_is_removed() -> None:
    reader, writer, server = engine(CASES)
    writer.remove(["case:1"])
    writer.put([document("case:9", "新しい事例")])
    assert {"case:1"} <= reader.keys()
    writer.commit()
    assert not {"case:1"} & reader.keys()
    assert {"case:9"} <= reader.keys()
    writer.put([document("case:10", "やめる")])
    writer.close()
    writer.commit()
    assert not {"case:10"} & reader.keys()
    assert server.mapping == SETTINGS


def test_what_is_kept_holds_no_more_than_the_embedded_index() -> None:
    kept = stored(CASES[0])
    assert set(kept) == set(SETTINGS["mappings"]["properties"])
    assert kept["facet"] == ["field=農業", "prefecture=岡山県", "kind=case"]
