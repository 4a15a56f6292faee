"""Certificates: the names are right, the code can be read by a phone, and one page holds each."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagu.engines.rendering.certificate import Sheet, certificate_pdf, certificates_pdf, set_sheet
from tsunagu.engines.rendering.typesetting import NotTypeset

SHEET = Sheet(
    title="選定証",
    number="地DX第4-012号",
    holder="髙﨑𠮷野ラボ",
    holder_note="群馬県",
    text="ここに選定し、これを証します。\n二段目です。",
    dates=["2026年11月24日"],
    signatories=["経済産業省の局長", "IPAの理事長"],
    address="https://lab.example.jp/certificates/K7QWM2N8RTXZ4HVB/",
    beside_code="有効か確かめられます。",
    remark="再交付",
)


def text_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as read:
        return [page.get_textpage().get_text_range() for page in read]


def code_of(data: bytes, page: int = 0) -> str:
    """What a phone reads from the printed page."""
    with pypdfium2.PdfDocument(data) as read:
        shown = read[page].render(scale=3, grayscale=True)
        pixels = memoryview(bytes(shown.buffer)).cast("B", shape=[shown.height, shown.stride])
        found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else ""


def test_everything_stands_on_it_and_the_code_leads_to_the_check_page() -> None:
    made = certificate_pdf(SHEET)
    (page,) = text_of(made)
    for words in (
        SHEET.number,
        SHEET.holder,
        "二段目です。",
        *SHEET.dates,
        *SHEET.signatories,
        "再交付",
        "群馬県",
    ):
        assert words in page
    assert code_of(made) == SHEET.address
    with pypdfium2.PdfDocument(made) as read:
        assert read.get_metadata_value("Title") == "選定証 地DX第4-012号 髙﨑𠮷野ラボ"


def test_many_in_one_file_keep_their_own_codes() -> None:
    sheets = [replace(SHEET, number=f"第{n}号", address=f"https://lab.example.jp/c/{n}/") for n in range(12)]
    made = certificates_pdf(sheets, title="第4弾")
    pages = text_of(made)
    assert [f"第{n}号" in pages[n] for n in range(12)] == [True] * 12
    assert [code_of(made, n) for n in (0, 11)] == [
        "https://lab.example.jp/c/0/",
        "https://lab.example.jp/c/11/",
    ]


@pytest.mark.parametrize("length", [1, 14, 15, 30, 60, 100])
def test_names_of_any_length_stay_inside_the_frame(length: int) -> None:
    made = certificate_pdf(replace(SHEET, holder="地域未来" * 25)) if length == 100 else None
    made = made or certificate_pdf(replace(SHEET, holder=("次世代産業推進" * 10)[:length]))
    with pypdfium2.PdfDocument(made) as read:
        page = read[0]
        text = page.get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
        width = page.get_width()
        assert len(read) == 1
        assert min(box[0] for box in boxes) > 70
        assert max(box[2] for box in boxes) < width - 70


def test_printed_again_it_is_the_same_file() -> None:
    sheet = replace(SHEET, issued_on=date(2026, 11, 24))
    assert certificate_pdf(sheet) == certificate_pdf(sheet)
    assert b"20261124" in certificate_pdf(sheet)


def test_a_text_too_long_for_the_page_is_refused() -> None:
    with pytest.raises(NotTypeset, match="more than one page"):
        certificate_pdf(replace(SHEET, text="長い文です。" * 300))


def test_what_the_font_lacks_is_said_before_printing() -> None:
    assert set_sheet(SHEET).missing == ()
    assert set_sheet(replace(SHEET, holder="ラボ🙂")).missing == ("U+1F642",)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_name_can_be_set(name: str) -> None:
    assert certificate_pdf(replace(SHEET, holder=name)).startswith(b"%PDF-")
