"""An edition that takes entries today, and a company 佐賀県's lab works with."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.recommending.models import Company, Edition, Recommendation
from tsunagu.recommending.services import slips
from tsunagu.registry.models import Lab
from tsunagu.sharing.viewer import Viewer

SAGA, FUKUOKA = "410004", "400009"
# Real check digits of numbers nobody in the records has.
NUMBERS = ("1180301018771", "5010401067252")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def edition(db: None, today: date) -> Edition:
    return Edition.objects.create(
        year=2100,
        title="DXセレクション2100",
        opens_on=today - timedelta(days=5),
        closes_on=today + timedelta(days=20),
        routes_with=["self", "lab", "other"],
        routes_without=["lab", "other"],
        pledge_needed=True,
        filing_deadline=today + timedelta(days=60),
        capital_below=1_000_000_000,
        staff_at_most=2_000,
        past_winners_excluded=True,
        source="試験の募集要領",
    )


def company_of(slug: str, number: str = NUMBERS[0], **more: Any) -> Company:
    """A company a lab registers."""
    given: dict[str, Any] = {
        "capital": 30_000_000, "staff": 45, "trade": "making", "industry": "金属加工", "nintei": "none",
        "contact_name": "架空 花子", "contact_email": "hanako@example.invalid",
    }  # fmt: skip
    company = Company(lab=Lab.objects.get(slug=slug), **given | more)
    return slips.save_company(company, name="架空精機株式会社", number=number)


@pytest.fixture
def company(db: None) -> Company:
    return company_of(SAGA)


@pytest.fixture
def office(viewer_of: Callable[..., Viewer]) -> Viewer:
    return viewer_of("lab_office", lab=SAGA)


def recommended(company: Company, edition: Edition, by: Viewer, **more: Any) -> Recommendation:
    """A recommendation whose text is complete."""
    given: dict[str, Any] = {
        "route": "lab", "reasons": "紙の工程表をやめ、納期が半分になった。", "results": "売上が2割増えた。",
        "pledge": "ラボの支援員が毎月2回訪ね、申請を助けます。", "planned_filing_on": timezone.localdate() + timedelta(days=40),
    }  # fmt: skip
    record = Recommendation(company=company, edition=edition, **given | more)
    return slips.save_recommendation(record, by=by)


@pytest.fixture
def recommendation(company: Company, edition: Edition, office: Viewer) -> Recommendation:
    return recommended(company, edition, office)
