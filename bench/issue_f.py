"""Numbers of issue F: the matching engine, the dispatch of experts."""

from bench import dispatch, matching
from bench.numbers import Measure

MEASURES: list[Measure] = [matching.measure, dispatch.measure]
