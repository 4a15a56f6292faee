"""Place names in English."""

import csv
import re
from pathlib import Path

import pytest

from tsunagu.engines.romaji import KanaNotUnderstood, hepburn, place_name_english

DATA = Path(__file__).parents[2] / "data" / "municipalities.csv"
PREFECTURES = (
    "Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Tokyo "
    "Kanagawa Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka "
    "Hyogo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime Kochi "
    "Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa"
)
PLACES = {
    "札幌市": "Sapporo City",
    "函館市": "Hakodate City",
    "大田区": "Ota City",
    "横浜市": "Yokohama City",
    "各務原市": "Kakamigahara City",
    "木曽岬町": "Kisosaki Town",
    "新居浜市": "Niihama City",
    "直方市": "Nogata City",
    "北九州市": "Kitakyushu City",
    "嘉麻市": "Kama City",
    "幸田町": "Kota Town",
    "東川町": "Higashikawa Town",
    "神山町": "Kamiyama Town",
    "恩納村": "Onna Village",
    "郡上市": "Gujo City",
    "猿払村": "Sarufutsu Village",
    "長沼町": "Naganuma Town",
    "京都市": "Kyoto City",
    "大阪市": "Osaka City",
    "豊岡市": "Toyooka City",
    "松浦市": "Matsuura City",
    "滝上町": "Takinoue Town",
    "広尾町": "Hiroo Town",
    "瀬戸内市": "Setouchi City",
    "佐那河内村": "Sanagochi Village",
    "東温市": "Toon City",
    "合志市": "Koshi City",
    "大町町": "Omachi Town",
}


@pytest.fixture(scope="module")
def places() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _english(place: dict[str, str]) -> str:
    return place_name_english(place["name"], place["kana"], place["kind"])


def test_prefectures_have_their_usual_english_names(places: list[dict[str, str]]) -> None:
    found = [_english(place) for place in places if place["kind"] == "prefecture"]
    bare = {"Hokkaido", "Tokyo"}
    assert found == [name if name in bare else f"{name} Prefecture" for name in PREFECTURES.split()]


@pytest.mark.parametrize(("name", "english"), PLACES.items())
def test_places_have_their_usual_english_names(places: list[dict[str, str]], name: str, english: str) -> None:
    assert {_english(place) for place in places if place["name"] == name} == {english}


def test_every_place_gets_two_capitalised_words(places: list[dict[str, str]]) -> None:
    municipal = [_english(place) for place in places if place["kind"] != "prefecture"]
    assert not [name for name in municipal if not re.fullmatch(r"[A-Z][a-z]+ (City|Ward|Town|Village)", name)]


def test_a_ward_of_a_city_is_a_ward() -> None:
    assert place_name_english("北区", "きたく", "ward") == "Kita Ward"


def test_the_name_a_place_uses_itself_wins() -> None:
    assert place_name_english("箕面市", "みのおし", "city", {"みのお": "Minoh"}) == "Minoh City"


@pytest.mark.parametrize(
    ("kana", "letters"),
    [("ぼっち", "botchi"), ("にっこう", "nikko"), ("すっつ", "suttsu"), ("ぐんま", "gunma"),
     ("きゅうしゅう", "kyushu"),
     ("じょう", "jo"), ("ニセコ", "niseko"), ("とよ|うら", "toyoura"), ("びえい", "biei")],
)  # fmt: skip
def test_kana_in_hepburn(kana: str, letters: str) -> None:
    assert hepburn(kana) == letters


def test_a_sign_that_is_no_kana_is_refused() -> None:
    with pytest.raises(KanaNotUnderstood) as caught:
        hepburn("さっ幌")
    assert caught.value.code == "not_kana"
