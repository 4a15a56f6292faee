"""Counting characters: the one rule that the server, the page's script and the Excel sheet share."""

import re
import unicodedata

# A variation selector says how the character before it is drawn (葛󠄀): for a person that is one character.
_NOT_COUNTED = re.compile("[\r\n\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def count_characters(text: str) -> int:
    """How many characters a person sees: full and half width count one each, line breaks and variation selectors none."""
    return len(_NOT_COUNTED.sub("", unicodedata.normalize("NFC", text)))


def plain_lines(text: str) -> str:
    """A text with one kind of line break, as it is kept; browsers send another kind than people paste."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
