"""Certificates as PDF: one dignified A4 page each, any number in one compile.

Plain data in, bytes out: which certificate it is and what stands on it is the caller's business.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tsunagu.engines.rendering.codes import qr_code
from tsunagu.engines.rendering.glyphs import SERIF, Printable
from tsunagu.engines.rendering.typesetting import typeset


@dataclass(frozen=True)
class Sheet:
    """What stands on one certificate, from top to bottom. `address` is what its QR code leads to.

    With `issued_on` the same data give the same bytes whenever they are printed.
    """

    title: str
    number: str
    holder: str
    text: str
    dates: Sequence[str]
    signatories: Sequence[str]
    address: str
    beside_code: str
    holder_note: str = ""
    remark: str = ""
    issued_on: date | None = None


@dataclass(frozen=True)
class SetSheet:
    """A certificate with every letter printable, and those that are printed as a code or in their usual form."""

    data: dict[str, object]
    missing: tuple[str, ...]


def certificate_pdf(sheet: Sheet) -> bytes:
    """One certificate as a tagged PDF. Raises `typesetting.NotTypeset`."""
    return certificates_pdf([sheet], title=f"{sheet.title} {sheet.number} {sheet.holder}")


def certificates_pdf(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """Many certificates in one PDF, one page each. Raises `typesetting.NotTypeset`."""
    data = {
        "title": Printable(SERIF).text(title).replace("\n", " "),
        "sheets": [set_sheet(sheet).data for sheet in sheets],
    }
    day = sheets[0].issued_on if sheets else None
    made_at = datetime.combine(day, time(), UTC) if day else None
    return typeset("certificate.typ", json.dumps(data, ensure_ascii=False), made_at=made_at)


def set_sheet(sheet: Sheet) -> SetSheet:
    """The data of one page; `missing` names what the font cannot draw as written."""
    printable = Printable(SERIF)
    text = printable.text
    data: dict[str, object] = {
        "title": text(sheet.title),
        "number": text(sheet.number),
        "holder": text(sheet.holder).replace("\n", " "),
        "holder_note": text(sheet.holder_note),
        "text": text(sheet.text),
        "dates": [text(line) for line in sheet.dates],
        "signatories": [text(line) for line in sheet.signatories],
        "remark": text(sheet.remark),
        "beside_code": text(sheet.beside_code),
        "address": text(sheet.address),
        "code": qr_code(sheet.address),
    }
    return SetSheet(data, tuple(printable.missing))
