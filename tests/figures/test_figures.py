"""The published figures beside the real records."""

import csv
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from tsunagu.figures.definitions import CATALOGUE
from tsunagu.figures.models import PublishedFigure
from tsunagu.figures.rules import Verdict
from tsunagu.figures.selectors import figure_by_code, figures
from tsunagu.registry.models import Designation
from tsunagu.sharing.viewer import PUBLIC

pytestmark = pytest.mark.django_db

AGREE = {
    "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11", "F12", "F13", "F14", "F16", "F17",
    "F18", "F19", "F20", "F21", "F22", "F24", "F39", "F40", "F41",
    "F42",
}  # fmt: skip


def test_every_published_row_is_there_with_a_definition() -> None:
    with (settings.DATA_DIR / "seed_figures.csv").open() as file:
        codes = {row["id"] for row in csv.DictReader(file)}
    assert len(codes) == 42
    assert set(PublishedFigure.objects.values_list("code", flat=True)) == codes == set(CATALOGUE)


def test_verdicts_on_the_real_records() -> None:
    verdicts = {row.published.code: row.verdict for row in figures(PUBLIC)}
    assert {code for code, verdict in verdicts.items() if verdict is Verdict.AGREE} == AGREE
    assert {code for code, verdict in verdicts.items() if verdict is Verdict.DIFFER} == {"F01"}


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [("F01", 109, 109), ("F02", 28, 73), ("F03", 36, 81), ("F15", 29, 74), ("F12", 22, 22), ("F23", 0, 45)],
)
def test_counts_on_the_real_records(code: str, low: int, high: int) -> None:
    row = figure_by_code(PUBLIC, code)
    assert row is not None
    assert row.computed.numerator is not None
    assert (row.computed.numerator.low, row.computed.numerator.high) == (low, high)


def test_a_figure_as_of_another_day() -> None:
    row = figure_by_code(PUBLIC, "F03", as_of=date(2023, 4, 30))
    assert row is not None
    assert row.computed.numerator is not None
    assert row.computed.numerator.low == 31
    assert row.is_other_day


def test_settling_a_scheme_moves_the_bounds() -> None:
    Designation.objects.filter(lab__slug="013455").update(scheme="iot")
    row = figure_by_code(PUBLIC, "F15")
    assert row is not None
    assert row.computed.numerator is not None
    assert (row.computed.numerator.low, row.computed.numerator.high) == (30, 74)


def test_every_counted_record_can_be_opened(client: Any) -> None:
    for row in figures(PUBLIC):
        page = client.get(f"/figures/{row.published.code}/")
        assert page.status_code == 200
        count = row.computed.numerator
        if count:
            assert page.content.decode().count('<td class="number">') >= count.high


def test_a_figure_leads_to_its_labs(client: Any) -> None:
    page = client.get("/figures/F24/").content.decode()
    for slug in ("270008", "020001", "402044", "473111", "382051"):
        assert f'href="/labs/{slug}/"' in page
    assert "011002" not in page


def test_an_unknown_figure_does_not_exist(client: Any) -> None:
    assert client.get("/figures/F99/").status_code == 404
