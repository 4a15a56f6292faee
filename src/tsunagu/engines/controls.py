"""Characters that nobody sees and that control a terminal or turn the direction of what follows (CWE-150).

Word processors leave some in what is pasted; neither a feed nor a page can show them.
"""

import re

_NEVER = r"\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
# As parts of a class of a pattern. Between lines, tabs and ends of lines may stand; within a line, they may not.
BETWEEN_LINES = rf"\x00-\x08\x0b\x0c{_NEVER}"
IN_A_LINE = rf"\x00-\x0d{_NEVER}"
CONTROL = re.compile(f"[{BETWEEN_LINES}]")


def spaced(text: str) -> str:
    """A text with a space for each of them."""
    return CONTROL.sub(" ", text)
