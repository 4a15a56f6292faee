"""From Japanese text to tokens: words, pairs of characters and pairs of words.

Words are Sudachi's shortest units (mode A) in their normal form, which brings okurigana (取組・取り組み) and loan words
(サーバ・サーバー) together; pairs of characters carry what words lose: typos, unknown names, parts of compounds.
Design and measurements: docs/decisions/0060-search-engine.md.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import compress
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from tsunagu.engines.textsearch import folding
from tsunagu.engines.textsearch.folding import with_long_vowels

if TYPE_CHECKING:
    import sudachipy

# Counted up whenever the same text would give other tokens: an index made by another version asks for a rebuild.
ANALYSER_VERSION = 4

NOT_WORDS = frozenset({"補助記号", "空白", "記号"})
# They stand in nearly every text and tell nothing apart.
GRAMMAR = frozenset({"助詞", "助動詞"})
WITHOUT_MEANING = NOT_WORDS | GRAMMAR
VARIANTS = folding.VARIANTS | folding.OLD_CHARACTERS
BETWEEN = re.compile(r"[\W_]+")
VARIANT = re.compile(f"[{''.join(map(chr, VARIANTS))}]")
LONG_VOWEL = "ー"
WIDTHS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
KATAKANA = {small: large for large, small in HIRAGANA.items()}
HIRAGANA_ALONE = re.compile("[ぁ-ゖー]{3,}")
# What width and case leave different: one table, since every text of every document goes through it.
ONE_SPELLING = VARIANTS | HIRAGANA | {ord("ヶ"): "け", ord("ヵ"): "か", ord(LONG_VOWEL): None}
CHARACTER_BY_CHARACTER = (
    VARIANTS
    | HIRAGANA
    | WIDTHS
    | {
        code: chr(ord(unicodedata.normalize("NFKC", chr(code)).lower()))
        for code in (*range(0x41, 0x5B), *range(0xFF21, 0xFF3B))
    }
)
# Sudachi refuses texts beyond 49,149 bytes.
LONGEST_PIECE = 12_000
# Nothing else is asked of a word: the dictionary need not read more.
ASKED_OF_WORDS = frozenset({"pos", "normalized_form"})
LINES_REMEMBERED = 1_000
# More than a language's texts use; beyond it, begin again.
MOST_REMEMBERED = 300_000

_own = threading.local()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        form: what is compared.
        start, end: where it stands in the text as given, in characters.
    """

    form: str
    start: int
    end: int


class Cut(NamedTuple):
    """Where the words of a text stand: their forms, and where each begins and ends."""

    forms: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]


class Kind(Enum):
    """The three kinds of tokens; the value names an engine's field."""

    WORD = "words"
    PAIR = "pairs"
    GRAM = "grams"


class Tokens(NamedTuple):
    """What an index takes of a text: the forms of its words with their places, and its pairs of characters joined by spaces,
    since no token holds one."""

    words: Sequence[str]
    grams: str
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def cut(self) -> Cut:
        """The words with their places."""
        return Cut(self.words, self.starts, self.ends)

    def text(self, kind: Kind) -> str:
        """The tokens of one kind, joined by spaces."""
        match kind:
            case Kind.WORD:
                return " ".join(self.words)
            case Kind.PAIR:
                return " ".join(pairs(self.words))
            case Kind.GRAM:
                return self.grams


@lru_cache(maxsize=1)
def _dictionary() -> "sudachipy.Dictionary":
    import sudachipy

    return sudachipy.Dictionary(dict="core")


def _tokenizer() -> "sudachipy.Tokenizer":
    """This thread's own: a tokenizer must not be used by two threads at once; the dictionary behind it is shared."""
    if not hasattr(_own, "tokenizer"):
        import sudachipy

        _own.tokenizer = _dictionary().tokenizer(mode=sudachipy.SplitMode.A, fields=set(ASKED_OF_WORDS))
    return _own.tokenizer


def words(text: str) -> list[Word]:
    """The words of a text that carry meaning, with their places."""
    return [Word(*one) for one in zip(*cut(text), strict=True)]


def read_as_loan_word(text: str) -> str:
    """せんさー as センサー: what is typed in hiragana and is one word only when it stands in katakana; anything else as it is."""
    if not HIRAGANA_ALONE.fullmatch(text) or len(_tokenizer().tokenize(text)) == 1:
        return text
    katakana = text.translate(KATAKANA)
    found = list(_tokenizer().tokenize(katakana))
    return katakana if len(found) == 1 and not found[0].is_oov() else text


def cut(text: str) -> Cut:
    """The same as three lists."""
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for begin, morphemes in _morphemes(with_long_vowels(text)):
        found = _forms_of(morphemes)
        kept = list(compress(morphemes, found))
        forms += compress(found, found)
        starts += [begin + one.begin() for one in kept]
        ends += [begin + one.end() for one in kept]
    return Cut(forms, starts, ends)


def _morphemes(text: str) -> Iterator[tuple[int, "list[sudachipy.Morpheme]"]]:
    """A text cut up, line by line, in pieces with where each begins."""
    begin = 0
    for line in text.split("\n"):
        for at in range(0, len(line), LONGEST_PIECE):
            piece = line[at : at + LONGEST_PIECE]
            # Few texts have one; finding none takes a fraction of looking every character up.
            if VARIANT.search(piece):
                piece = piece.translate(VARIANTS)
            yield begin + at, list(_tokenizer().tokenize(piece))
        begin += len(line) + 1


_remembered: dict[int, str] = {}


def _forms_of(morphemes: "list[sudachipy.Morpheme]") -> list[str]:
    """What is compared of each; '' for words of grammar and marks."""
    found = [_remembered.get(one.word_id()) for one in morphemes]
    return [_form_of(one) if form is None else form for one, form in zip(morphemes, found, strict=True)]


def _form_of(morpheme: "sudachipy.Morpheme") -> str:
    """The same of one; a word of the dictionary is looked at once."""
    without_meaning = morpheme.part_of_speech()[0] in WITHOUT_MEANING
    form = "" if without_meaning else _form(morpheme.normalized_form())
    # Words that are not in the dictionary have numbers in common.
    if not morpheme.is_oov():
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[morpheme.word_id()] = form
    return form


@lru_cache(maxsize=65_536)
def _form(normal: str) -> str:
    """A word's form in one spelling; '' for what holds no letter."""
    form = "_".join(unicodedata.normalize("NFKC", normal).casefold().translate(HIRAGANA).split())
    if not BETWEEN.sub("", form):
        return ""
    return form.rstrip(LONG_VOWEL) or form if len(form) > 2 else form


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters, in one spelling: widths, case, kana, old characters, long vowels.

    A character that stands alone between marks is a token of its own.
    """
    found: list[str] = []
    for run in BETWEEN.split(spelling(text)):
        found += run if len(run) == 1 else map(add, run, run[1:])
    return found


def spelling(text: str) -> str:
    """A text in one spelling, with its spaces and marks: what pairs of characters are taken from."""
    return unicodedata.normalize("NFKC", with_long_vowels(text)).casefold().translate(ONE_SPELLING)


def same_length(text: str) -> str:
    """A text in nearly one spelling, character by character, so that places in it are places in the original."""
    return with_long_vowels(text).translate(CHARACTER_BY_CHARACTER)


def pairs(forms: Sequence[str]) -> list[str]:
    """Each two neighbouring words as one token."""
    return list(map(add, forms, forms[1:]))


def analysed(text: str) -> Tokens:
    """All tokens of a text."""
    forms: list[str] = []
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    begin = 0
    for line in text.split("\n"):
        found = _line(line)
        forms += found.words
        if found.grams:
            characters.append(found.grams)
        starts += [begin + at for at in found.starts]
        ends += [begin + at for at in found.ends]
        begin += len(line) + 1
    return Tokens(forms, " ".join(characters), starts, ends)


# A document goes into more than one index, its other form has most lines in common with it, and names of labs, places and
# industries are lines of many documents.
@lru_cache(maxsize=LINES_REMEMBERED)
def _line(text: str) -> Tokens:
    known = cut(text)
    return Tokens(known.forms, " ".join(grams(text)), known.starts, known.ends)
