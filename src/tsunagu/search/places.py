"""Where the two indexes are, and reading them.

Two, not one: what everybody may find stands in an index of its own, so that nothing about other records, not even how often a
word occurs in them, can show in what the public sees (decision 0061).
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

from tsunagu.engines.textsearch.contract import Outdated, Reader
from tsunagu.search.audiences import PUBLIC_ONLY
from tsunagu.search.counted import COUNTED

if TYPE_CHECKING:
    from tsunagu.engines.textsearch.embedded import Embedded

NAMES = ("public", "inside")


def engine(name: str) -> "Embedded":
    """The engine of one of `NAMES`."""
    # Only here: a process that is never asked goes without it.
    from tsunagu.engines.textsearch.embedded import Embedded

    return Embedded(Path(settings.TSUNAGU_SEARCH_DIR) / name, COUNTED)


class _Open(NamedTuple):
    taken_over: tuple[int, int]
    reader: Reader


_opened: dict[str, _Open] = {}


def reader_for(audiences: frozenset[str]) -> Reader:
    """The index to ask for these audiences. Raises `Outdated` while there is none."""
    name = "public" if audiences <= PUBLIC_ONLY else "inside"
    place = engine(name)
    taken_over = place.taken_over()
    if taken_over is None:
        raise Outdated(name)
    # One object in each process, until another index takes over.
    known = _opened.get(name)
    if known is None or known.taken_over != taken_over:
        known = _opened[name] = _Open(taken_over, place.reader())
    return known.reader


def is_ready() -> bool:
    """Whether both indexes are there and of this version."""
    return all(engine(name).current() for name in NAMES)
