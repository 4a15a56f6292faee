"""Loading the published figures the product ships."""

from pathlib import Path

from django.db import transaction

from tsunagu.engines.dates import PartialDate
from tsunagu.figures.models import PublishedFigure
from tsunagu.registry.loading import read_csv

DECK = "地域DX推進ラボの在り方等に関する検討会 第3回 事務局説明資料（経済産業省、2025年2月26日）"


def _number(text: str) -> int | None:
    return int(text) if text else None


@transaction.atomic
def load_published_figures(data: Path) -> int:
    """Every row of `seed_figures.csv`, with what it measures; returns how many."""
    rows = list(read_csv(data / "seed_figures.csv"))
    for row in rows:
        PublishedFigure.objects.update_or_create(
            code=row["id"],
            defaults={
                "section": row["section"],
                "statement": row["statement"],
                "numerator": _number(row["numerator"]),
                "denominator": _number(row["denominator"]),
                "percent": _number(row["percent"]),
                "as_of": PartialDate.from_iso(row["as_of"]),
                "source": DECK,
            },
        )
    known = {one.code: one for one in PublishedFigure.objects.all()}
    for row in read_csv(data / "figure_measures.csv"):
        figure = known[row["id"]]
        figure.measure, figure.partition = row["measure"], row["partition"]
        figure.part_of = known.get(row["part_of"])
        figure.save()
    return len(rows)
