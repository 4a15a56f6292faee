"""One spelling for many: a copy of a text that finds it however it is typed. Never shown, never stored as the name."""

import re
import unicodedata

import jaconv

# Old and variant forms common in names of people, firms and places, to the form people type.
VARIANTS = str.maketrans(
    dict(
        zip(
            "髙﨑邉邊濵濱齋齊斎德澤廣國眞檮﨟嶋嶌島櫻惠榮龍龜壽實學萬與會辯瀧淵渕冨圓爲邨藪栁桒槇曻羪塚晴館靑黑",
            "高崎辺辺浜浜斉斉斉徳沢広国真梼臈島島島桜恵栄竜亀寿実学万与会弁滝渕渕富円為村薮柳桑槙昇養塚晴館青黒",
            strict=True,
        )
    )
    | {"ヶ": "け", "ヵ": "か", "ゖ": "け", "ゕ": "か", "ケ": "け"}
)
DROPPED = re.compile("[\\s\u3000\ufe00-\ufe0f\U000e0100-\U000e01ef・、。,.()\\[\\]「」『』'\"_/\\-‐‑‒–—―−ー~〜]+")


def fold(text: str) -> str:
    """The search key of a text: widths, letter case, kana, variant characters, long vowels and punctuation folded.

    Idempotent.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = unicodedata.normalize("NFKC", jaconv.kata2hira(plain.translate(VARIANTS)))
    return DROPPED.sub("", plain).translate(VARIANTS)
