"""The typesetter (Typst): one compiler, kept, because reading the fonts costs more than a page."""

import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tsunagu.engines.rendering.glyphs import FONTS

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "templates"
# A compiler holds the state of the page it is at: one at a time.
_one_at_a_time = threading.Lock()


class NotTypeset(ValueError):
    """The page could not be set; the message is the typesetter's."""


@lru_cache
def _compiler(template: str) -> "typst.Compiler":
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=fonts)


def typeset(template: str, data: str, *, made_at: datetime | None = None) -> bytes:
    """The template filled with `data` (JSON) as PDF/UA-1. Raises `NotTypeset`.

    With `made_at`, the moment written into the file (to the second), the same data give the same bytes.
    """
    # Only here: the typesetter takes 8 MB that no page needs.
    import typst

    moment = made_at.replace(microsecond=0) if made_at else None
    with _one_at_a_time:
        try:
            made = _compiler(template).compile(
                format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1", timestamp=moment
            )
        except typst.TypstError as error:
            raise NotTypeset(str(error)) from error
    assert isinstance(made, bytes)
    return made
