"""Loading the editions the product ships (`data/dx_selection_editions.csv`); blank means not found."""

from datetime import date

from tsunagu.recommending.models import Edition

TRUTH = {"yes": True, "no": False, "": None}


def load_editions(rows: list[dict[str, str]]) -> None:
    """Every shipped edition; one that is known stays as people keep it."""
    for row in rows:
        Edition.objects.get_or_create(
            year=int(row["year"]),
            defaults={
                "title": row["title"],
                "lab_scheme": row["lab_scheme"],
                "source": row["source"],
                "note": row["note"],
                **{key: _day(row[key]) for key in ("opens_on", "closes_on", "filing_deadline")},
                **{key: _routes(row[key]) for key in ("routes_with", "routes_without")},
                **{key: _number(row[key]) for key in ("capital_below", "staff_at_most")},
                **{key: TRUTH[row[key]] for key in ("pledge_needed", "past_winners_excluded")},
            },
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _routes(text: str) -> list[str] | None:
    return text.split(";") if text else None


def _number(text: str) -> int | None:
    return int(text) if text else None
