"""Place names in English, from their reading."""

import re
from collections.abc import Mapping

import jaconv

ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
SYLLABLES = {
    sign: row + vowel for row, line in ROWS.items() for sign, vowel in zip(line, "aiueo", strict=True)
}
SYLLABLES |= {
    "し": "shi", "じ": "ji", "ち": "chi", "ぢ": "ji", "つ": "tsu", "づ": "zu", "ふ": "fu",
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu", "ー": "",
}  # fmt: skip
SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
# Characters read with a first う or お of their own: Toyo|ura and Taki no|ue have no long vowel.
OWN_VOWEL = {"浦": "うら", "内": "うち", "上": "うえ", "丘": "おか", "岡": "おか", "尾": "お", "表": "おもて"}
# Readings whose usual English form the rules miss.
EXCEPTIONS = {"もおか": "Moka", "そお": "Soo", "さなごうち": "Sanagochi"}
KIND_WORDS = {"city": "City", "special_ward": "City", "ward": "Ward", "town": "Town", "village": "Village"}
KIND_READINGS = {
    "city": ("し",), "special_ward": ("く",), "ward": ("く",), "town": ("ちょう", "まち"),
    "village": ("むら", "そん"),
}  # fmt: skip


class KanaNotUnderstood(ValueError):
    """A reading with a sign that is no kana; `code` is 'not_kana', `params` has the kana and the sign."""

    def __init__(self, kana: str, sign: str) -> None:
        super().__init__(f"not_kana: {sign} in {kana}")
        self.code = "not_kana"
        self.params = {"kana": kana, "sign": sign}


def hepburn(kana: str) -> str:
    """Kana in lower-case Hepburn letters, long o and u written short as on maps (国土地理院).

    '|' parts vowels that belong to different words: とよ|うら is toyoura. Raises `KanaNotUnderstood`.
    """
    return "".join(_short(_letters(part)) for part in jaconv.kata2hira(kana).split("|"))


def _short(letters: str) -> str:
    return re.sub(r"ou|oo", "o", letters).replace("uu", "u")


def _letters(kana: str) -> str:
    letters = ""
    doubled = False
    for sign in kana:
        if sign == "っ":
            doubled = True
            continue
        if sign in SMALL_Y and letters.endswith("i"):
            stem = letters[:-1]
            letters = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + SMALL_Y[sign]
            continue
        if sign not in SYLLABLES:
            raise KanaNotUnderstood(kana, sign)
        syllable = SYLLABLES[sign]
        if doubled and syllable:
            syllable = ("t" if syllable.startswith("ch") else syllable[0]) + syllable
            doubled = False
        letters += syllable
    return letters


def place_name_english(name: str, kana: str, kind: str, exceptions: Mapping[str, str] | None = None) -> str:
    """'Sapporo City', 'Aichi Prefecture', 'Hokkaido', 'Kota Town' from a name, its kana and its kind.

    `kind` is one of prefecture, city, special_ward, ward, town, village; another raises KeyError. `exceptions`
    maps the kana without 'city', 'town' and so on to the English the place itself uses. Special wards are
    cities: so the 23 of Tokyo call themselves. Raises `KanaNotUnderstood`.
    """
    known = EXCEPTIONS | dict(exceptions or {})
    if kind == "prefecture":
        return _prefecture(name, kana, known)
    stem = next((kana.removesuffix(end) for end in KIND_READINGS[kind] if kana.endswith(end)), kana)
    return f"{_proper(name[:-1], stem, known)} {KIND_WORDS[kind]}"


def _prefecture(name: str, kana: str, known: Mapping[str, str]) -> str:
    if name == "北海道":
        return "Hokkaido"
    stem = _proper(name[:-1], kana[:-1] if name[-1] in "都府" else kana.removesuffix("けん"), known)
    return stem if name.endswith("都") else f"{stem} Prefecture"


def _proper(name: str, kana: str, known: Mapping[str, str]) -> str:
    return known.get(kana) or hepburn(_parted(name, kana)).capitalize()


def _parted(name: str, kana: str) -> str:
    """The kana with '|' before what the name's characters show to be a word of its own."""
    for character, reading in OWN_VOWEL.items():
        place = kana.rfind(reading)
        if character in name[1:] and place > 0:
            kana = f"{kana[:place]}|{kana[place:]}"
    return kana
