"""A question as a plan any engine can carry out: what must match, what must not, what counts how much."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from tsunagu.engines.textsearch.analysis import Kind, grams, pairs
from tsunagu.engines.textsearch.asking import Asked, Term
from tsunagu.engines.textsearch.synonyms import Forms, Synonyms

# Scores of the three kinds are added: the mix that measured best (docs/decisions/0060-search-engine.md).
WEIGHTS = {Kind.WORD: 1.0, Kind.GRAM: 0.5, Kind.PAIR: 0.2}
SYNONYM_WEIGHT = 0.8
# A title's tokens count as if they stood in the text so many times.
TITLE_TIMES = 3
# What all words match comes before what some words match.
EXACT_BONUS = 1_000.0

# The rarest words of a sentence tell what it is about: of so many of them one must be there.
SENTENCE_SHARE = 0.7
# Of a misspelt word's pairs of characters so many must be there.
SPELLING_SHARE = 0.5
# What more than this share of all documents hold, or more than so many, hardly tells one from another, and takes longest to
# follow: it is no sign of a misspelt word and not what a sentence is about, and in a question of more than so many tokens it
# scores nothing.
COMMON_SHARE = 0.3
MOST_DOCUMENTS = 100_000
FEW_DOCUMENTS = 2_000
MANY_TOKENS = 12


class Strictness(IntEnum):
    """How much of a question must be there: every term, every term nearly, any term nearly."""

    ALL = 0
    NEARLY = 1
    ANY = 2


@dataclass(frozen=True, slots=True)
class Has:
    """The document holds this token."""

    kind: Kind
    token: str


@dataclass(frozen=True, slots=True)
class Run:
    """The document holds these pairs of characters one after the other: a phrase."""

    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `least` of the parts hold."""

    parts: tuple["Node", ...]
    least: int


Node: TypeAlias = Has | Run | AtLeast


@dataclass(frozen=True, slots=True)
class Holders:
    """How many documents there are, and how many hold a token, whoever may see them: to weigh tokens, never shown."""

    documents: int
    times: Mapping[Has, int]

    def of(self, node: Node) -> int:
        """Documents that hold a token, or at most several or one of them."""
        match node:
            case Has():
                return self.times.get(node, 0)
            case AtLeast(parts=parts, least=least):
                held = [self.of(one) for one in parts]
                return min(held) if least == len(parts) else sum(held)
            case Run():
                return 0

    def may_match(self, node: Node | None) -> bool:
        """Whether any document can match, as far as single tokens tell."""
        match node:
            case None:
                return True
            case Has():
                return self.of(node) > 0
            case Run(grams=grams):
                return all(self.of(Has(Kind.GRAM, one)) for one in grams)
            case AtLeast(parts=parts, least=least):
                return sum(map(self.may_match, parts)) >= least

    def is_common(self, node: Node) -> bool:
        """Whether it hardly tells documents apart."""
        most = min(self.documents * COMMON_SHARE, MOST_DOCUMENTS)
        return self.of(node) > max(FEW_DOCUMENTS, most)


NOBODY = Holders(0, {})


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for.

    Attributes:
        match: holds for every hit; None: everything.
        exact: holds for the hits that come first; None: no difference is made.
        without: holds for no hit.
        scored: tokens whose BM25 scores are added, with their weights.
    """

    match: Node | None
    exact: Node | None
    without: tuple[Node, ...]
    scored: tuple[tuple[Has, float], ...]


def plan_of(
    question: Asked, synonyms: Synonyms, holders: Holders, strictness: Strictness = Strictness.ALL
) -> Plan:
    """The plan for a question; `holders`: of its tokens (`tokens_of`)."""
    terms = [_term(one, synonyms, holders) for one in question.terms]
    exact = _all([*(_phrase(one) for one in question.phrases), *terms])
    match = exact if strictness is Strictness.ALL else _loosely(question, synonyms, holders, strictness)
    return Plan(
        match=match,
        exact=None if strictness is Strictness.ALL else exact,
        without=tuple(_without(one) for one in question.without),
        scored=_scored(question, synonyms, holders),
    )


def tokens_of(question: Asked, synonyms: Synonyms) -> frozenset[Has]:
    """The tokens whose holders a plan asks for."""
    return frozenset(_weighed(question, synonyms))


def _loosely(question: Asked, synonyms: Synonyms, holders: Holders, strictness: Strictness) -> Node | None:
    phrases = [_phrase(one) for one in question.phrases]
    terms = tuple(_nearly(one, synonyms, holders) for one in question.terms)
    least = len(terms) if strictness is Strictness.NEARLY else min(1, len(terms))
    return _all([*phrases, *([AtLeast(terms, least)] if terms else [])])


def _all(parts: Sequence[Node]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AtLeast(tuple(parts), len(parts))


def _any(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else AtLeast(tuple(parts), 1)


def _phrase(term: Term) -> Node:
    return Run(term.grams)


def _without(term: Term) -> Node:
    return Run(term.grams) if len(term.forms) != 1 else _any([Has(Kind.WORD, term.forms[0]), Run(term.grams)])


def _term(term: Term, synonyms: Synonyms, holders: Holders) -> Node:
    """Of a sentence a telling word; else all words (each or what it may also be called); or the very characters, whatever words they make there."""
    characters = AtLeast(tuple(Has(Kind.GRAM, one) for one in term.grams), len(term.grams))
    ideas = _ideas(term, synonyms)
    if not ideas:
        return characters
    if term.is_sentence:
        return _any(_rarest(ideas, holders))
    return _any([AtLeast(tuple(ideas), len(ideas)), characters])


def _rarest(ideas: Sequence[Node], holders: Holders) -> Sequence[Node]:
    """The rarest of those that any document holds, and of them what tells documents apart; all, if none is held."""
    known = sorted((one for one in ideas if holders.of(one)), key=holders.of)
    return _telling(known[: math.ceil(len(known) * SENTENCE_SHARE)], holders) or ideas


def _nearly(term: Term, synonyms: Synonyms, holders: Holders) -> Node:
    """Any word, or half of the characters of what is no sentence; of both only what tells documents apart."""
    ideas = _ideas(term, synonyms)
    if term.is_sentence and any(map(holders.of, ideas)):
        return _any(ideas)
    grams = _telling([Has(Kind.GRAM, one) for one in term.grams], holders)
    least = max(1, math.ceil(len(grams) * SPELLING_SHARE))
    return _any([*_telling(ideas, holders), AtLeast(tuple(grams), least)])


def _telling(nodes: Sequence[Node], holders: Holders) -> Sequence[Node]:
    """Those that are not common; all, if all are."""
    return [one for one in nodes if not holders.is_common(one)] or nodes


def _ideas(term: Term, synonyms: Synonyms) -> list[Node]:
    """One node for each word, or for each expression with synonyms."""
    ideas: list[Node] = []
    at = 0
    while at < len(term.forms):
        length, others = synonyms.at(term.forms, at)
        own = term.forms[at : at + max(length, 1)]
        ideas.append(_any([_words(one) for one in (own, *others)]))
        at += len(own)
    return ideas


def _words(forms: Forms) -> Node:
    found: list[Node] = [Has(Kind.WORD, one) for one in forms]
    return found[0] if len(found) == 1 else AtLeast(tuple(found), len(found))


def _scored(question: Asked, synonyms: Synonyms, holders: Holders) -> tuple[tuple[Has, float], ...]:
    """The tokens that tell documents apart."""
    every = _weighed(question, synonyms)
    if len(every) <= MANY_TOKENS:
        return tuple(every.items())
    return tuple((one, weight) for one, weight in every.items() if not holders.is_common(one))


def _weighed(question: Asked, synonyms: Synonyms) -> dict[Has, float]:
    """Each token once, with its weight times how often it was typed."""
    total: dict[Has, float] = {}

    def add(kind: Kind, tokens: Sequence[str], times: float = 1.0) -> None:
        for token in tokens:
            total[Has(kind, token)] = total.get(Has(kind, token), 0.0) + WEIGHTS[kind] * times

    for term in (*question.terms, *question.phrases):
        add(Kind.WORD, term.forms)
        add(Kind.PAIR, term.pairs)
        add(Kind.GRAM, term.grams)
    for forms in expansions(question, synonyms):
        add(Kind.WORD, forms, SYNONYM_WEIGHT)
        add(Kind.PAIR, pairs(forms), SYNONYM_WEIGHT)
    return total


def expansions(question: Asked, synonyms: Synonyms) -> list[Forms]:
    """What else the question's words may be called."""
    found: list[Forms] = []
    for term in question.terms:
        at = 0
        while at < len(term.forms):
            length, others = synonyms.at(term.forms, at)
            found.extend(others)
            at += max(length, 1)
    return found


def sought(question: Asked, synonyms: Synonyms) -> tuple[frozenset[str], frozenset[str]]:
    """What to mark in an excerpt: forms of words, pairs of characters."""
    terms = (*question.terms, *question.phrases)
    others = [form for forms in expansions(question, synonyms) for form in forms]
    forms = frozenset(form for term in terms for form in term.forms)
    characters = frozenset(gram for term in terms for gram in term.grams)
    return forms | frozenset(others), characters | frozenset(gram for form in others for gram in grams(form))
