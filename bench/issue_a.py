"""Numbers of issue A: the house stands."""

from bench import browser, bulk, pages, programme, start
from bench.numbers import Measure

MEASURES: list[Measure] = [
    programme.measure,
    pages.measure,
    bulk.measure,
    start.measure,
    browser.measure,
]
