"""The same thing written otherwise has the same tokens."""

import pytest
import sudachipy
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.textsearch.analysis import (
    GRAMMAR,
    LONGEST_PIECE,
    NOT_WORDS,
    Kind,
    _form,
    analysed,
    grams,
    same_length,
    words,
)
from tsunagu.engines.textsearch.folding import VARIANTS, with_long_vowels

SAME_WORDS = [
    ("取組", "取り組み"),
    ("取組み", "取り組み"),
    ("サーバ", "サーバー"),
    ("ｾﾝｻｰ", "センサー"),
    ("コンピュータ", "コンピューター"),
    ("申込", "申し込み"),
    ("受付", "受け付け"),
    ("髙島", "高島"),
    ("渡邉", "渡辺"),
    ("山﨑", "山崎"),
    ("ＤＸ", "dx"),
    ("子ども", "子供"),
    ("行なう", "行う"),
    ("デ－タ", "データ"),
    ("サ−バ−", "サーバー"),
    ("サ一ビス", "サービス"),
    ("センサ一", "センサー"),
]


@pytest.mark.parametrize(("one", "other"), SAME_WORDS)
def test_the_same_word_in_two_spellings_is_one(one: str, other: str) -> None:
    assert [word.form for word in words(one)] == [word.form for word in words(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("センサー", "せんさー"), ("サーバ", "サーバー"), ("１２", "12"), ("邉", "辺"), ("デ－タ", "データ")],
)
def test_pairs_of_characters_are_in_one_spelling(one: str, other: str) -> None:
    assert grams(one) == grams(other)


def test_words_that_join_are_left_out_and_places_are_the_originals() -> None:
    text = "髙松市の鳥獣害を、ｾﾝｻｰで減らした"
    found = words(text)
    assert [text[word.start : word.end] for word in found] == ["髙松", "市", "鳥獣害", "ｾﾝｻｰ", "減らし"]


def test_a_dash_or_a_one_that_is_no_long_vowel_stays() -> None:
    assert (
        with_long_vowels("サービス一覧、データ一つ、東京－大阪、コスト-効果")
        == "サービス一覧、データ一つ、東京－大阪、コスト-効果"
    )
    assert with_long_vowels("デ一タベ－ス") == "データベース"


def test_pairs_do_not_reach_over_marks() -> None:
    assert grams("農業・漁業") == ["農業", "漁業"]


def test_a_text_longer_than_the_analyser_takes_is_analysed_in_pieces() -> None:
    found = words("鳥獣害" * LONGEST_PIECE)
    assert found[-1].end == 3 * LONGEST_PIECE


@given(st.text(max_size=60))
def test_any_text_can_be_analysed_and_no_token_holds_a_space(text: str) -> None:
    found = analysed(text)
    of_lines = [gram for line in text.split("\n") for gram in grams(line)]
    assert all(token and not any(mark.isspace() for mark in token) for token in (*found.words, *of_lines))
    assert found.text(Kind.GRAM).split() == of_lines
    assert len(same_length(text)) == len(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words(text))


WHOLE = sudachipy.Dictionary(dict="core").tokenizer(mode=sudachipy.SplitMode.A)
# Words of the dictionary beside words that are in none, numbers that are joined, and marks.
MIXED = st.lists(
    st.sampled_from(
        ["取り組み", "鳥獣害", "センサー", "の", "を減らした", "グレンコー", "ムピアラ", "1,234", "３．１４", "。", " ", "髙﨑", "zq0", "😀", "\n"]
    ),
    max_size=12,
)  # fmt: skip


@given(st.one_of(MIXED.map("".join), st.text(max_size=40)))
def test_what_is_remembered_of_words_is_what_the_dictionary_says_of_them(text: str) -> None:
    told = [
        _form(one.normalized_form())
        for line in text.split("\n")
        for one in WHOLE.tokenize(line)
        if one.part_of_speech()[0] not in NOT_WORDS | GRAMMAR
    ]
    assert analysed(text).words == [word.form for word in words(text)]
    if text.translate(VARIANTS) == text:
        assert analysed(text).words == [form for form in told if form]


def test_a_line_is_analysed_the_same_whatever_stands_around_it() -> None:
    one, other = "鳥獣害をセンサー", "見回りを減らした"
    assert analysed(f"{one}\n{other}").words == [*analysed(one).words, *analysed(other).words]
    found = words(f"{one}\n{other}")
    assert [f"{one}\n{other}"[word.start : word.end] for word in found] == [
        "鳥獣害",
        "センサー",
        "見回り",
        "減らし",
    ]
