"""Numbers of issue C: questionnaires, applications, review, certificates."""

from bench import closing_hour, conflicts, issue_c_certificates, roundtrip, selection_pages
from bench.numbers import Measure

MEASURES: list[Measure] = [
    closing_hour.measure,
    selection_pages.measure,
    *issue_c_certificates.MEASURES,
    conflicts.measure,
    roundtrip.measure,
]
