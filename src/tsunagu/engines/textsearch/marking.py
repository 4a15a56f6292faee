"""Excerpts: the part of a text that answers, with what matched marked, in the text's own characters."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeAlias

from tsunagu.engines.textsearch.analysis import Cut, cut, grams, same_length
from tsunagu.engines.textsearch.contract import Piece

EXCERPT_LENGTH = 120
# An excerpt is sought in so much of a text; beyond it the text's beginning is shown.
LOOKED_AT = 4_000
SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")
ELLIPSIS = "…"

Span: TypeAlias = tuple[int, int]
Pieces: TypeAlias = tuple[Piece, ...]


def marked(text: str, forms: frozenset[str], characters: frozenset[str], known: Cut | None) -> Pieces:
    """A whole text in pieces, what matches marked. `known`: its words, where an index has kept them."""
    return _pieces(text, spans_of(text, forms, characters, known or cut(text)))


def excerpt(text: str, forms: frozenset[str], characters: frozenset[str], known: Cut | None) -> Pieces:
    """The sentences of a text that share most with the question, cut to a length one takes in at a glance."""
    start, end = _window(text[:LOOKED_AT], characters)
    before = (Piece(ELLIPSIS, marked=False),) if start else ()
    after = (Piece(ELLIPSIS, marked=False),) if end < len(text) else ()
    inside = _within(known or cut(text[:LOOKED_AT]), start, end)
    window = text[start:end]
    return before + _pieces(window, spans_of(window, forms, characters, inside)) + after


def _within(whole: Cut, start: int, end: int) -> Cut:
    """The words of a part of a text, with their places in the part."""
    first, last = bisect_left(whole.starts, start), bisect_right(whole.ends, end)
    return Cut(
        whole.forms[first:last],
        [at - start for at in whole.starts[first:last]],
        [at - start for at in whole.ends[first:last]],
    )


def _pieces(text: str, spans: Sequence[Span]) -> Pieces:
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        if start > at:
            pieces.append(Piece(text[at:start], marked=False))
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], marked=False))
    return tuple(pieces)


def spans_of(text: str, forms: frozenset[str], characters: frozenset[str], known: Cut) -> list[Span]:
    """Where a text matches: whole words where any is there, else words that share a pair of characters."""
    if not (forms or characters):
        return []
    places = range(len(known.forms))
    hit = [at for at in places if known.forms[at] in forms]
    if not hit:
        hit = [
            at for at in places if not characters.isdisjoint(grams(text[known.starts[at] : known.ends[at]]))
        ]
    return _joined([(known.starts[at], known.ends[at]) for at in hit])


def _joined(hit: Sequence[Span]) -> list[Span]:
    """Neighbours as one span."""
    spans: list[Span] = []
    for start, end in hit:
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif end > start:
            spans.append((start, end))
    return spans


def _window(text: str, characters: frozenset[str]) -> Span:
    """From where to where: the best sentence, moved to the match when it is long, filled up with what follows.

    Sentences are compared by the pairs of characters they share with the question: cheap, and enough to find the place;
    words are looked at in the window alone.
    """
    spelt = same_length(text)
    ends = [sentence.end() for sentence in SENTENCE.finditer(spelt)]
    shared = [0] * len(ends)
    for one in characters:
        at = spelt.find(one)
        while at >= 0:
            # No pair of characters reaches over the end of a sentence, and each counts once in one.
            place = bisect_right(ends, at)
            shared[place] += 1
            at = spelt.find(one, ends[place])
    if not any(shared):
        return 0, min(len(text), EXCERPT_LENGTH)
    place = shared.index(max(shared))
    start = ends[place - 1] if place else 0
    best = start + _first(spelt[start : ends[place]], characters)
    return best, min(len(text), best + EXCERPT_LENGTH)


def _first(sentence: str, characters: frozenset[str]) -> int:
    """Where to begin in a sentence: at its beginning, or shortly before the first match of a long one."""
    if len(sentence) <= EXCERPT_LENGTH:
        return 0
    step = EXCERPT_LENGTH // 4
    starts = range(0, max(1, len(sentence) - EXCERPT_LENGTH + step), step)
    return max(
        starts,
        key=lambda at: (sum(one in sentence[at : at + EXCERPT_LENGTH] for one in characters), -at),
    )
