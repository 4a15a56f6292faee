"""The text under review, which only the room above knows: asked for after the question of conflicts was answered."""

from collections.abc import Callable
from dataclasses import dataclass

from tsunagu.reviewing.models import ReviewCase
from tsunagu.sharing.viewer import Viewer


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with the criteria it speaks to; `changed` since it was read before, with the text `before`."""

    label: str
    text: str
    criteria: tuple[str, ...] = ()
    anchor: str = ""
    changed: bool = False
    before: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the text under one title."""

    title: str
    paragraphs: tuple[Paragraph, ...] = ()


READINGS: dict[str, Callable[[ReviewCase, Viewer], list[Section]]] = {}


def text_of(case: ReviewCase, viewer: Viewer) -> list[Section]:
    """The text of a case; nothing when no room knows it any more."""
    reader = READINGS.get(case.subject.partition(":")[0])
    return reader(case, viewer) if reader else []
