"""The embedded engine: an index in files (tantivy), one writer, any number of readers in any process.

A place is a folder; `current` in it names the folder of the index in use, so that a rebuilt index takes over at once.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tantivy

from tsunagu.engines.textsearch.analysis import ANALYSER_VERSION, Kind
from tsunagu.engines.textsearch.beside import Joined, joined
from tsunagu.engines.textsearch.columns import spread
from tsunagu.engines.textsearch.contract import BeingWritten, Document, Outdated
from tsunagu.engines.textsearch.embedded_reader import FACETS, GATE, EmbeddedReader
from tsunagu.engines.textsearch.gates import Gate
from tsunagu.engines.textsearch.read_ahead import read_ahead, read_ahead_beside

# Counted up whenever the fields change.
LAYOUT_VERSION = 5
STAMP = "stamp.json"
CURRENT = "current"
HEAP_BYTES = 60_000_000
# What is found in one large part is found several times as fast as in many small ones; a new index grows to so much
# before a part is written.
REBUILDING_BYTES = 400_000_000
NONE_KNOWN: Mapping[str, int] = {}

_json = json.JSONEncoder(ensure_ascii=False).encode


def schema() -> tantivy.Schema:
    """Tokens are made here and joined by spaces; the index only splits them again."""
    build = tantivy.SchemaBuilder()
    for name in ("key", "kind", GATE):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", stored=name != GATE)
    # A column for each name: counting reads one value after another, and only of what is asked for.
    build.add_json_field(FACETS, tokenizer_name="raw", index_option="basic", fast=True)
    for kind in Kind:
        option = "position" if kind is Kind.GRAM else "freq"
        build.add_text_field(kind.value, tokenizer_name="whitespace_only", index_option=option)
    build.add_integer_field("day", stored=True, fast=True)
    # Given back as it is: bytes, since every text is also put among the terms.
    build.add_bytes_field("told", stored=True)
    build.add_bytes_field("cuts", stored=True)
    return build.build()


def _opened(path: Path) -> tantivy.Index:
    index = tantivy.Index(schema(), path=str(path))
    splitting = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace_only", splitting)
    return index


class Embedded:
    """An engine in a folder of this machine.

    `counted`: the facets that are counted often, each with the columns it is spread over in a large index (`columns.py`).
    """

    def __init__(self, place: Path, counted: Mapping[str, int] = NONE_KNOWN) -> None:
        self.place = place
        self.counted = counted

    @property
    def stamp(self) -> dict[str, Any]:
        """What an index must have been made with to be read by this version."""
        return {
            "layout": LAYOUT_VERSION,
            "analyser": ANALYSER_VERSION,
            "counted": dict(self.counted),
        }

    def current(self) -> Path | None:
        """The folder of the index in use; None while there is none of this version."""
        try:
            path = self.place / (self.place / CURRENT).read_text().strip()
            found = json.loads((path / STAMP).read_text())
        except (OSError, ValueError):
            return None
        return path if found == self.stamp else None

    def taken_over(self) -> tuple[int, int] | None:
        """Something that is another whenever an index takes over from another; None while there has been none."""
        try:
            found = (self.place / CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def reader(self) -> EmbeddedReader:
        """Raises `Outdated` when there is no index of this version."""
        if (path := self.current()) is None:
            raise Outdated(str(self.place))
        read_ahead_beside(path)
        return EmbeddedReader(_opened(path), path / "meta.json", self.counted)

    def writer(self) -> "EmbeddedWriter":
        """Raises `BeingWritten`, `Outdated`."""
        if (path := self.current()) is None:
            raise Outdated(str(self.place))
        return EmbeddedWriter(path, self.counted)

    def fresh(self) -> "EmbeddedWriter":
        """A writer to a new, empty index beside the one in use; `take_over` makes it the one in use."""
        path = self.place / f"index-{secrets.token_hex(4)}"
        path.mkdir(parents=True)
        (path / STAMP).write_text(json.dumps(self.stamp))
        return EmbeddedWriter(path, self.counted, heap_bytes=REBUILDING_BYTES)

    def take_over(self, path: Path) -> None:
        """Put a new index in the place of the one in use, in one step, and remove all others."""
        read_ahead(path)
        pending = self.place / f"{CURRENT}.new"
        with pending.open("w") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        pending.replace(self.place / CURRENT)
        for other in self.place.glob("index-*"):
            if other != path:
                # Readers in other processes keep the files they have open.
                shutil.rmtree(other, ignore_errors=True)


class EmbeddedWriter:
    """The one writer of an index. Use `close` (or leave a `with` block) to let another write."""

    def __init__(self, path: Path, counted: Mapping[str, int], heap_bytes: int = HEAP_BYTES) -> None:
        self.path = path
        self._counted = counted
        try:
            self._writer = _opened(path).writer(heap_size=heap_bytes, num_threads=1)
        except ValueError as fault:
            if "lock" in str(fault).lower():
                raise BeingWritten(str(path)) from fault
            raise

    def put(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self.put_stored(self.stored(document, joined(document.title, document.body)))

    def put_stored(self, document: tantivy.Document) -> None:
        """Add a document made with `stored`: one may be put into several indexes."""
        self._writer.add_document(document)

    def stored(self, document: Document, text: Joined) -> tantivy.Document:
        """A document as an index keeps it; `text`: its title and body, analysed."""
        made = tantivy.Document()
        made.add_text("key", document.key)
        made.add_text("kind", document.kind)
        made.add_text(GATE, Gate(document.audiences, document.hidden_from).term)
        for kind, of_kind in zip(Kind, text.tokens, strict=True):
            made.add_text(kind.value, of_kind)
        made.add_json(FACETS, _json(spread(document.all_facets, self._counted)))
        made.add_integer("day", document.day)
        told = {"title": document.title, "body": document.body, "payload": dict(document.payload)}
        made.add_bytes("told", _json(told).encode())
        made.add_bytes("cuts", text.cuts)
        return made

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._writer.delete_documents_by_term("key", key)

    def commit(self) -> None:
        self._writer.commit()

    def close(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()

    def __enter__(self) -> "EmbeddedWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
