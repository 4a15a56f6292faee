"""One function per figure: what it counts, as of a day. Importing this package fills the catalogue."""

from tsunagu.figures.definitions import activities, labs, not_yet, programme
from tsunagu.figures.definitions.catalogue import CATALOGUE, Definition, World

__all__ = ["CATALOGUE", "Definition", "World", "activities", "labs", "not_yet", "programme"]
