"""From records to what the rules ask about, for many experts and requests at once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from tsunagu.engines.dates import fiscal_year, fiscal_year_range
from tsunagu.experts.models import DispatchRequest, Expert, Offer
from tsunagu.experts.rules import Able, Asked, Point
from tsunagu.registry.models import LocalGovernment


def _place(one: LocalGovernment) -> Point:
    return Point(one.lat, one.lon)


def held() -> QuerySet[Offer]:
    """Offers that take an expert's place: agreed, or waiting for an answer of a side that has not said no."""
    return Offer.objects.filter(Q(ended_at=None) | Q(agreed_at__isnull=False)).exclude(
        Q(agreed_at=None) & (Q(of_lab="no") | Q(of_expert="no"))
    )


def able(experts: Iterable[Expert], *, month: date) -> list[Able]:
    """Experts as the rules know them, with what they carry in a month and its fiscal year; six queries for any number."""
    first, last = fiscal_year_range(fiscal_year(month))
    year: Counter[int] = Counter()
    months: Counter[int] = Counter()
    ever: Counter[int] = Counter()
    for expert, wanted, agreed in held().values_list("expert_id", "request__month", "agreed_at"):
        ever[expert] += agreed is not None
        if wanted is not None and first <= wanted <= last:
            year[expert] += 1
            months[expert] += (wanted.year, wanted.month) == (month.year, month.month)
    return [
        Able(
            key=one.pk,
            themes=frozenset(each.code for each in one.themes.all()),
            industries=frozenset(each.code for each in one.industries.all()),
            home=one.home_id,
            place=_place(one.home),
            areas=frozenset(each.lg_code for each in one.areas.all()),
            mode=one.mode,
            away_months=frozenset(one.away_months),
            most_a_year=one.most_a_year,
            most_a_month=one.most_a_month,
            conflicts=frozenset(_names(each.corporate_number, each.pk) for each in one.conflicts.all()),
            load_year=year[one.pk],
            load_month=months[one.pk],
            ever=ever[one.pk],
        )
        for one in experts
    ]


def _names(corporate_number: str, pk: int) -> str:
    """A body by its 法人番号, or by our own number where it has none."""
    return corporate_number or f"organisation:{pk}"


def asked(requests: Iterable[DispatchRequest]) -> list[Asked]:
    """Requests as the rules know them; only those with a theme and a month."""
    found = []
    for one in requests:
        if one.theme is None or one.month is None:
            continue
        region = one.lab.region
        members = [
            _names(each.organisation.corporate_number, each.organisation_id) for each in one.lab.members.all()
        ]
        found.append(
            Asked(
                key=one.pk,
                lab=one.lab_id,
                theme=one.theme.code,
                theme_name=one.theme.name,
                industry=one.industry.code if one.industry else "",
                industry_name=one.industry.name if one.industry else "",
                prefecture=region.prefecture_id,
                place=_place(region.local_government or region.prefecture),
                mode=one.mode,
                month=one.month,
                organisations=frozenset(
                    [*members, *([one.corporate_number] if one.corporate_number else [])]
                ),
                refused=frozenset(each.expert_id for each in one.offers.all() if each.ended_at is not None),
            )
        )
    return found
