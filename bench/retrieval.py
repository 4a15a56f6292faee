"""A public Japanese retrieval set: JSQuAD's questions, each to find the paragraph it was written for.

The data (CC BY-SA 4.0) are not part of this project: `TSUNAGU_JSQUAD` names the file valid-v1.3.json of the repository
yahoojapan/JGLUE. `TSUNAGU_JAQUAD` may name the folder `data` of SkelterLabsInc/JaQuAD (CC BY-SA 3.0): its paragraphs then
stand among the others, so that there is more to confuse.
"""

import json
import math
import os
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tsunagu.engines.textsearch.analysis import words

TOP = 10
SEED = 20261124
HOW = "git clone https://github.com/yahoojapan/JGLUE; TSUNAGU_JSQUAD=…/datasets/jsquad-v1.3/valid-v1.3.json"


@dataclass(frozen=True)
class Asked:
    """A question and the number of the paragraph that answers it."""

    text: str
    answer: int


@dataclass(frozen=True)
class Scores:
    """Means over questions with one right paragraph each: nDCG@10, MRR@10, Recall@10."""

    ndcg: float
    mrr: float
    recall: float

    def __str__(self) -> str:
        return f"nDCG@10 {self.ndcg:.4f}, MRR@10 {self.mrr:.4f}, Recall@10 {self.recall:.4f}"


def load() -> tuple[list[str], list[Asked]] | None:
    """The paragraphs and the questions; None when the set is not on this machine."""
    path = os.environ.get("TSUNAGU_JSQUAD", "")
    if not path or not Path(path).is_file():
        return None
    paragraphs: dict[str, int] = {}
    questions = []
    for article in json.loads(Path(path).read_text())["data"]:
        for paragraph in article["paragraphs"]:
            number = paragraphs.setdefault(paragraph["context"], len(paragraphs))
            questions += [Asked(one["question"], number) for one in paragraph["qas"]]
    return list(paragraphs), questions


def others() -> list[str]:
    """JaQuAD's paragraphs; none when they are not on this machine."""
    folder = os.environ.get("TSUNAGU_JAQUAD", "")
    found: dict[str, None] = {}
    for path in sorted(Path(folder).rglob("*.json")) if folder else ():
        for article in json.loads(path.read_text())["data"]:
            found.update((paragraph["context"], None) for paragraph in article["paragraphs"])
    return list(found)


def scores(questions: Sequence[Asked], ranked: Callable[[str], Sequence[int]]) -> Scores:
    """How well a ranking puts the right paragraph among the first ten."""
    ndcg = mrr = recall = 0.0
    for one in questions:
        top = list(ranked(one.text))[:TOP]
        if one.answer in top:
            place = top.index(one.answer)
            ndcg += 1 / math.log2(place + 2)
            mrr += 1 / (place + 1)
            recall += 1
    count = len(questions)
    return Scores(ndcg / count, mrr / count, recall / count)


KATAKANA_END = re.compile(r"(?<=[ァ-ヶー]{2})(ー|(?<=[ァ-ヶ])(?![ァ-ヶー]))")
# A reading's tail between two kanji may be left out: 取り組み and 取組み, 申し込む and 申込む.
OKURIGANA = re.compile(r"(?<=[一-龠])[いきぎしちにびみりけせてべめれえげ](?=[一-龠])")
HALF = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
)


def slipped(text: str, chance: random.Random) -> str:
    """One slip in a word that carries meaning: a character left out, doubled, exchanged with its neighbour or replaced."""
    long = [word for word in words(text) if word.end - word.start >= 2]
    if not long:
        return text
    word = chance.choice(long)
    at = chance.randrange(word.start, word.end - 1)
    match chance.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case 2:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case _:
            return text[:at] + chance.choice("の一人日大年本中") + text[at + 1 :]


def without_okurigana(text: str, _chance: random.Random) -> str:
    """Okurigana between kanji left out."""
    return OKURIGANA.sub("", text)


def with_other_long_vowels(text: str, _chance: random.Random) -> str:
    """サーバー as サーバ, and サーバ as サーバー."""
    return KATAKANA_END.sub(lambda found: "" if found.group() else "ー", text)


def in_other_widths(text: str, _chance: random.Random) -> str:
    """Digits and Latin letters full-width, katakana half-width."""
    import jaconv

    return jaconv.z2h(text.translate(HALF), kana=True, ascii=False, digit=False)


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "one typo": slipped,
    "long vowels": with_other_long_vowels,
    "okurigana": without_okurigana,
    "widths": in_other_widths,
}


def varied(
    questions: Sequence[Asked], change: Callable[[str, random.Random], str]
) -> list[tuple[Asked, Asked]]:
    """The questions a change changes: as they were, and changed. The same on every run."""
    chance = random.Random(SEED)
    both = [(one, Asked(change(one.text, chance), one.answer)) for one in questions]
    return [(one, other) for one, other in both if one.text != other.text]
