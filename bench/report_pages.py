"""Pages of a report, of the board and of the lab's log: time and statements. `python -m bench.report_pages`."""

import statistics
import time
from collections.abc import Iterator

from bench.numbers import Number, at_most
from bench.place import set_up

RUNS = 30


def measure() -> Iterator[Number]:
    """The slowest page's 95th percentile, by Django's own client in this process."""
    set_up()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from bench.report_browser import YEAR, prepare
    from tsunagu.accounts.models import Person
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import invite_person
    from tsunagu.reporting.models import Report
    from tsunagu.reporting.services import writing

    settings.TSUNAGU_REQUIRE_TWO_STEPS = False
    report = Report.objects.filter(lab__slug="410004", year__fiscal_year=YEAR).first() or prepare()[0]
    office = Person.objects.get(email="bench-saga@example.invalid")
    if report.state == "expected":
        from django.utils import timezone

        writing.start_report(report=report, by=viewer_for(office, on=timezone.localdate()))
        report.refresh_from_db()
    assert report.sheet is not None
    lab, staff = Client(), Client()
    lab.force_login(office)
    staff.force_login(invite_person(email="bench-ipa-2@example.invalid", name="測定", role="ipa"))
    key = report.sheet.key
    pages = [
        (lab, reverse("reporting:report", args=[report.pk])), (lab, reverse("answers:tasks", args=[key])), (lab, reverse("answers:check", args=[key])),
        (lab, reverse("activities:lab", args=["410004"]) + f"?year={YEAR}"), (lab, reverse("activities:new", args=["410004"])),
        (staff, reverse("reports_office:board")), (staff, reverse("reports_office:report", args=[report.pk])), (staff, reverse("statistics:table")),
        (staff, reverse("activities:policies")), (Client(), reverse("portal:lab", args=["410004"])), (Client(), reverse("reports:reports")),
        *[(lab, reverse("answers:section", args=[key, one.key])) for one in report.sheet.definition.sections],
    ]  # fmt: skip
    worst, most, slowest = 0.0, 0, ""
    for client, address in pages:
        for _warm in range(2):
            assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        most = max(most, len(queries))
        times = []
        for _run in range(RUNS):
            started = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - started) * 1000)
        p95 = statistics.quantiles(times, n=20)[-1]
        if p95 > worst:
            worst, slowest = p95, address
    yield at_most(
        "report.slowest_page", round(worst), 200, "ms", f"p95, {slowest}, at most {most} statements"
    )


if __name__ == "__main__":
    for one in measure():
        print(one.line(), flush=True)
