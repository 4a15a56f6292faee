"""Excerpts: the part of a text that answers, with what matched marked, in the text's own characters."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from tsunagu.engines.textsearch.analysis import Cut, cut, grams, same_length
from tsunagu.engines.textsearch.contract import Piece

EXCERPT_LENGTH = 120
# An excerpt is sought in so much of a text; beyond it the text's beginning is shown.
LOOKED_AT = 4_000
END_OF_SENTENCE = re.compile(r"[。！？!?\n]")
ELLIPSIS = "…"

Span: TypeAlias = tuple[int, int]
Pieces: TypeAlias = tuple[Piece, ...]


class Match(NamedTuple):
    """Something of the question at a place of a text; the longer it is, the more it tells."""

    place: int
    what: str


def marked(text: str, forms: frozenset[str], characters: frozenset[str], known: Cut | None) -> Pieces:
    """A whole text in pieces, what matches marked. `known`: its words, where an index has kept them."""
    words = known or cut(text)
    return _pieces(text, 0, len(text), _spans(text, range(len(words.forms)), forms, characters, words))


def excerpt(text: str, forms: frozenset[str], characters: frozenset[str], known: Cut | None) -> Pieces:
    """The sentences of a text that share most with the question, cut to a length one takes in at a glance."""
    looked_at = text[:LOOKED_AT]
    words = known or cut(looked_at)
    matches = _words_of(words, forms) or list(_characters_of(looked_at, characters))
    start, end = _window(looked_at, matches)
    before = (Piece(ELLIPSIS, marked=False),) if start else ()
    after = (Piece(ELLIPSIS, marked=False),) if end < len(text) else ()
    inside = range(bisect_left(words.starts, start), bisect_right(words.ends, end))
    return before + _pieces(text, start, end, _spans(text, inside, forms, characters, words)) + after


def _words_of(words: Cut, forms: frozenset[str]) -> list[Match]:
    """The words of the question among those of a text."""
    starts = words.starts
    return [Match(starts[at], form) for at, form in enumerate(words.forms) if form in forms]


def _characters_of(text: str, characters: frozenset[str]) -> Iterator[Match]:
    """Where a text holds pairs of characters: for what makes other words there."""
    spelt = same_length(text)
    for one in characters:
        at = spelt.find(one)
        while at >= 0:
            yield Match(at, one)
            at = spelt.find(one, at + 1)


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Pieces:
    """A part of a text, what the spans cover marked."""
    pieces: list[Piece] = []
    at = start
    for first, last in spans:
        if first > at:
            pieces.append(Piece(text[at:first], marked=False))
        pieces.append(Piece(text[first:last], marked=True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end], marked=False))
    return tuple(pieces)


def _spans(
    text: str, among: Sequence[int], forms: frozenset[str], characters: frozenset[str], words: Cut
) -> list[Span]:
    """Where some words of a text match: those of the question where any is there, else what shares a pair of characters."""
    if not (forms or characters):
        return []
    starts, ends = words.starts, words.ends
    hit = [at for at in among if words.forms[at] in forms]
    if not hit:
        hit = [at for at in among if not characters.isdisjoint(_grams_of(text[starts[at] : ends[at]]))]
    return _joined([(starts[at], ends[at]) for at in hit])


@lru_cache(maxsize=20_000)
def _grams_of(word: str) -> frozenset[str]:
    return frozenset(grams(word))


def _joined(hit: Sequence[Span]) -> list[Span]:
    """Neighbours as one span."""
    spans: list[Span] = []
    for start, end in hit:
        if spans and spans[-1][1] >= start:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif end > start:
            spans.append((start, end))
    return spans


def _window(text: str, matches: Sequence[Match]) -> Span:
    """From where to where: the best sentence, moved to the match when it is long, filled up with what follows."""
    ends = [one.end() for one in END_OF_SENTENCE.finditer(text)]
    ends.append(len(text))
    best = _best(matches, ends)
    if best is None:
        return 0, min(len(text), EXCERPT_LENGTH)
    start = ends[best - 1] if best else 0
    start += _first(start, ends[best], matches)
    return start, min(len(text), start + EXCERPT_LENGTH)


def _best(matches: Sequence[Match], ends: Sequence[int]) -> int | None:
    """The sentence, of those that end there, with most of the question; what is in it twice counts once."""
    shared: Counter[int] = Counter()
    for sentence, what in {(bisect_right(ends, place), what) for place, what in matches}:
        shared[sentence] += len(what)
    return max(shared, key=lambda sentence: (shared[sentence], -sentence)) if shared else None


def _first(start: int, end: int, matches: Sequence[Match]) -> int:
    """Where to begin in a sentence: at its beginning, or shortly before what matches of a long one."""
    if end - start <= EXCERPT_LENGTH:
        return 0
    step = EXCERPT_LENGTH // 4
    inside = [one for one in matches if start <= one.place < end]

    def shared(at: int) -> int:
        first, last = start + at, start + at + EXCERPT_LENGTH
        return sum(map(len, {what for place, what in inside if first <= place and place + len(what) <= last}))

    starts = range(0, max(1, end - start - EXCERPT_LENGTH + step), step)
    return max(starts, key=lambda at: (shared(at), -at))
