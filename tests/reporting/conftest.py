"""A lab that has logged a year and is asked for its report."""

from dataclasses import dataclass
from typing import Any

import pytest
from bench.report_world import fill_report, log_year, open_year, plan_indicators


@dataclass
class World:
    """The lab, its office, the secretariat, and the report of 2025."""

    lab: Any
    office: Any
    ipa: Any
    office_person: Any
    ipa_person: Any
    report: Any

    def fresh(self) -> Any:
        from tsunagu.reporting.models import Report

        return Report.objects.select_related("year__form", "lab__region__bureau", "sheet").get(
            pk=self.report.pk
        )

    def submit(self, **more: Any) -> Any:
        """The report started, filled in and sent."""
        from tsunagu.reporting.services import writing

        writing.start_report(report=self.fresh(), by=self.office)
        fill_report(self.fresh(), self.office, **more)
        return writing.submit_report(report=self.fresh(), by=self.office)


@pytest.fixture
def world(person_of: Any, settings: Any) -> World:
    from django.utils import timezone

    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.registry.models import Lab
    from tsunagu.reporting.models import Report

    office_person, ipa_person = person_of("lab_office"), person_of("ipa")
    today = timezone.localdate()
    office, ipa = viewer_for(office_person, on=today), viewer_for(ipa_person, on=today)
    lab = Lab.objects.select_related("region__bureau").get(slug="410004")
    log_year(lab, office, 2025)
    plan_indicators(lab, 2025)
    open_year(2025)
    report = Report.objects.get(lab=lab, year__fiscal_year=2025)
    return World(lab, office, ipa, office_person, ipa_person, report)
