"""What differs between two versions of an answer sheet, for people: field by field, long texts word by word. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsunagu.questionnaires.definition import Definition, Field, Kind
from tsunagu.questionnaires.flow import changed_keys
from tsunagu.questionnaires.values import Value, shown

SAME, ADDED, REMOVED = "same", "added", "removed"
# Latin words and numbers stay whole; Japanese is compared character by character.
_PIECES = re.compile(r"[A-Za-z0-9]+|\s|.", re.DOTALL)
LONGEST = 20_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that differs, with both texts and the pieces between them."""

    field: Field
    section: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def differences(
    definition: Definition, before: Mapping[str, Value], after: Mapping[str, Value]
) -> list[Difference]:
    """The fields that differ, in the order of the form; answers without a place in it come last by their key."""
    changed = set(changed_keys(before, after))
    found = []
    for section in definition.sections:
        for field in section.fields:
            if field.key in changed:
                changed.discard(field.key)
                found.append(_difference(field, section.title, before.get(field.key), after.get(field.key)))
    for key in sorted(changed):
        field = Field(key=key, label=key, kind=Kind.LONG)
        found.append(_difference(field, "", _text(before.get(key)), _text(after.get(key))))
    return found


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def _difference(field: Field, section: str, before: Value, after: Value) -> Difference:
    old, new = shown(field, before), shown(field, after)
    return Difference(field, section, old, new, tuple(pieces(old, new)))


def pieces(before: str, after: str) -> Iterator[Piece]:
    """What stayed, went and came, in order: what is not removed gives `after`, what is not added gives `before`."""
    if len(before) + len(after) > LONGEST:
        yield from (Piece(REMOVED, before), Piece(ADDED, after))
        return
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(SAME, "".join(old[a:b]))
            continue
        if b > a:
            yield Piece(REMOVED, "".join(old[a:b]))
        if d > c:
            yield Piece(ADDED, "".join(new[c:d]))
