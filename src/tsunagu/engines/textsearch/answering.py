"""From a question to an answer, whatever engine finds the documents."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from tsunagu.engines.textsearch.analysis import Kind, grams, spelling, words
from tsunagu.engines.textsearch.asking import QUOTES, Asked, asked
from tsunagu.engines.textsearch.contract import (
    MOST_HITS,
    MOST_OFFSET,
    Answer,
    Counts,
    Found,
    Hit,
    Question,
    Reader,
    Scope,
    Told,
)
from tsunagu.engines.textsearch.marking import excerpt, marked
from tsunagu.engines.textsearch.plan import AtLeast, Has, Plan, Run, Strictness, plan_of, sought, tokens_of
from tsunagu.engines.textsearch.spelling import nearest
from tsunagu.engines.textsearch.synonyms import NO_SYNONYMS

# With fewer hits than these, what is nearly meant is shown too.
FEW = 5
# A spelling is sought in the texts of so many of the nearest documents.
LOOKED_AT = 10
SIMILAR_WORDS = 25
SIMILAR_LEAST = 2
NOTHING: frozenset[str] = frozenset()
# Facets are counted while hits are sought: engines are waited for, and both take about as long.
_beside = ThreadPoolExecutor(max_workers=8, thread_name_prefix="search-counts")
_nothing_counted: Future[Counts] = Future()
_nothing_counted.set_result({})


def ask(reader: Reader, question: Question) -> Answer:
    """Find. Never fails on what a person typed; finds nothing for one without audiences."""
    parts = asked(question.text, frozenset(question.counted))
    if parts.is_empty and not parts.named and question.text.strip():
        # Marks alone ask for nothing that stands anywhere.
        return Answer(hits=(), total=0, exact=0, counting=_nothing_counted)
    scope = Scope(question.audiences, _narrowed(question, parts))
    holders = reader.holders(tokens_of(parts, question.synonyms))
    limit, offset = min(question.limit, MOST_HITS), min(question.offset, MOST_OFFSET)
    newest_first = question.newest_first or parts.is_empty

    def carry_out(strictness: Strictness) -> tuple[Found, Future[Counts]]:
        plan = plan_of(parts, question.synonyms, holders, strictness)
        if not holders.may_match(plan.match):
            # A misspelt word is known at once by characters that nothing holds.
            return Found(0, ()), _nothing_counted
        counting = _beside.submit(_counts, reader, plan, scope, question)
        return reader.find(plan, scope, limit=limit, offset=offset, newest_first=newest_first), counting

    found, counting = carry_out(Strictness.ALL)
    exact = found.total
    if parts.terms:
        for strictness in (Strictness.NEARLY, Strictness.ANY):
            if found.total < FEW and not (strictness is Strictness.ANY and found.total):
                found, counting = carry_out(strictness)
    marks = sought(parts, question.synonyms)
    hits = tuple(_hit(score, told, *marks) for score, told in found.best)
    return Answer(
        hits=hits,
        total=found.total,
        exact=exact,
        counting=counting,
        instead=None if exact or parts.is_empty else _instead(reader, question, parts, found, scope),
    )


def similar(reader: Reader, key: str, audiences: frozenset[str], limit: int = 5) -> tuple[Hit, ...]:
    """Other records with many of the same telling words, the nearest first; none if the record may not be seen."""
    if (own := reader.told(key, audiences)) is None:
        return ()
    telling = _telling(reader, own)
    if not telling:
        return ()
    plan = Plan(
        match=AtLeast(tuple(telling), min(SIMILAR_LEAST, len(telling))),
        exact=None,
        without=(),
        scored=tuple((one, 1.0) for one in telling),
    )
    found = reader.find(plan, Scope(audiences, {"kind": [own.kind]}, besides=key), limit=limit)
    forms = frozenset(one.token for one in telling)
    return tuple(_hit(score, told, forms, NOTHING) for score, told in found.best)


def titles(reader: Reader, start: str, audiences: frozenset[str], limit: int = 8) -> tuple[str, ...]:
    """Titles that hold what has been typed so far, each once; none for less than two characters."""
    characters = tuple(grams(start))
    typed = spelling(start).strip()
    if len(typed) < 2 or not characters:
        return ()
    run = Run(characters)
    plan = Plan(run, None, (), tuple((Has(Kind.GRAM, one), 1.0) for one in dict.fromkeys(characters)))
    found = reader.find(plan, Scope(audiences), limit=limit * 4)
    holding = (told.title for _, told in found.best if typed in spelling(told.title))
    return tuple(dict.fromkeys(holding))[:limit]


def _narrowed(question: Question, parts: Asked) -> dict[str, Sequence[str]]:
    """Choices made by clicking and by typing name:value."""
    narrowed = {name: list(values) for name, values in question.narrowed.items() if values}
    for name, value in parts.named:
        narrowed.setdefault(name, []).append(value)
    return dict(narrowed)


def _counts(reader: Reader, plan: Plan, scope: Scope, question: Question) -> Counts:
    """Counts of each facet; one that is narrowed is counted as if it were not, so that one can widen it again."""
    chosen = [name for name in question.counted if name in scope.narrowed]
    free = [name for name in question.counted if name not in chosen]
    counts = reader.count(plan, scope, free, question.most)
    for name in chosen:
        others = {other: values for other, values in scope.narrowed.items() if other != name}
        counts |= reader.count(plan, replace(scope, narrowed=others), [name])
    return counts


def _instead(reader: Reader, question: Question, parts: Asked, near: Found, scope: Scope) -> str | None:
    """The question with the terms nobody wrote so replaced by the nearest that somebody did; checked to find something."""
    nearest_told = [told for _, told in near.best[:LOOKED_AT]]
    texts = [(told.title, told.title_cut) for told in nearest_told]
    texts += [(told.body, told.body_cut) for told in nearest_told]
    text = question.text.translate(QUOTES).replace('"', " ") if parts.phrases else question.text
    for term in parts.terms:
        if term.is_sentence:
            continue
        if (better := nearest(term.text, texts)) and term.text in text:
            text = text.replace(term.text, better, 1)
    if text == question.text:
        return None
    again = asked(text, frozenset(question.counted))
    plan = plan_of(again, NO_SYNONYMS, reader.holders(tokens_of(again, NO_SYNONYMS)))
    return text if reader.find(plan, scope, limit=1).total else None


def _telling(reader: Reader, told: Told) -> list[Has]:
    """The words of a record that tell it apart: often here, rarely elsewhere."""
    times = Counter(
        Has(Kind.WORD, word.form) for word in words(f"{told.title}\n{told.body}") if len(word.form) > 1
    )
    holders = reader.holders(times)
    rare = {one: count / (1 + holders.of(one)) for one, count in times.items()}
    return sorted(rare, key=lambda one: (-rare[one], one.token))[:SIMILAR_WORDS]


def _hit(score: float, told: Told, forms: frozenset[str], characters: frozenset[str]) -> Hit:
    return Hit(
        key=told.key,
        kind=told.kind,
        score=score,
        title=marked(told.title, forms, characters, told.title_cut),
        excerpt=excerpt(told.body, forms, characters, told.body_cut),
        day=told.day,
        payload=told.payload,
    )
