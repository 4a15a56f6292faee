"""The facets of a search."""

from collections.abc import Mapping

# Each with how many values of it most documents have at most.
COUNTED: Mapping[str, int] = {
    "kind": 1, "field": 1, "industry": 1, "stage": 1, "technology": 3, "bureau": 1, "prefecture": 1, "year": 1, "scheme": 1,
}  # fmt: skip
# Of what has no end of values, the most frequent are offered.
MOST_OFFERED = {"technology": 20}
