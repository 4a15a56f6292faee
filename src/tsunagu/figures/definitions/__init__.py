"""One function per figure: what it counts, as of a day. Importing this package fills the catalogue."""

from tsunagu.figures.definitions import activities, labs, not_yet, programme, surveys
from tsunagu.figures.definitions.catalogue import CATALOGUE, Answers, Definition, World

__all__ = [
    "CATALOGUE",
    "Answers",
    "Definition",
    "World",
    "activities",
    "labs",
    "not_yet",
    "programme",
    "surveys",
]
