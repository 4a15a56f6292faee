"""What a computed figure is and how it is held against a published one. Pure."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Counted:
    """One thing that was counted: its name, the kind of page it has, that page's key, and a remark."""

    label: str
    kind: str = ""
    key: str = ""
    note: str = ""


@dataclass(frozen=True)
class Count:
    """What certainly counts by the records, and what may count besides."""

    certain: tuple[Counted, ...] = ()
    possible: tuple[Counted, ...] = ()

    @property
    def low(self) -> int:
        return len(self.certain)

    @property
    def high(self) -> int:
        return self.low + len(self.possible)

    @property
    def is_exact(self) -> bool:
        return not self.possible

    def __str__(self) -> str:
        return str(self.low) if self.is_exact else f"{self.low}〜{self.high}"


@dataclass(frozen=True)
class Computed:
    """A figure computed from the records: numerator, perhaps denominator; or why there is none yet."""

    numerator: Count | None = None
    denominator: Count | None = None
    missing: str = ""

    @property
    def percent(self) -> int | None:
        """The share in whole percent, when both sides are exact."""
        if not (self.numerator and self.denominator and self.denominator.high):
            return None
        if not (self.numerator.is_exact and self.denominator.is_exact):
            return None
        return round(100 * self.numerator.low / self.denominator.low)


def as_text(numerator: object, denominator: object, percent: int | None) -> str:
    """'26 / 72（36%）', as much of it as is known; '—' for nothing."""
    words = [str(one) for one in (numerator, denominator) if one is not None]
    share = f"{percent}%" if percent is not None else ""
    if not words:
        return share or "—"
    return " / ".join(words) + (f"（{share}）" if share else "")


class Verdict(Enum):
    """How the published and the computed figure relate."""

    AGREE = "agree"
    DIFFER = "differ"
    UNKNOWN = "unknown"


def compare(published: int | None, count: Count | None) -> Verdict:
    """Agree or differ only where the records decide it; unknown while the published number is still possible."""
    if published is None or count is None:
        return Verdict.UNKNOWN
    if count.is_exact:
        return Verdict.AGREE if published == count.low else Verdict.DIFFER
    return Verdict.UNKNOWN if count.low <= published <= count.high else Verdict.DIFFER
