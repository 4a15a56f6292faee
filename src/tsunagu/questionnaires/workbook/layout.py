"""How a sheet of answers lies in a workbook: shared by writing and reading.

Everything that tells what a cell is stands in visible text cells (the key in column A, the signature on the first page), so
that it survives programs that strip macros, links, names and properties, and saving by another office program.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core import signing

from tsunagu.questionnaires.definition import Definition, Field, Kind, Section
from tsunagu.questionnaires.models import Sheet

SALT = "tsunagu.questionnaires.workbook"
FIRST_PAGE = "はじめに"
SIGNATURE_ROW = 4
KEY, QUESTION, ANSWER, COUNT, GUIDANCE, VERSION = range(6)
HEADINGS = ("記号（変えないでください）", "質問", "回答", "文字数", "書き方", "版（変えないでください）")
FIRST_ANSWER_ROW = 3
# Excel keeps 32,767 UTF-16 units in a cell; longer answers go on in the next row under the same key.
LONGEST_CELL = 32_000
YES_NO = {"yes": "はい", "no": "いいえ"}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Page:
    """One worksheet: a section's questions, or the rows of one table."""

    name: str
    section: Section
    table: Field | None = None


def pages(definition: Definition) -> Iterator[Page]:
    """The worksheets of a form in order; their names are unique and fit Excel's 31 letters."""
    number = 0
    for section in definition.sections:
        if any(one.kind != Kind.ROWS for one in section.fields):
            number += 1
            yield Page(_name(number, section.title), section)
        for one in section.fields:
            if one.kind == Kind.ROWS:
                number += 1
                yield Page(_name(number, one.label), section, one)


def _name(number: int, title: str) -> str:
    return f"{number:02d} {_NOT_IN_NAMES.sub(' ', title)}"[:31].rstrip()


def columns(table: Field) -> list[tuple[Field, str, str]]:
    """(column, key in the workbook, heading) of a table; an organisation takes two."""
    found = []
    for one in table.columns:
        unit = f"（{one.unit}）" if one.unit else ""
        if one.kind == Kind.ORGANISATION:
            found.append((one, f"{one.key}.name", f"{one.label} 名称"))
            found.append((one, f"{one.key}.corporate_number", f"{one.label} 法人番号"))
        else:
            found.append((one, one.key, f"{one.label}{unit}"))
    return found


def signature(sheet: Sheet) -> str:
    """Ties a workbook to one answer sheet and the version of its form."""
    # Without the time, so that the same answers always give the same file.
    return signing.Signer(salt=SALT).sign_object(
        [str(sheet.key), sheet.form_version.form_id, sheet.form_version.number]
    )


def signed(text: str) -> tuple[str, int, int]:
    """(sheet's key, form, version) of a signature. Raises `django.core.signing.BadSignature`."""
    key, form, version = signing.Signer(salt=SALT).unsign_object(text.strip())
    return str(key), int(form), int(version)


def option_words(field: Field, code: str) -> str:
    """An option as it stands in the workbook: its words, which people read."""
    return YES_NO.get(code, code) if field.kind == Kind.YES_NO else field.option_label(code)


def pieces(text: str) -> list[str]:
    """A text in parts that fit a cell; never cut inside a character and its variation selector."""
    parts, start = [], 0
    while start < len(text):
        end = start
        size = 0
        while end < len(text) and size + (2 if ord(text[end]) > 0xFFFF else 1) <= LONGEST_CELL:
            size += 2 if ord(text[end]) > 0xFFFF else 1
            end += 1
        while (
            end < len(text)
            and end > start + 1
            and (0xFE00 <= ord(text[end]) <= 0xFE0F or ord(text[end]) >= 0xE0100)
        ):
            end -= 1
        parts.append(text[start:end])
        start = end
    return parts or [""]
