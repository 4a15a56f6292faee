"""Place names in English, from their reading."""

import re

VOWELS = "aiueo"
# Readings in which "ou" spans two characters of the name and so is no long vowel.
EXCEPTIONS = {"せとうち": "Setouchi"}
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ", "t": "たちつてと",
    "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ", "m": "まみむめも",
    "r": "らりるれろ",
}  # fmt: skip
SYLLABLES = {kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, VOWELS, strict=True)}
SYLLABLES |= {
    "し": "shi", "じ": "ji", "ち": "chi", "ぢ": "ji", "つ": "tsu", "づ": "zu", "ふ": "fu", "や": "ya", "ゆ": "yu",
    "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu",
}  # fmt: skip
SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
KIND_WORDS = {"city": "City", "special_ward": "City", "ward": "Ward", "town": "Town", "village": "Village"}
KIND_READINGS = {
    "city": ("し",), "special_ward": ("く",), "ward": ("く",), "town": ("ちょう", "まち"), "village": ("むら", "そん"),
}  # fmt: skip


def hepburn(kana: str) -> str:
    """Hiragana in Hepburn letters, long o and u written short as on maps (国土地理院)."""
    if kana in EXCEPTIONS:
        return EXCEPTIONS[kana].lower()
    letters = ""
    doubled = False
    for sign in kana:
        if sign == "っ":
            doubled = True
            continue
        if sign in SMALL_Y:
            stem = letters[:-1]
            letters = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + SMALL_Y[sign]
            continue
        syllable = SYLLABLES.get(sign, "")
        if doubled and syllable:
            syllable = ("t" if syllable.startswith("ch") else syllable[0]) + syllable
            doubled = False
        letters += syllable
    return re.sub(r"ou|oo", "o", letters).replace("uu", "u")


def place_name_english(name: str, kana: str, kind: str) -> str:
    """'Sapporo City', 'Aichi Prefecture', 'Hokkaido', 'Kota Town' from a name's hiragana and its kind.

    `kind` is one of prefecture, city, special_ward, ward, town, village.
    """
    if kind == "prefecture":
        return _prefecture(name, kana)
    stem = next((kana.removesuffix(end) for end in KIND_READINGS[kind] if kana.endswith(end)), kana)
    return f"{hepburn(stem).capitalize()} {KIND_WORDS[kind]}"


def _prefecture(name: str, kana: str) -> str:
    if name == "北海道":
        return "Hokkaido"
    stem = hepburn(kana[:-1] if name[-1] in "都府" else kana.removesuffix("けん")).capitalize()
    return stem if name.endswith("都") else f"{stem} Prefecture"
