"""Excerpts: the part of a text that answers, with what matched marked, in the text's own characters."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from tsunagu.engines.textsearch.analysis import Word, grams, same_length, words, words_among
from tsunagu.engines.textsearch.contract import Piece

EXCERPT_LENGTH = 120
# An excerpt is sought in so much of a text; beyond it the text's beginning is shown.
LOOKED_AT = 4_000
SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]?")
ELLIPSIS = "…"

Span: TypeAlias = tuple[int, int]


def marked(text: str, forms: frozenset[str], characters: frozenset[str]) -> tuple[Piece, ...]:
    """A whole text in pieces, what matches marked."""
    pieces: list[Piece] = []
    at = 0
    for start, end in spans_of(text, forms, characters):
        if start > at:
            pieces.append(Piece(text[at:start], marked=False))
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], marked=False))
    return tuple(pieces)


def excerpt(text: str, forms: frozenset[str], characters: frozenset[str]) -> tuple[Piece, ...]:
    """The sentences of a text that share most with the question, cut to a length one takes in at a glance."""
    start, end = _window(text[:LOOKED_AT], characters)
    before = (Piece(ELLIPSIS, marked=False),) if start else ()
    after = (Piece(ELLIPSIS, marked=False),) if end < len(text) else ()
    return before + marked(text[start:end], forms, characters) + after


def spans_of(text: str, forms: frozenset[str], characters: frozenset[str]) -> list[Span]:
    """Where a text matches: whole words where any is there, else words that share a pair of characters."""
    if not (forms or characters):
        return []
    hit = words_among(text, forms)
    if not hit:
        hit = [word for word in words(text) if characters.intersection(grams(text[word.start : word.end]))]
    return _joined(hit)


def _joined(hit: Sequence[Word]) -> list[Span]:
    """Neighbours as one span."""
    spans: list[Span] = []
    for word in hit:
        if spans and spans[-1][1] >= word.start:
            spans[-1] = (spans[-1][0], max(word.end, spans[-1][1]))
        elif word.end > word.start:
            spans.append((word.start, word.end))
    return spans


def _window(text: str, characters: frozenset[str]) -> Span:
    """From where to where: the best sentence, moved to the match when it is long, filled up with what follows.

    Sentences are compared by the pairs of characters they share with the question: cheap, and enough to find the place;
    words are looked at in the window alone.
    """
    spelt = same_length(text)
    best, most = 0, 0
    for sentence in SENTENCE.finditer(spelt):
        shared = sum(one in sentence.group() for one in characters)
        if shared > most:
            best, most = sentence.start() + _first(sentence.group(), characters), shared
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
