"""How well search finds Japanese text, on a public set, beside plain baselines. `python -m bench.search_quality`."""

import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.numbers import Number, absent, at_least
from bench.retrieval import HOW, VARIANTS, Asked, Scores, load, others, scores, varied
from tsunagu.engines.textsearch.analysis import spelling, words
from tsunagu.engines.textsearch.answering import ask
from tsunagu.engines.textsearch.contract import Document, Question
from tsunagu.engines.textsearch.embedded import Embedded

EVERYONE = frozenset({"public"})
NDCG = 0.943
AFTER_TYPO, AFTER_SPELLING = 0.93, 0.96


class Baseline:
    """Exact BM25 over one kind of tokens."""

    def __init__(self, texts: Sequence[str], tokens: Callable[[str], list[str]]) -> None:
        self.tokens = tokens
        cut = [tokens(text) for text in texts]
        self.lengths = [len(one) for one in cut]
        self.average = sum(self.lengths) / len(cut)
        self.holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, one in enumerate(cut):
            for token, times in Counter(one).items():
                self.holders[token].append((number, times))

    def __call__(self, question: str) -> list[int]:
        """The ten best paragraphs."""
        total: dict[int, float] = defaultdict(float)
        for token in self.tokens(question):
            holders = self.holders.get(token, [])
            rarity = math.log(1 + (len(self.lengths) - len(holders) + 0.5) / (len(holders) + 0.5))
            for number, times in holders:
                norm = 1.2 * (0.25 + 0.75 * self.lengths[number] / self.average)
                total[number] += rarity * times * 2.2 / (times + norm)
        return sorted(total, key=lambda number: (-total[number], number))[:10]


def trigrams(text: str) -> list[str]:
    """Three characters at a time."""
    plain = spelling(text)
    return [plain[at : at + 3] for at in range(len(plain) - 2)]


def forms(text: str) -> list[str]:
    """Words alone."""
    return [word.form for word in words(text)]


def engine(paragraphs: Sequence[str], place: Path) -> Callable[[str], list[int]]:
    """The embedded engine over these paragraphs, asked as the product asks it."""
    embedded = Embedded(place)
    with embedded.fresh() as writer:
        writer.put(Document(str(number), "p", "", text, EVERYONE) for number, text in enumerate(paragraphs))
        writer.commit()
    embedded.take_over(writer.path)
    reader = embedded.reader()
    return lambda question: [int(hit.key) for hit in ask(reader, Question(question, EVERYONE)).hits]


def measure() -> Iterator[Number]:
    """The numbers of the issue about quality."""
    if (found := load()) is None:
        yield absent("JSQuAD valid nDCG@10", HOW, f">= {NDCG}")
        return
    paragraphs, questions = found
    with tempfile.TemporaryDirectory() as place:
        ranked = engine(paragraphs, Path(place))
        yield from _numbers(questions, ranked, paragraphs)
    if more := others():
        with tempfile.TemporaryDirectory() as place:
            wide = scores(questions, engine([*paragraphs, *more], Path(place)))
        yield at_least(
            f"JSQuAD valid nDCG@10 among {len(paragraphs) + len(more):,} paragraphs", wide.ndcg, NDCG
        )


def _numbers(
    questions: Sequence[Asked], ranked: Callable[[str], list[int]], paragraphs: Sequence[str]
) -> Iterator[Number]:
    plain = scores(questions, ranked)
    _say("ours", plain, len(questions))
    for name, tokens in (("words alone", forms), ("trigrams", trigrams)):
        _say(name, scores(questions, Baseline(paragraphs, tokens)), len(questions))
    yield at_least("JSQuAD valid nDCG@10", plain.ndcg, NDCG)
    for name, change in VARIANTS.items():
        both = varied(questions, change)
        before, after = (scores([pair[side] for pair in both], ranked) for side in (0, 1))
        _say(f"{name}, before", before, len(both))
        _say(f"{name}, after", after, len(both))
        least = AFTER_TYPO if name == "one typo" else AFTER_SPELLING
        yield at_least(f"JSQuAD nDCG@10 kept with {name} changed", after.ndcg / before.ndcg, least)


def _say(name: str, found: Scores, count: int) -> None:
    print(f"# {name} ({count:,} questions): {found}", file=sys.stderr)


if __name__ == "__main__":
    for number in measure():
        print(number.line())
