"""Numbers of issue D: the log of activities, reports."""

from bench import activities, report_browser, report_pages
from bench.numbers import Measure

MEASURES: list[Measure] = [report_browser.measure, activities.measure, report_pages.measure]
