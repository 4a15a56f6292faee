"""The verdict on one file: its ending is on the list, its first bytes agree, and what is inside does no harm."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tsunagu.engines.uploads.images import check_jpeg, check_png
from tsunagu.engines.uploads.office import check_office
from tsunagu.engines.uploads.refusal import UploadRefused

MB = 1_000_000
PACKED = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its ending, media type, largest size in bytes and what is looked for inside."""

    ending: str
    media_type: str
    largest: int
    check: Callable[[bytes], None]


def _check_pdf(data: bytes) -> None:
    if not data.startswith(b"%PDF-"):
        raise UploadRefused("not_what_it_says")
    if b"%%EOF" not in data[-2048:]:
        raise UploadRefused("broken")
    if b"/Encrypt" in data:
        raise UploadRefused("encrypted")
    # What is packed is no name, and may hold any bytes by chance. Names may be written with #xx for a letter.
    plain = _plain_names(PACKED.sub(b"", data))
    if any(name in plain for name in (b"/JavaScript", b"/JS ", b"/JS(", b"/JS<", b"/Launch", b"/RichMedia")):
        raise UploadRefused("active_content")
    if b"/EmbeddedFile" in plain:
        raise UploadRefused("embedded_object")


def _plain_names(data: bytes) -> bytes:
    if b"#" not in data:
        return data
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found.group(1), 16)]), data)


def _check_text(data: bytes) -> None:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UploadRefused("not_what_it_says")
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype", "<html", "<script", "<svg", "<?xml")):
            raise UploadRefused("not_what_it_says")
        return
    raise UploadRefused("not_what_it_says")


OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", 50 * MB, _check_pdf),
        Kind(
            "xlsx",
            f"{OFFICE}spreadsheetml.sheet",
            20 * MB,
            lambda data: check_office(data, "xl/workbook.xml"),
        ),
        Kind(
            "docx",
            f"{OFFICE}wordprocessingml.document",
            50 * MB,
            lambda data: check_office(data, "word/document.xml"),
        ),
        Kind(
            "pptx",
            f"{OFFICE}presentationml.presentation",
            50 * MB,
            lambda data: check_office(data, "ppt/presentation.xml"),
        ),
        Kind("csv", "text/csv", 20 * MB, _check_text),
        Kind("txt", "text/plain", 5 * MB, _check_text),
        Kind("png", "image/png", 20 * MB, check_png),
        Kind("jpg", "image/jpeg", 20 * MB, check_jpeg),
        Kind("jpeg", "image/jpeg", 20 * MB, check_jpeg),
    )
}


def examine_upload(name: str, data: bytes) -> Kind:
    """The kind a file really is. Raises `UploadRefused` with the first reason found."""
    kind = KINDS.get(name.rsplit(".", 1)[-1].lower())
    if kind is None:
        raise UploadRefused("kind")
    if not data:
        raise UploadRefused("empty")
    if len(data) > kind.largest:
        raise UploadRefused("too_large")
    kind.check(data)
    return kind
