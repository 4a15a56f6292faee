"""A public table as a file: CSV as the ministry's rules want it, JSON with its fields, and the schema of that JSON."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from tsunagu.api.addresses import absolute, table_file
from tsunagu.api.tables.base import Column, Kind, Row, Table
from tsunagu.engines.opendata import Nature, Rule, examine
from tsunagu.engines.tables import csv_lines
from tsunagu.sharing.viewer import PUBLIC

WHITE_SPACE = re.compile(r"\s+")
# Circled numbers in our own labels, which older machines cannot show.
CIRCLED = {ord(sign): f"({number})" for number, sign in enumerate("①②③④⑤⑥⑦⑧⑨⑩", 1)}
NATURES = {
    Kind.INTEGER: "number",
    Kind.NUMBER: "number",
    Kind.DAY: "when",
    Kind.DATE: "when",
    Kind.MOMENT: "when",
}
AREA_CODES = {"全国地方公共団体コード"}


def rows_of(table: Table, day: date, language: str) -> list[Row]:
    """Every row as of a day, labels in a language."""
    return list(table.finished(table.rows_in_japanese(PUBLIC, day), language))


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Line breaks in a cell are layout to a machine; the JSON keeps them.
        return WHITE_SPACE.sub(" ", value).strip()
    return value


def _plain(column: Column, value: Any) -> Any:
    """Labels of ours without characters that depend on the machine; names and sentences as they were written."""
    return value if column.as_written or not isinstance(value, str) else value.translate(CIRCLED)


def csv_of(table: Table, rows: Iterable[Row], language: str) -> bytes:
    """The rows as CSV: UTF-8 with BOM, one datum a cell, units in the first line."""
    head = [one.label_in(language) for one in table.shown]
    lines = ([_cell(_plain(one, row[one.key])) for one in table.shown] for row in rows)
    return b"".join(csv_lines(head, lines))


def fields_of(table: Table, language: str) -> list[dict[str, str]]:
    """The columns with their labels, units and what they are in the Government Interoperability Framework."""
    english = language == "en"
    return [
        {
            "key": one.key,
            "label": one.label_en if english else one.label,
            "unit": one.unit_en if english else one.unit,
            "kind": one.kind.value,
            "gif": one.gif,
        }
        for one in table.shown
    ]


def json_of(table: Table, rows: list[Row], day: date, language: str) -> bytes:
    """The rows as JSON with what is needed to read them."""
    english = language == "en"
    whole = {
        "id": table.key,
        "title": table.title_en if english else table.title,
        "description": table.about_en if english else table.about,
        "as_of": day.isoformat(),
        "language": language,
        "licence": {"id": table.licence.key, "url": table.licence.address},
        "schema": absolute(table_file(table.key, "schema.json", language)),
        "fields": fields_of(table, language),
        "rows": rows,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def type_of(column: Column) -> dict[str, Any]:
    """A column as JSON Schema has it; what is not known is null, only the row's own number is always there."""
    kinds: dict[Kind, dict[str, Any]] = {
        Kind.INTEGER: {"type": "integer"},
        Kind.NUMBER: {"type": "number"},
        Kind.BOOLEAN: {"type": "boolean"},
        Kind.DAY: {"type": "string", "format": "date"},
        Kind.DATE: {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        Kind.MOMENT: {"type": "string", "format": "date-time"},
        Kind.CODE: {"type": "string", "enum": [str(code) for code, _label in column.choices]},
    }
    found = dict(kinds.get(column.kind, {"type": "string"}))
    if column.key == "id":
        return found
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    return {**found, "type": [found["type"], "null"]}


def schema_of(table: Table, language: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the JSON file."""
    english = language == "en"
    row = {
        "type": "object",
        "required": [one.key for one in table.shown],
        "additionalProperties": False,
        "properties": {one.key: {"title": one.label_in(language), **type_of(one)} for one in table.shown},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": absolute(table_file(table.key, "schema.json", language)),
        "title": table.title_en if english else table.title,
        "description": table.about_en if english else table.about,
        "type": "object",
        "required": ["id", "as_of", "rows"],
        "properties": {
            "id": {"const": table.key},
            "as_of": {"type": "string", "format": "date"},
            "rows": {"type": "array", "items": row},
        },
    }


@lru_cache(maxsize=64)
def natures_of(table_key: str) -> tuple[Nature, ...]:
    """What the columns are to the checker of machine readability."""
    from tsunagu.api.tables.all import BY_KEY

    return tuple(_nature(one) for one in BY_KEY[table_key].shown)


def _nature(column: Column) -> Nature:
    if column.gif in AREA_CODES:
        return Nature("area")
    kind = NATURES.get(column.kind, "code" if column.kind is Kind.CODE or column.key == "id" else "text")
    return Nature(kind, column.as_written)


def is_about_places(table: Table) -> bool:
    """Whether its rows lie somewhere: labs and cases do by their numbers, which lead to a place."""
    return any(one.gif in AREA_CODES for one in table.shown)


def readable(table: Table, data: bytes) -> list[Rule]:
    """The 15 points for a table's CSV."""
    return examine(data, natures_of(table.key), about_places=is_about_places(table))


def digest(data: bytes) -> str:
    """SHA-256, as the catalogue states it."""
    return hashlib.sha256(data).hexdigest()
