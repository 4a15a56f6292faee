"""Every file of the corpus gets the verdict written beside it."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.uploads import KINDS, REASONS, UploadRefused, examine_upload, safe_name
from tsunagu.engines.uploads.images import check_jpeg, without_private_parts
from tsunagu.engines.uploads.verdict import MB

XLSX, DOCX, PPTX = "xl/workbook.xml", "word/document.xml", "ppt/presentation.xml"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LINK = b'<Relationship Id="r1" Type="http://x/relationships/{}" Target="https://evil.example/x" TargetMode="External"/>'


def archive(*parts: tuple[str, bytes], main: str = XLSX, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as whole:
        whole.writestr("[Content_Types].xml", b"<Types/>")
        whole.writestr(main, b"<workbook/>")
        for name, content in parts:
            whole.writestr(name, content)
    return file.getvalue()


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0\0\0\0\0")) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2, *, place: bytes = b"") -> bytes:
    def segment(marker: int, content: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content

    exif = segment(0xE1, b"Exif\0\0" + place) + segment(0xFE, b"remark" + place) if place else b""
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + exif + frame + scan + b"\xff\xd9"
    )


def encrypted() -> bytes:
    data = bytearray(archive(("xl/a.xml", b"x" * 100)))
    for at in range(len(data) - 4):
        if data[at : at + 4] == b"PK\x03\x04":
            data[at + 6] |= 1
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1
    return bytes(data)


BOMB = archive(("xl/sheet.xml", b"0" * (60 * MB)))
MANY = archive(*[(f"xl/{number}.xml", b"") for number in range(2_100)])
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'

CORPUS: list[tuple[str, bytes, str | None]] = [
    ("計画.pdf", PDF, None),
    ("計画.PDF", PDF, None),
    ("a.xlsx", archive(), None),
    ("a.docx", archive(main=DOCX), None),
    ("a.pptx", archive(main=PPTX), None),
    ("a.xlsx", archive(("xl/media/photo.png", png()), method=zipfile.ZIP_STORED), None),
    ("a.docx", archive(("word/_rels/document.xml.rels", LINK.replace(b"{}", b"hyperlink")), main=DOCX), None),
    ("表.csv", "名称,数\n髙橋,1\n".encode(), None),
    ("表.csv", "名称,数\r\n高橋,1\r\n".encode("cp932"), None),
    ("表.csv", "名称,数\n".encode("utf-16"), None),
    ("memo.txt", "メモ".encode(), None),
    ("a.png", png(), None),
    ("a.jpg", jpeg(), None),
    ("a.jpeg", jpeg(), None),
    ("a.png", png(8000, 5000), None),
    ("a.exe", b"MZ\x90\0", "kind"),
    ("a.xlsm", archive(("xl/vbaProject.bin", b"x")), "kind"),
    ("a.svg", b"<svg/>", "kind"),
    ("a.html", b"<html>", "kind"),
    ("a.zip", archive(), "kind"),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind"),
    ("a.pdf.exe", PDF, "kind"),
    ("a.pdf", b"", "empty"),
    ("a.pdf", b"MZ\x90\0" + PDF, "not_what_it_says"),
    ("a.pdf", PDF[:40], "broken"),
    ("a.pdf", PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"), "encrypted"),
    (
        "a.pdf",
        PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        "active_content",
    ),
    ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/AA<</S/J#61vaScript>>"), "active_content"),
    ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog<</S/Launch/F(cmd.exe)>>"), "active_content"),
    ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog<</Type/EmbeddedFile>>"), "embedded_object"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "encrypted"),
    ("a.xlsx", encrypted(), "encrypted"),
    ("a.xlsx", PDF, "not_what_it_says"),
    ("a.xlsx", archive(main=DOCX), "not_what_it_says"),
    ("a.docx", archive(), "not_what_it_says"),
    ("a.xlsx", archive(("xl/vbaProject.bin", b"x")), "macro"),
    ("a.docx", archive(("word/vbaProject.bin", b"x"), main=DOCX), "macro"),
    ("a.xlsx", archive(("xl/externalLinks/externalLink1.xml", b"x")), "external_link"),
    (
        "a.docx",
        archive(("word/_rels/settings.xml.rels", LINK.replace(b"{}", b"attachedTemplate")), main=DOCX),
        "external_link",
    ),
    ("a.pptx", archive(("ppt/embeddings/oleObject1.bin", b"x"), main=PPTX), "embedded_object"),
    ("a.docx", archive(("word/embeddings/Book.xlsx", b"x"), main=DOCX), "embedded_object"),
    ("a.docx", archive(("word/activeX/activeX1.bin", b"x"), main=DOCX), "embedded_object"),
    ("a.xlsx", BOMB, "bomb"),
    ("a.xlsx", MANY, "bomb"),
    ("a.xlsx", archive(("xl/sharedStrings.xml", LAUGHS)), "bomb"),
    ("a.xlsx", archive(("../../etc/passwd", b"x")), "broken"),
    ("a.xlsx", archive(("/etc/passwd", b"x")), "broken"),
    ("a.xlsx", archive()[:-30], "broken"),
    ("a.csv", b"<html><script>alert(1)</script>", "not_what_it_says"),
    ("a.csv", b"a,b\0,c", "not_what_it_says"),
    ("a.txt", b"\xff\x81\xfd", "not_what_it_says"),
    ("a.png", b"<html><script>alert(1)</script>", "not_what_it_says"),
    ("a.png", jpeg(), "not_what_it_says"),
    ("a.png", png()[:-4], "broken"),
    ("a.png", png() + b"<script>", "broken"),
    ("a.png", png(40_000, 40_000), "too_many_pixels"),
    ("a.png", png(0, 5), "broken"),
    ("a.jpg", jpeg(65_000, 65_000), "too_many_pixels"),
    ("a.jpg", jpeg()[:20], "broken"),
    ("a.jpg", png(), "not_what_it_says"),
    ("a.jpg", jpeg() + b"<script>alert(1)</script>", "broken"),
    ("a.txt", b"x" * (5 * MB + 1), "too_large"),
]


def verdict(name: str, data: bytes) -> str | None:
    try:
        examine_upload(name, data)
    except UploadRefused as refused:
        return REASONS[refused.code] and refused.code
    return None


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_each_file_gets_its_verdict(number: int) -> None:
    name, data, expected = CORPUS[number]
    assert verdict(name, data) == expected, name


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 40
    assert {code for _name, _data, code in CORPUS if code} >= REASONS.keys() - {"name"}


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "a/b.pdf",
        "a\\b.pdf",
        "a\0.pdf",
        "a\u202efdp.exe",
        "a／b.pdf",
        "CON.pdf",
        "nul",
        "",
        " . ",
        "x" * 300 + ".pdf",
        "a\r\nb.pdf",
        "a<b>.pdf",
    ],
)
def test_a_name_that_could_do_harm_is_refused(name: str) -> None:
    with pytest.raises(UploadRefused):
        safe_name(name)


@pytest.mark.parametrize(
    "name", ["計画書（案）.pdf", "髙橋 報告.xlsx", "令和8年度.実施計画.docx", "𠮷野家.png"]
)
def test_a_japanese_name_is_kept(name: str) -> None:
    assert safe_name(name) == name


def test_a_photo_loses_its_place_and_nothing_else() -> None:
    place = b"GPS 35.68,139.76"
    cleaned = without_private_parts(jpeg(place=place))
    assert place not in cleaned
    assert cleaned == jpeg()
    check_jpeg(cleaned)


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=400))
def test_any_bytes_are_taken_or_refused_with_a_reason(ending: str, data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        verdict(f"a.{ending}", start + data)
