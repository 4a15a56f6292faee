"""Facets as columns of an index.

Counting reads a column from end to end. It does so several times as fast where every document has exactly one value in it:
documents without a value get an empty one, and a facet with several values for most documents is also spread over columns
that hold its first, second … value.
"""

from collections.abc import Mapping, Sequence

# Values are text: without this mark one that looks like a date would be kept as one.
AS_TEXT = "="
NOTHING = ""


def columns_of(name: str, counted: Mapping[str, int]) -> list[str]:
    """The columns that together hold each value of a facet once; `counted`: over how many a facet is spread."""
    width = counted.get(name, 1)
    return [name] if width == 1 else [*(f"{name}#{at}" for at in range(width)), f"{name}#more"]


def spread(facets: Mapping[str, Sequence[str]], counted: Mapping[str, int]) -> dict[str, list[str]]:
    """A document's values by column: all of a facet in one of its name, and those that are spread once more."""
    found = {name: list(map(kept, dict.fromkeys(values))) for name, values in facets.items()}
    for name, width in counted.items():
        values = found.get(name) or [NOTHING]
        found[name] = values
        if width > 1:
            *columns, more = columns_of(name, counted)
            padded = values + [NOTHING] * width
            found |= {column: [value] for column, value in zip(columns, padded, strict=False)}
            if len(values) > width:
                found[more] = values[width:]
    return found


def kept(value: str) -> str:
    """A value as a column holds it."""
    return f"{AS_TEXT}{value}"


def value_of(held: str) -> str:
    """The value that a column holds."""
    return held.removeprefix(AS_TEXT)
