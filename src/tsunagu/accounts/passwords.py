"""What makes a password easy to guess, judged without asking anybody else (ASVS 5.0 6.2.4, 6.2.11, 6.2.12).

Length counts, composition does not: no rule asks for capitals, digits or signs, and no password grows old.
"""

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum

SHORTEST = 12
# Far beyond any passphrase; only keeps one request from hashing megabytes.
LONGEST = 1000
# What has to be left once guessable parts are taken out.
ENOUGH = 8
FEWEST_KINDS = 5

CONTEXT_WORDS = ("つなぐ", "tsunagu", "ipa", "meti", "地域dx", "地域dx推進ラボ", "推進ラボ", "dxlab", "ラボ", "経済産業",
                 "password", "パスワード", "ぱすわーど")  # fmt: skip
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_KEY_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
_RUN = 4


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    CONTEXT = "context"
    PATTERN = "pattern"


def weaknesses(password: str, *, common: Collection[str], words: Iterable[str] = ()) -> list[Weakness]:
    """Every reason against a password. `words` belong to the person or the programme; `common` is lower case."""
    if len(password) > LONGEST:
        return [Weakness.LONG]
    found = []
    folded = fold(password)
    if len(password) < SHORTEST:
        found.append(Weakness.SHORT)
    if _is_common(folded, common):
        found.append(Weakness.COMMON)
    if _leans_on_words(folded, [fold(word) for word in (*CONTEXT_WORDS, *words)]):
        found.append(Weakness.CONTEXT)
    if _is_pattern(folded):
        found.append(Weakness.PATTERN)
    return found


def fold(text: str) -> str:
    """Full-width and half-width, capital and small letters are one."""
    return unicodedata.normalize("NFKC", text).casefold()


def _plain(text: str) -> str:
    """Signs and digits that stand for letters become the letters."""
    return text.translate(_LEET)


def _is_common(folded: str, common: Collection[str]) -> bool:
    core = _EDGES.sub("", folded)
    shapes = {folded, core, _plain(folded), _EDGES.sub("", _plain(folded)), _plain(core)}
    shapes |= {_repeated_part(shape) for shape in set(shapes)}
    return any(shape in common for shape in shapes if shape)


def _repeated_part(text: str) -> str:
    """The part a text repeats ('abcabc' repeats 'abc'); the text itself when it repeats none."""
    match = re.fullmatch(r"(.+?)\1+", text, re.DOTALL)
    return match[1] if match else text


def _leans_on_words(folded: str, words: list[str]) -> bool:
    """Whether too little is left once every known word is taken out."""
    known = sorted({word for word in words if _is_telling(word)}, key=len, reverse=True)
    for shape in (folded, _plain(folded)):
        rest = shape
        for word in known:
            rest = rest.replace(word, " ")
        if rest != shape and len(re.sub(r"[\W_]|\d+$", "", rest)) < ENOUGH:
            return True
    return False


def _is_telling(word: str) -> bool:
    """Two letters may be chance in Latin, but are a name in Japanese."""
    return len(word) >= (3 if word.isascii() else 2)


def _is_pattern(folded: str) -> bool:
    """Few kinds of characters, one part repeated, or mostly a run along the alphabet or the keyboard."""
    if len(set(folded)) < FEWEST_KINDS:
        return True
    if len(_repeated_part(folded)) < ENOUGH and _repeated_part(folded) != folded:
        return True
    return len(_without_runs(folded)) < ENOUGH


def _without_runs(text: str) -> str:
    kept = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _follows(text[start : end + 1]):
            end += 1
        if end - start < _RUN:
            kept.append(text[start])
            start += 1
        else:
            start = end
    return "".join(kept)


def _follows(text: str) -> bool:
    """Whether a text is one run: the same step between all its characters, or a stretch of a row of keys."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return True
    return any(text in row or text in row[::-1] for row in _KEY_ROWS)
