"""What of a text is shown, and what of it is marked."""

import pytest

from tsunagu.engines.textsearch.analysis import cut
from tsunagu.engines.textsearch.asking import asked
from tsunagu.engines.textsearch.marking import EXCERPT_LENGTH, excerpt
from tsunagu.engines.textsearch.plan import sought
from tsunagu.engines.textsearch.synonyms import NO_SYNONYMS

TEXT = (
    "役場の書類を減らした。\n畑にセンサーを付け、イノシシが来ると電話が鳴る。見回りは半分になった。\n"
    "センサーの電池は冬に切れやすい。"
)
# One sentence of 231 characters: what is asked for stands at its end.
LONG = (
    "、".join(["この地域では人手が足りず高齢の農家が多い"] * 10)
    + "、そこで罠にカメラを付けて見回りを減らした。"
)


def shown(text: str, question: str, *, is_cut: bool = True) -> tuple[str, list[str]]:
    """An excerpt as one text, and what is marked in it."""
    pieces = excerpt(text, *sought(asked(question), NO_SYNONYMS), cut(text) if is_cut else None)
    return "".join(one.text for one in pieces), [one.text for one in pieces if one.marked]


@pytest.mark.parametrize("is_cut", [True, False])
def test_the_sentence_with_most_of_the_question_comes_first(is_cut: bool) -> None:
    text, marked = shown(TEXT, "センサー 見回り 電話", is_cut=is_cut)
    assert text.startswith("…畑にセンサーを付け")
    assert marked[:2] == ["センサー", "電話"]


def test_a_word_that_is_part_of_another_is_found_by_its_characters() -> None:
    text, marked = shown(TEXT, "猪シシ")
    assert "イノシシ" in text
    assert marked == ["イノシシ"]


def test_of_a_long_sentence_the_part_that_matches_is_shown() -> None:
    text, marked = shown(LONG, "カメラ 罠")
    assert marked == ["罠", "カメラ"]
    assert len(text.strip("…")) <= EXCERPT_LENGTH


def test_without_a_match_the_beginning_is_shown() -> None:
    assert shown(TEXT, "観光") == (TEXT[:EXCERPT_LENGTH], [])
