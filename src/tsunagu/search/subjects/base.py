"""What a kind of record tells the search."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from tsunagu.engines.textsearch.contract import Document
from tsunagu.sharing.viewer import Viewer


class Subject(Protocol):
    """A kind of record that can be found. Records are named by numbers; a document's key is "kind:number"."""

    @property
    def kind(self) -> str: ...

    @property
    def label(self) -> Promise: ...

    def numbers(self) -> Iterable[int]:
        """Every record there is."""

    def documents(self, numbers: Collection[int]) -> Iterable[Document]:
        """The documents of these records, in all their forms; none for a record that nobody should find."""

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        """Which of these records the viewer may know of now, asked of the database."""


def key_of(kind: str, number: int) -> str:
    """A record's key in the index."""
    return f"{kind}:{number}"


def numbers_of(found: QuerySet[Any]) -> set[int]:
    """The numbers of records, in no order: putting them in one takes time in every search."""
    return set(found.order_by().values_list("pk", flat=True))


def text(*parts: object) -> str:
    """A document's body: what is known, one part to a line."""
    return "\n".join(str(part) for part in parts if part)
