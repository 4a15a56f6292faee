"""Numbers of issue E: search, cases, the API."""

from bench import api, search_live, search_quality, search_speed
from bench.numbers import Measure

MEASURES: list[Measure] = [search_quality.measure, search_speed.measure, search_live.measure, api.measure]
