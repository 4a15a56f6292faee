"""Analysis in processes beside this one: it takes most of the time of making an index, and shares nothing."""

import os
import threading
from array import array
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
    """What an index takes of a document's text: its tokens in the order of `Kind`, joined by spaces; and where the words
    of the title and of the body stand (`cuts_of`)."""

    tokens: tuple[str, ...]
    cuts: bytes


# Enough that a process is not waited for, and few enough to be held.
AT_ONCE = 500
WAITING_FOR_EACH = 3


def joined(title: str, body: str) -> Joined:
    """The tokens of a title and a body."""
    one, other = analysed(title), analysed(body)
    tokens = tuple(" ".join(one.of(kind) * TITLE_TIMES + other.of(kind)) for kind in Kind)
    return Joined(tokens, _packed(one.cut, other.cut))


# Places in a text as an index keeps them: how far excerpts look is well below 65,536 characters.
PLACES = "H"


def _packed(title: Cut, body: Cut) -> bytes:
    """The words of a title and of the body as far as excerpts look: how many, their places, their forms."""
    cuts = [_as_far_as(cut, LOOKED_AT) for cut in (title, body)]
    numbers = array(PLACES, [len(cut.forms) for cut in cuts])
    for cut in cuts:
        numbers.extend(cut.starts)
        numbers.extend(cut.ends)
    # Forms hold no spaces.
    return numbers.tobytes() + " ".join(form for cut in cuts for form in cut.forms).encode()


def _as_far_as(cut: Cut, end: int) -> Cut:
    count = bisect_right(cut.ends, end)
    return Cut(cut.forms[:count], cut.starts[:count], cut.ends[:count])


def cuts_of(packed: bytes) -> tuple[Cut, Cut]:
    """The title's and the body's words as `joined` kept them."""
    size = array(PLACES).itemsize
    first, second = array(PLACES, packed[: 2 * size])
    places = array(PLACES, packed[2 * size : (2 + 2 * (first + second)) * size])
    forms = packed[(2 + 2 * (first + second)) * size :].decode().split(" ")
    body = places[2 * first :]
    return (
        Cut(forms[:first], places[:first], places[first : 2 * first]),
        Cut(forms[first : first + second], body[:second], body[second:]),
    )


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
