"""Reading what a person typed: words, "phrases", -exclusions and name:value, whatever marks and widths they used."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from tsunagu.engines.textsearch.analysis import grams, pairs, read_as_loan_word, words
from tsunagu.engines.textsearch.folding import with_long_vowels

# Longer than any question a person types; what follows is not looked at.
LONGEST_QUESTION = 300
MOST_TERMS = 20
# A term of so many words, or with so many joining words between them, is a sentence: not every word of it need be found.
SENTENCE_WORDS = 5
SENTENCE_JOINTS = 2

# 「」 are no operator: people put them around names without wanting the exact characters.
# Words of asking and joining that stand in every sentence: what a question is about stands beside them.
EVERYWHERE = frozenset(
    "為る 居る 有る 成る 言う 良い 何 どう どの 此の 其の 此れ 其れ こと 事 物 為 因る 就く 出来る 行う 如何 何故 何時 誰 何処 "  # noqa: SIM905
    "どこ どれ どんな 時 様 方法".split()
)

QUOTES = str.maketrans(dict.fromkeys("“”„‟＂", '"'))
PART = re.compile(
    r'(?P<without>[-－−])?(?:"(?P<phrase>[^"]*)"?|(?:(?P<name>[a-z_]+)[:：])?(?P<word>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Term:
    """What a person separated by spaces: as typed, and its tokens.

    `is_sentence`: it is a question in words rather than a keyword.
    """

    text: str
    forms: tuple[str, ...]
    pairs: tuple[str, ...]
    grams: tuple[str, ...]
    is_sentence: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart. `phrases` are to stand as they are; `without` must not be there; `named` narrows."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    named: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for: everything there is answers it."""
        return not (self.terms or self.phrases or self.without)


def asked(text: str, names: frozenset[str] = frozenset()) -> Asked:
    """Take a question apart. `names` are the facets that may be written name:value; other colons are plain text."""
    terms: list[Term] = []
    phrases: list[Term] = []
    without: list[Term] = []
    named: list[tuple[str, str]] = []
    for part in PART.finditer(text[:LONGEST_QUESTION].translate(QUOTES)):
        name, word, phrase = part["name"], part["word"], part["phrase"]
        if name and name in names and not part["without"]:
            named.append((name, word))
            continue
        found = _term(phrase if phrase is not None else f"{name}:{word}" if name else word)
        if found is None:
            continue
        if part["without"]:
            without.append(found)
        elif phrase is not None:
            phrases.append(found)
        else:
            terms.append(found)
    return Asked(
        tuple(terms[:MOST_TERMS]), tuple(phrases[:MOST_TERMS]), tuple(without[:MOST_TERMS]), tuple(named)
    )


def _term(text: str) -> Term | None:
    """None for marks alone."""
    text = unicodedata.normalize("NFKC", with_long_vowels(text)).strip()
    if not (characters := tuple(grams(text))):
        return None
    found = words(read_as_loan_word(text))
    forms = tuple(word.form for word in found)
    telling = tuple(form for form in forms if form not in EVERYWHERE)
    joints = sum(one.end < two.start for one, two in pairwise(found))
    is_sentence = len(forms) >= SENTENCE_WORDS or joints >= SENTENCE_JOINTS
    kept = telling if is_sentence and telling else forms
    return Term(text, kept, tuple(pairs(forms)), characters, is_sentence)
