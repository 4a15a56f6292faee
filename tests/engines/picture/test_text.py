"""The room a text takes, and where it may be broken."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.picture.text import width_of, wrapped

WORDS = st.text(alphabet="地域推進ab IoT①（）", max_size=60)


def test_japanese_takes_more_room_than_latin() -> None:
    assert width_of("地域", 14) == 28
    assert width_of("ab", 14) < 28


def test_latin_words_stay_whole() -> None:
    assert wrapped("Regional industry strength", 120, 14) == ("Regional", "industry", "strength")


def test_japanese_breaks_anywhere() -> None:
    assert wrapped("地域課題の解決", 56, 14) == ("地域課題", "の解決")


@given(WORDS, st.floats(20, 400))
def test_nothing_is_lost(text: str, room: float) -> None:
    assert "".join("".join(wrapped(text, room, 14)).split()) == "".join(text.split())


@given(st.text(alphabet="地域推進の課題", min_size=1, max_size=60), st.floats(14, 400))
def test_every_japanese_line_fits(text: str, room: float) -> None:
    assert all(width_of(line, 14) <= room for line in wrapped(text, room, 14))
