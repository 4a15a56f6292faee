"""How big a company is in law (中小・中堅), for information: an edition's own numbers decide. Pure."""

from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class Trade(TextChoices):
    """The four kinds of trade of 中小企業基本法 第2条第1項."""

    MAKING = "making", gettext_lazy("製造業・建設業・運輸業・その他")
    WHOLESALE = "wholesale", gettext_lazy("卸売業")
    SERVICE = "service", gettext_lazy("サービス業")
    RETAIL = "retail", gettext_lazy("小売業")


class Size(Enum):
    """中小 or 中堅, as the laws draw the line; the label is what people read."""

    SMALL = gettext_lazy("中小企業")
    MIDDLE = gettext_lazy("中堅企業")
    LARGE = gettext_lazy("中堅企業より大きい")
    UNKNOWN = gettext_lazy("未確認")


# 中小企業基本法 第2条第1項: capital at most (yen), or staff at most.
SMALL_LIMITS = {
    Trade.MAKING: (300_000_000, 300),
    Trade.WHOLESALE: (100_000_000, 100),
    Trade.SERVICE: (50_000_000, 100),
    Trade.RETAIL: (50_000_000, 50),
}
# 産業競争力強化法 (as amended in 2024): a 中堅企業者 has at most 2,000 staff and is no 中小企業者.
MIDDLE_STAFF = 2_000


def size_of(*, capital: int | None, staff: int | None, trade: str) -> Size:
    """The size of a company in law; unknown where a number that decides it is missing."""
    if not trade:
        return Size.UNKNOWN
    most_capital, most_staff = SMALL_LIMITS[Trade(trade)]
    if (capital is not None and capital <= most_capital) or (staff is not None and staff <= most_staff):
        return Size.SMALL
    if capital is None or staff is None:
        return Size.UNKNOWN
    return Size.MIDDLE if staff <= MIDDLE_STAFF else Size.LARGE
