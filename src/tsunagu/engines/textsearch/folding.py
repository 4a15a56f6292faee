"""One spelling for many: a key that finds a text however it is typed; never shown as the name."""

import re
import unicodedata

import jaconv

# Old and variant forms common in names of people, firms and places, each before the form people type.
VARIANT_PAIRS = """
髙高 﨑崎 嵜崎 邉辺 邊辺 濵浜 濱浜 齋斉 齊斉 斎斉 德徳 澤沢 廣広 國国 眞真 檮梼 﨟臈 嶋島
嶌島 櫻桜 惠恵 榮栄 龍竜 龜亀 壽寿 實実 學学 萬万 與与 會会 辯弁 瀧滝 淵渕 冨富 圓円 爲為
邨村 藪薮 栁柳 桒桑 槇槙 曻昇 羪養 靑青 黑黒 條条 縣県 應応 澁渋 鐵鉄 當当 總総 靜静 彌弥
佛仏 禮礼 寶宝 氣気 峯峰 埜野 檜桧 鄕郷 嶽岳 凜凛 遙遥 堯尭 薗園 舘館 鷗鴎 籠篭
"""
VARIANTS = str.maketrans(
    {pair[0]: pair[1] for pair in VARIANT_PAIRS.split()} | {"ヶ": "け", "ヵ": "か", "ゖ": "け", "ゕ": "か"}
)
# Old forms of characters that texts use (旧字体). Not for names kept as keys: those were made without them.
OLD_PAIRS = """
獸獣 經経 觀観 驛駅 藝芸 戰戦 變変 發発 關関 區区 醫医 體体 圖図 讀読 賣売 廳庁 轉転 傳伝 勞労 團団 數数 營営 勵励 擔担 續続 繼継 舊旧
鹽塩 雜雑 處処 證証 點点 獨独 單単 屬属 據拠 擴拡 攝摂 濟済 劑剤 爐炉 狹狭 專専 對対 廢廃 曉暁 殘残 燒焼 畫画 稱称 穩穏 總総 聲声
"""
OLD_CHARACTERS = str.maketrans({pair[0]: pair[1] for pair in OLD_PAIRS.split()})
DROPPED = re.compile(
    "[\\s\u3000\ufe00-\ufe0f\U000e0100-\U000e01ef・、。,.()\\[\\]「」『』'\"_/\\-‐‑‒–—―−ー~〜]+"
)

# The long vowel of katakana as old machines and scanners wrote it: any dash, or the character for one. The dash is looked
# for first: few texts have one.
DASH_FOR_LONG_VOWEL = re.compile("[－−‐‑–—―─一](?<=[ァ-ヺー].)(?=[ァ-ヺー]|$)", re.MULTILINE)


def with_long_vowels(text: str) -> str:
    """デ－タ and センサ一 as データ and センサー; as long as it was."""
    return DASH_FOR_LONG_VOWEL.sub("ー", text)


def fold(text: str) -> str:
    """The search key of a text; idempotent.

    Folded: widths and compatibility forms (NFKC), letter case, katakana to hiragana, variant characters and
    variation selectors, long vowels, hyphens, spaces and punctuation (dropped, so the key may be '').
    """
    key = _folded_once(text)
    # Dropping a mark can bring together characters that combine, and lower case can undo a combination.
    while (again := _folded_once(key)) != key:
        key = again
    return key


def _folded_once(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return DROPPED.sub("", jaconv.kata2hira(plain).translate(VARIANTS))
