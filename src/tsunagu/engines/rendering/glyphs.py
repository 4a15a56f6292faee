"""Which characters the fonts beside this file can draw, read from the fonts themselves.

A character without a glyph must never vanish from a paper somebody signs: it is printed as its code point.
"""

import struct
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
SERIF, SANS = "NotoSerifJP-Regular.otf", "NotoSansJP-Regular.otf"
FAMILIES = {SERIF: "Noto Serif JP", SANS: "Noto Sans JP"}

# Separators of scripts and directions a Japanese paper has no use for; they draw nothing.
_INVISIBLE = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x200E, 0x2010), *range(0x202A, 0x202F)}
_INVISIBLE |= set(range(0x2066, 0x206A))
_STANDARD_VARIANTS, _IDEOGRAPHIC_VARIANTS = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)


@lru_cache
def _maps(font: str) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """The characters a font draws, and its (character, selector) pairs: the OpenType `cmap`, formats 12 and 14."""
    data = (FONTS / font).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    start = next(
        offset
        for tag, _sum, offset, _length in struct.iter_unpack(">4sIII", data[12 : 12 + 16 * tables])
        if tag == b"cmap"
    )
    (parts,) = struct.unpack_from(">H", data, start + 2)
    characters: set[int] = set()
    variants: set[tuple[int, int]] = set()
    for _platform, _encoding, offset in struct.iter_unpack(">HHI", data[start + 4 : start + 4 + 8 * parts]):
        part = start + offset
        (form,) = struct.unpack_from(">H", data, part)
        if form == 12:
            characters |= _format_12(data, part)
        elif form == 14:
            variants |= _format_14(data, part)
    return frozenset(characters), frozenset(variants)


def _format_12(data: bytes, part: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, part + 12)
    rows = struct.iter_unpack(">III", data[part + 16 : part + 16 + 12 * groups])
    return {code for first, last, _glyph in rows for code in range(first, last + 1)}


def _format_14(data: bytes, part: int) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    (records,) = struct.unpack_from(">I", data, part + 6)
    for record in range(records):
        place = part + 10 + 11 * record
        selector = int.from_bytes(data[place : place + 3])
        usual, other = struct.unpack_from(">II", data, place + 3)
        if usual:
            (count,) = struct.unpack_from(">I", data, part + usual)
            for index in range(count):
                row = part + usual + 4 + 4 * index
                first = int.from_bytes(data[row : row + 3])
                found |= {(code, selector) for code in range(first, first + data[row + 3] + 1)}
        if other:
            (count,) = struct.unpack_from(">I", data, part + other)
            for index in range(count):
                row = part + other + 4 + 5 * index
                found.add((int.from_bytes(data[row : row + 3]), selector))
    return found


def draws(character: str, font: str = SANS) -> bool:
    """Whether the font has a glyph for the character."""
    return ord(character) in _maps(font)[0]


def draws_variant(base: str, selector: str, font: str = SANS) -> bool:
    """Whether the font has this variant of a character (an ideographic variation sequence)."""
    return (ord(base), ord(selector)) in _maps(font)[1]


class Printable:
    """Makes texts printable with one font and remembers what it could not draw as written."""

    def __init__(self, font: str = SANS) -> None:
        self.font = font
        self.missing: dict[str, None] = {}

    def text(self, text: str) -> str:
        """The text with everything that draws no glyph replaced by its visible code point.

        Control characters other than the line feed become a space; selectors of unknown variants go, and their
        character stays in its usual form. What was changed so is in `missing`.
        """
        return "".join(self._pieces(text.replace("\r\n", "\n").replace("\r", "\n")))

    def _pieces(self, text: str) -> list[str]:
        out: list[str] = []
        before = ""
        for character in text:
            out.append(self._piece(before, character))
            before = character
        return out

    def _piece(self, before: str, character: str) -> str:
        code = ord(character)
        if character == "\n":
            return character
        if code in _STANDARD_VARIANTS or code in _IDEOGRAPHIC_VARIANTS:
            if before and draws_variant(before, character, self.font):
                return character
            self.missing[_named(before + character)] = None
            return ""
        if code < 0x20 or 0x7F <= code < 0xA0 or character in "\u2028\u2029":
            return " "
        if code in _INVISIBLE:
            return ""
        if draws(character, self.font):
            return character
        self.missing[_named(character)] = None
        return f"［{_named(character)}］"


def _named(characters: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in characters)
