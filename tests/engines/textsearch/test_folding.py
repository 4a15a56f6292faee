"""Search keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.textsearch.folding import VARIANTS, fold


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("高島屋", "髙島屋"),
        ("山崎", "山﨑"),
        ("渡辺", "渡邉"),
        ("渡辺", "渡邊"),
        ("斎藤", "齋藤"),
        ("斉藤", "齊藤"),
        ("浜田", "濵田"),
        ("塚本", "\ufa10本"),
        ("関ヶ原町", "関ケ原町"),
        ("龍ヶ崎市", "竜ケ崎市"),
        ("葛城市", "葛\U000e0100城市"),
        ("檮原町", "梼原町"),
        ("データ センター", "ﾃﾞｰﾀｾﾝﾀｰ"),
        ("サーバ", "サーバー"),
        ("ＩｏＴ推進ラボ", "iot推進らぼ"),
        ("(株)つなぐ", "（株）ツナグ"),
        ("会津・若松", "會津若松"),
        ("D X", "ｄ－ｘ"),
    ],
)
def test_spellings_of_one_name_share_a_key(typed: str, stored: str) -> None:
    assert fold(typed) == fold(stored)


@pytest.mark.parametrize(("one", "other"), [("大阪", "大坂"), ("か", "が"), ("北区", "北"), ("𠮷野", "吉田")])
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_the_key_keeps_letters_and_digits() -> None:
    assert fold("ＤＸ-Lab 2025（高知・髙知）") == "dxlab2025高知高知"


@given(st.text(alphabet=st.characters(categories=["Ll", "Nd"], max_codepoint=127)))
def test_plain_lower_case_letters_and_digits_are_their_own_key(text: str) -> None:
    assert fold(text) == text


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_variant_ends_at_a_character_that_is_no_variant() -> None:
    assert not [new for new in VARIANTS.values() if ord(new) in VARIANTS]
