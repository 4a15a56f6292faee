"""Analysis in processes beside this one: it takes most of the time of making an index, and shares nothing."""

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import NamedTuple

from tsunagu.engines.textsearch.analysis import Kind, Tokens, analysed
from tsunagu.engines.textsearch.contract import Document
from tsunagu.engines.textsearch.packing import packed
from tsunagu.engines.textsearch.plan import TITLE_TIMES


class Joined(NamedTuple):
    """What an index takes of a document's text: its tokens in the order of `Kind`, joined by spaces; and where the words
    of the title and of the body stand (`packing.py`)."""

    tokens: tuple[str, ...]
    cuts: bytes


# Enough that a process is not waited for, and few enough to be held.
AT_ONCE = 500
WAITING_FOR_EACH = 3


def joined(title: str, body: str) -> Joined:
    """The tokens of a title and a body."""
    one, other = analysed(title), analysed(body)
    tokens = tuple(_weighed(one, other, kind) for kind in Kind)
    return Joined(tokens, packed(one.cut, other.cut))


def _weighed(title: Tokens, body: Tokens, kind: Kind) -> str:
    """The tokens of one kind, the title's several times."""
    texts = [title.text(kind)] * TITLE_TIMES + [body.text(kind)]
    return " ".join(filter(None, texts))


def joined_beside(
    documents: Iterable[Document], processes: int | None = None
) -> Iterator[tuple[Document, Joined]]:
    """The documents in their order, each with its tokens; `processes`: as many as there are cores."""
    left = iter(documents)
    processes = processes or os.cpu_count() or 1
    waiting: deque[tuple[list[Document], Future[list[Joined]]]] = deque()
    # Fresh processes: this one may have threads and connections, which a copy of it would not survive.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin) as pool:
        while True:
            while len(waiting) < processes * WAITING_FOR_EACH and (some := list(islice(left, AT_ONCE))):
                waiting.append((some, pool.submit(_all_joined, [(one.title, one.body) for one in some])))
            if not waiting:
                return
            some, done = waiting.popleft()
            yield from zip(some, done.result(), strict=True)


def _begin() -> None:
    """In a process of its own, which makes lists and texts alone: collecting would look for circles that are not there."""
    gc.disable()
    _end_with_parent()


def _end_with_parent() -> None:
    """End when the process that started this one is gone, however it went."""
    if (parent := parent_process()) is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, name="parent", daemon=True).start()


def _all_joined(texts: Sequence[tuple[str, str]]) -> list[Joined]:
    return [joined(title, body) for title, body in texts]
