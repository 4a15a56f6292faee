"""An answer sheet as blocks of a paper: the check page and the PDF are both made from these, so that they cannot differ."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.engines.rendering.documents import Block, Heading, Pairs, Table
from tsunagu.questionnaires.definition import Definition, Field, Kind
from tsunagu.questionnaires.flow import asked_sections
from tsunagu.questionnaires.values import is_empty, is_empty_row, shown

NOTHING = "—"


def sheet_blocks(definition: Definition, answers: Mapping[str, Any]) -> list[Block]:
    """Every section that is asked, with the answers in words."""
    blocks: list[Block] = []
    for section in asked_sections(definition, answers):
        blocks.append(Heading(section.title, 1))
        blocks += section_blocks(section.fields, answers)
    return blocks


def section_blocks(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> list[Block]:
    """The answers of a section: pairs of question and answer, tables on their own."""
    blocks: list[Block] = []
    pairs: list[tuple[str, str]] = []
    for one in fields:
        value = answers.get(one.key)
        if one.kind == Kind.ROWS and not is_empty(value):
            if pairs:
                blocks.append(Pairs(pairs))
                pairs = []
            blocks.append(_table(one, value))
        else:
            pairs.append((one.label, _words(one, value)))
    if pairs:
        blocks.append(Pairs(pairs))
    return blocks


def _words(one: Field, value: Any) -> str:
    if one.kind == Kind.FILE and isinstance(value, dict) and value.get("name"):
        return _("%(name)s（%(size)sバイト、SHA-256 %(hash)s）") % {
            "name": value["name"],
            "size": f"{value.get('size', 0):,}",
            "hash": value.get("sha256", ""),
        }
    return shown(one, value) or NOTHING


def _table(one: Field, value: Any) -> Table:
    headings = [f"{column.label}（{column.unit}）" if column.unit else column.label for column in one.columns]
    rows = [
        [shown(column, row.get(column.key)) or NOTHING for column in one.columns]
        for row in value
        if isinstance(row, dict) and not is_empty_row(row)
    ]
    return Table(headings, rows, caption=one.label)
