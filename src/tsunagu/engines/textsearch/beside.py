"""Analysis in processes beside this one: it takes most of the time of making an index, and shares nothing."""

import json
import os
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import NamedTuple

from tsunagu.engines.textsearch.analysis import Cut, Kind, analysed
from tsunagu.engines.textsearch.contract import Document
from tsunagu.engines.textsearch.marking import LOOKED_AT
from tsunagu.engines.textsearch.plan import TITLE_TIMES


class Joined(NamedTuple):
    """What an index takes of a document's text: its tokens in the order of `Kind`, joined by spaces; and, as JSON, the
    places of the words of the title and of the body as far as excerpts look: forms, starts, ends of each."""

    tokens: tuple[str, ...]
    cuts: str


# Enough that a process is not waited for, and few enough to be held.
AT_ONCE = 500
WAITING_FOR_EACH = 3


def joined(title: str, body: str) -> Joined:
    """The tokens of a title and a body."""
    one, other = analysed(title), analysed(body)
    tokens = tuple(" ".join(one.of(kind) * TITLE_TIMES + other.of(kind)) for kind in Kind)
    looked_at = bisect_right(other.ends, LOOKED_AT)
    cuts = [_kept(one.cut, len(one.words)), _kept(other.cut, looked_at)]
    return Joined(tokens, json.dumps(cuts, ensure_ascii=False, separators=(",", ":")))


def _kept(cut: Cut, count: int) -> tuple[str, Sequence[int], Sequence[int]]:
    """The first words of a cut; forms hold no spaces."""
    return " ".join(cut.forms[:count]), cut.starts[:count], cut.ends[:count]


def cuts_of(kept: str | bytes) -> tuple[Cut, Cut]:
    """The title's and the body's words as `joined` kept them."""
    one, other = (Cut(forms.split(), starts, ends) for forms, starts, ends in json.loads(kept))
    return one, other


def joined_beside(
    documents: Iterable[Document], processes: int | None = None
) -> Iterator[tuple[Document, Joined]]:
    """The documents in their order, each with its tokens; `processes`: as many as there are cores."""
    left = iter(documents)
    processes = processes or os.cpu_count() or 1
    waiting: deque[tuple[list[Document], Future[list[Joined]]]] = deque()
    # Fresh processes: this one may have threads and connections, which a copy of it would not survive.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_end_with_parent
    ) as pool:
        while True:
            while len(waiting) < processes * WAITING_FOR_EACH and (some := list(islice(left, AT_ONCE))):
                waiting.append((some, pool.submit(_all_joined, [(one.title, one.body) for one in some])))
            if not waiting:
                return
            some, done = waiting.popleft()
            yield from zip(some, done.result(), strict=True)


def _end_with_parent() -> None:
    """In a process of its own: end when the one that started it is gone, however it went."""
    if (parent := parent_process()) is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, name="parent", daemon=True).start()


def _all_joined(texts: Sequence[tuple[str, str]]) -> list[Joined]:
    return [joined(title, body) for title, body in texts]
