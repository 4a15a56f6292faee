"""One document as PDF: A4, Japanese line breaking, page numbers, tags for screen readers (PDF/UA-1).

What people wrote reaches the typesetter as data (JSON), never as its source, so no letter of theirs is a command.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any

from tsunagu.engines.rendering.glyphs import Printable
from tsunagu.engines.rendering.typesetting import typeset

WIDEST_COLUMN, NARROWEST_COLUMN = 40, 5


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Text; its line feeds are kept."""

    text: str


@dataclass(frozen=True)
class Pairs:
    """Labels with their values, one a row."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows under headings, which are repeated on every page."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True)
class Notice:
    """Something the reader must not miss, in a frame."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    pass


Block = Heading | Paragraph | Pairs | Table | Notice | PageBreak


@dataclass(frozen=True)
class Document:
    """A document: its title, lines under the title, blocks; a footer on every page and the paper's number.

    With `made_at` (with its time zone), the same document gives the same bytes whenever it is set.
    """

    title: str
    blocks: Sequence[Block]
    lead: Sequence[str] = ()
    footer: str = ""
    language: str = "ja"
    number: str = ""
    made_at: datetime | None = None


# The engines know no gettext: the two languages a paper is written in.
MISSING_WORDS = {
    "ja": "次の文字はこの書体にないため、符号か普通の形で印刷しました: ",
    "en": "These characters are not in the font and are printed as their code or in their usual form: ",
}


def pdf(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1). Raises `typesetting.NotTypeset` for a document without a title."""
    return typeset("document.typ", data_of(document), made_at=document.made_at)


def data_of(document: Document) -> str:
    """The document as JSON for the template; characters no font draws are already visible in it."""
    printable = Printable()
    text = printable.text
    blocks: list[dict[str, Any]] = []
    level = 0
    for block in document.blocks:
        data = _data(block, printable)
        if isinstance(block, Heading):
            if not data["text"].strip():
                continue  # A heading without words is none, and PDF/UA refuses it.
            # Screen readers rely on levels without a gap, beginning at 1.
            level = max(1, min(block.level, level + 1, 3))
            data["level"] = level
        blocks.append(data)
    data = {
        "title": text(document.title).replace("\n", " "),
        "lead": [text(line) for line in document.lead],
        "blocks": blocks,
        "footer": text(document.footer),
        "language": document.language,
        "number": text(document.number),
    }
    words = MISSING_WORDS.get(document.language, MISSING_WORDS["ja"])
    data["missing"] = words + "、".join(printable.missing) if printable.missing else ""
    return json.dumps(data, ensure_ascii=False)


@singledispatch
def _data(block: object, printable: Printable) -> dict[str, Any]:
    raise TypeError(f"no such block: {type(block).__name__}")


@_data.register
def _heading(block: Heading, printable: Printable) -> dict[str, Any]:
    return {"kind": "heading", "text": printable.text(block.text).replace("\n", " ")}


@_data.register
def _paragraph(block: Paragraph, printable: Printable) -> dict[str, Any]:
    return {"kind": "paragraph", "text": printable.text(block.text)}


@_data.register
def _notice(block: Notice, printable: Printable) -> dict[str, Any]:
    return {"kind": "notice", "text": printable.text(block.text)}


@_data.register
def _page_break(block: PageBreak, printable: Printable) -> dict[str, Any]:
    return {"kind": "page-break"}


@_data.register
def _pairs(block: Pairs, printable: Printable) -> dict[str, Any]:
    return {
        "kind": "pairs",
        "rows": [[printable.text(label), printable.text(value)] for label, value in block.rows],
    }


@_data.register
def _table(block: Table, printable: Printable) -> dict[str, Any]:
    width = len(block.headings)
    if any(len(row) != width for row in block.rows):
        raise ValueError(f"a row of the table has not {width} cells")
    rows = [[printable.text(cell) for cell in row] for row in block.rows]
    headings = [printable.text(heading) for heading in block.headings]
    return {
        "kind": "table",
        "headings": headings,
        "rows": rows,
        "caption": printable.text(block.caption),
        "weights": [_weight(column) for column in zip(headings, *rows, strict=True)],
    }


def _weight(column: Sequence[str]) -> int:
    """How wide a column wants to be: its longest line in half-width letters, within reason."""
    longest = max((_columns(line) for cell in column for line in cell.split("\n")), default=0)
    return max(NARROWEST_COLUMN, min(WIDEST_COLUMN, longest))


def _columns(line: str) -> int:
    if len(line) > WIDEST_COLUMN:
        return WIDEST_COLUMN
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in line)
