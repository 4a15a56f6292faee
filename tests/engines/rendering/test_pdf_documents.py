"""Documents: what was written can be read in the PDF, letter for letter, and nothing vanishes silently."""

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagu.engines.rendering.documents import (
    Document,
    Heading,
    Notice,
    PageBreak,
    Pairs,
    Paragraph,
    Table,
    data_of,
    pdf,
)
from tsunagu.engines.rendering.glyphs import SERIF, Printable, draws, draws_variant
from tsunagu.engines.rendering.typesetting import NotTypeset

TSUJI = "辻\U000e0100"


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as read:
        return [page.get_textpage().get_text_range() for page in read]


def words_of(data: bytes) -> str:
    """The text without the line breaks of the typesetting."""
    return "".join(pages_of(data)).replace("\r\n", "").replace("\ufffe", "")


def paper(*texts: str) -> Document:
    return Document("題", [Paragraph(text) for text in texts])


@pytest.mark.parametrize(
    "text",
    [
        "#panic() #let x = 1",
        "$ x^2 $ と \\ と *太字* と _斜体_ と `code`",
        "<label> @ref // 注 /* 注 */ ~ --- [かっこ] {波} = 見出し",
        "𠮷野家の髙﨑さん、㋿八年",
        f"{TSUJI}さん",
        '"引用" \\u{1F600} \\n そのまま',
    ],
)
def test_what_people_write_is_printed_as_they_wrote_it(text: str) -> None:
    assert text in words_of(pdf(paper(text)))


def test_japanese_and_latin_letters_are_found_together() -> None:
    assert "地DX第4-012号" in words_of(pdf(paper("番号は地DX第4-012号です。")))


def test_a_word_wider_than_the_page_is_broken_and_stays_whole_as_text() -> None:
    long = "a" * 400 + "https://example.jp/" + "x" * 400
    made = pdf(paper(long))
    assert long in words_of(made)
    with pypdfium2.PdfDocument(made) as read:
        page = read[0]
        text = page.get_textpage()
        right = max(text.get_charbox(index)[2] for index in range(text.count_chars()))
        assert right < page.get_width() - 50


def test_fifty_thousand_letters_run_over_pages_with_their_numbers() -> None:
    pages = pages_of(pdf(paper("あいうえお" * 10_000)))
    assert sum(page.count("あいうえお"[0]) for page in pages) == 10_000
    assert f"2 / {len(pages)}" in pages[1]


def test_every_block_is_on_the_paper() -> None:
    made = pdf(
        Document(
            "実施計画",
            [
                Heading("見出し", 3),
                Paragraph("一行目\n二行目"),
                Pairs([("代表者", "山田花子")]),
                Table(["年度", "目標"], [["2026", "10社"], ["2027", "20社"]], "表の題"),
                Notice("締切は17時です"),
                PageBreak(),
                Heading("次の頁", 2),
            ],
            lead=["2026年11月24日", "受付番号 12"],
            footer="つなぐ",
            number="第12号",
        )
    )
    first, second = pages_of(made)
    for words in (
        "実施計画",
        "見出し",
        "一行目",
        "代表者",
        "山田花子",
        "20社",
        "表の題",
        "締切は17時です",
        "受付番号 12",
    ):
        assert words in first
    assert "次の頁" in second
    for page in (first, second):
        assert "つなぐ" in page
        assert "第12号" in page


def test_the_paper_says_its_title_and_language_to_readers() -> None:
    made = pdf(paper("本文"))
    with pypdfium2.PdfDocument(made) as read:
        assert read.get_metadata_value("Title") == "題"
        assert read.is_tagged()
    assert b"pdfuaid" in made


def test_heading_levels_have_no_gap() -> None:
    data = data_of(Document("題", [Heading("あ", 4), Heading("い", 3), Heading("う", 9), Heading("え", 0)]))
    assert [int(part[0]) for part in data.split('"level": ')[1:]] == [1, 2, 3, 1]


def test_a_letter_without_a_glyph_is_shown_as_its_code_and_named_at_the_end() -> None:
    words = words_of(pdf(paper("よろしく🙂ね")))
    assert "よろしく［U+1F642］ね" in words
    assert "U+1F642" in words.split("印刷しました")[1]


def test_an_unknown_variant_keeps_its_letter_and_is_named() -> None:
    printable = Printable()
    assert printable.text("辻\U000e01ef") == "辻"
    assert list(printable.missing) == ["U+8FBB U+E01EF"]


def test_control_characters_become_spaces_and_directions_go() -> None:
    assert Printable().text("a\x00b\x1bc\u202ed\r\ne") == "a b cd\ne"


def test_both_fonts_draw_what_names_need() -> None:
    for font in (SERIF, "NotoSansJP-Regular.otf"):
        assert all(draws(letter, font) for letter in "𠮷髙﨑㋿葛祇①㈱")
        assert draws_variant("葛", "\U000e0100", font)
        assert not draws("🙂", font)


def test_a_row_that_does_not_fit_its_headings_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        pdf(Document("題", [Table(["a", "b"], [["1"]])]))


def test_without_a_title_there_is_no_paper() -> None:
    with pytest.raises(NotTypeset):
        pdf(Document("", [Paragraph("本文")]))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_set(text: str, cell: str) -> None:
    made = pdf(
        Document("題", [Heading(text), Notice(text), Table([cell], [[text], [cell]]), Pairs([(cell, text)])])
    )
    assert made.startswith(b"%PDF-")
