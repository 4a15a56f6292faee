"""File names as people give them: kept for showing, never used as a place on a disk."""

import re
import unicodedata

from tsunagu.engines.uploads.refusal import UploadRefused

LONGEST = 200
# Path separators and what looks like them, control characters, and marks that turn the direction of writing.
FORBIDDEN = re.compile(
    '[\x00-\x1f\x7f/\\\\:*?"<>|\u2044\u2215\uff0f\uff3c\u200e\u200f\u202a-\u202e\u2066-\u2069]'
)
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safe_name(name: str) -> str:
    """The name to show, without folders an old browser may send along. Raises `UploadRefused`."""
    name = unicodedata.normalize("NFC", name.strip())
    plain = name.strip(". ")
    if not plain or len(name) > LONGEST or FORBIDDEN.search(name) or RESERVED.match(name):
        raise UploadRefused("name")
    if "." not in plain:
        raise UploadRefused("kind")
    return name
