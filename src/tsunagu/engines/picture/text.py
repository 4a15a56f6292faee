"""How much room a text takes in a picture, estimated without a font."""

from unicodedata import east_asian_width

FULL = 1.0
HALF = 0.58


def _advance(character: str) -> float:
    return FULL if east_asian_width(character) in "WFA" else HALF


def width_of(text: str, size: float) -> float:
    """The width of a line in units of the picture; a little too wide rather than too narrow."""
    return sum(map(_advance, text)) * size


def wrapped(text: str, room: float, size: float) -> tuple[str, ...]:
    """The text in lines that fit into `room`: broken at blanks, and between Japanese characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line.strip() and width_of((line + piece).rstrip(), size) > room:
            lines.append(line.strip())
            line = ""
        line += piece
    return (*lines, line.strip())


def _pieces(text: str) -> list[str]:
    """What may not be broken: a Latin word with the blank after it, or one wide character."""
    pieces: list[str] = []
    for character in text:
        may_follow = pieces and _advance(character) == HALF and _advance(pieces[-1][-1]) == HALF
        if may_follow and not pieces[-1].endswith(" "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
