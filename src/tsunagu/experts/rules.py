"""How well an expert fits a request, in words. Pure: what is known of both goes in, a score with its reasons comes out."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

SCORE = 1_000_000
# Parts of the score in millionths; together they make one.
THEME, INDUSTRY, PLACE, MEETING, ROOM, NEW = 400_000, 150_000, 150_000, 100_000, 150_000, 50_000
NEAR, FAR = 50.0, 800.0
# A lab's first dispatch of the year comes before any sum of scores it could cost.
FIRST_OF_A_LAB = 1_000_000
# 1都3県, where experts are concentrated (deck p.17).
CAPITAL = frozenset({"110001", "120006", "130001", "140007"})
FOLLOW_UP_MONTHS = (3, 6, 12)
EARTH = 6371.0


class NotAllowed(ValueError):
    """Something cannot be done now; the text says why."""


@dataclass(frozen=True)
class Point:
    """A place on the map, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Able:
    """What is known of an expert. `load_year` and `load_month`: what they have agreed to."""

    key: int
    themes: frozenset[str]
    industries: frozenset[str]
    home: str
    place: Point
    areas: frozenset[str]
    mode: str
    away_months: frozenset[int]
    most_a_year: int
    most_a_month: int
    conflicts: frozenset[str]
    load_year: int = 0
    load_month: int = 0
    ever: int = 0


@dataclass(frozen=True)
class Asked:
    """What is known of a request. `organisations`: 法人番号 and ids of those it concerns."""

    key: int
    lab: int
    theme: str
    theme_name: str
    industry: str
    industry_name: str
    prefecture: str
    place: Point
    mode: str
    month: date
    organisations: frozenset[str]
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Fit:
    """A score with why; `barred` says by which rule the two may not be matched at all."""

    score: int
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    barred: str = ""
    km: int | None = None


@lru_cache(maxsize=50_000)
def distance(one: Point, other: Point) -> float:
    """Kilometres along the earth. Remembered: a month's requests and experts stand in few places."""
    a, b = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(half))


# How they would meet: what the expert offers, what is asked.
MEETING_OF = {
    ("online", "online"): "online", ("online", "either"): "online", ("either", "online"): "online",
    ("onsite", "onsite"): "onsite", ("onsite", "either"): "onsite", ("either", "onsite"): "onsite",
    ("either", "either"): "onsite",
}  # fmt: skip


def meets(expert: str, asked: str) -> str:
    """How they would meet: 'online', 'onsite', or '' where it cannot be."""
    return MEETING_OF.get((expert, asked), "")


# By which rules two may not be matched at all.
BARS = {
    "conflict": _lazy("利害関係がある"),
    "refused": _lazy("この依頼を一度断っている"),
    "mode": _lazy("会い方が合わない"),
    "area": _lazy("訪問できる地域ではない"),
    "away": _lazy("その月は引き受けられない"),
    "year": _lazy("1年の上限に達している"),
    "month": _lazy("その月の上限に達している"),
}


def bar(expert: Able, asked: Asked) -> str:
    """The rule of `BARS` by which the two may not be matched; '' when they may."""
    if expert.conflicts and not expert.conflicts.isdisjoint(asked.organisations):
        return "conflict"
    if expert.key in asked.refused:
        return "refused"
    how = meets(expert.mode, asked.mode)
    if not how:
        return "mode"
    if how == "onsite" and asked.mode == "onsite" and expert.areas and asked.prefecture not in expert.areas:
        return "area"
    if asked.month.month in expert.away_months:
        return "away"
    if expert.load_year >= expert.most_a_year:
        return "year"
    if expert.load_month >= expert.most_a_month:
        return "month"
    return ""


def barred(expert: Able, asked: Asked) -> str:
    """The same in words."""
    rule = bar(expert, asked)
    return str(BARS[rule]) if rule else ""


def worth(expert: Able, asked: Asked) -> int:
    """How well two that may be matched fit, in millionths; without the words, for many pairs at once."""
    score = THEME if asked.theme in expert.themes else 0
    if not asked.industry:
        score += INDUSTRY // 2
    elif asked.industry in expert.industries:
        score += INDUSTRY
    score += MEETING
    if meets(expert.mode, asked.mode) == "online":
        score += PLACE // 2
    elif expert.home == asked.prefecture:
        score += PLACE
    else:
        km = distance(expert.place, asked.place)
        score += int(PLACE * (1 - min(1.0, max(0.0, (km - NEAR) / (FAR - NEAR)))))
    score += int(ROOM * (1 - expert.load_year / max(1, expert.most_a_year)))
    return score if expert.ever else score + NEW


def fit(expert: Able, asked: Asked) -> Fit:
    """How well they fit: what speaks for it in words, and what is missing."""
    if rule := barred(expert, asked):
        return Fit(0, barred=rule)
    reasons, missing = [], []
    if asked.theme in expert.themes:
        reasons.append(_("テーマが合う（%(name)s）") % {"name": asked.theme_name})
    else:
        missing.append(_("テーマ「%(name)s」は登録していない") % {"name": asked.theme_name})
    if asked.industry and asked.industry in expert.industries:
        reasons.append(_("業種の経験がある（%(name)s）") % {"name": asked.industry_name})
    elif asked.industry:
        missing.append(_("業種「%(name)s」の経験は登録していない") % {"name": asked.industry_name})
    km = distance(expert.place, asked.place)
    if meets(expert.mode, asked.mode) == "online":
        reasons.append(_("オンラインで会える"))
    elif expert.home == asked.prefecture:
        reasons.append(_("同じ都道府県にいる"))
    else:
        reasons.append(_("訪問できる（直線で約%(km)d km）") % {"km": round(km, -1)})
    reasons.append(
        _("今年度は%(most)d件のうち%(now)d件") % {"most": expert.most_a_year, "now": expert.load_year}
    )
    if not expert.ever:
        reasons.append(_("まだ派遣の機会がない"))
    return Fit(worth(expert, asked), tuple(reasons), tuple(missing), km=round(km))


def shortlist(experts: Collection[Able], asked: Asked, most: int = 8) -> list[tuple[Able, Fit]]:
    """Those who may be matched, the best first; equals by who has had the fewest chances."""
    open_ = [(one, worth(one, asked)) for one in experts if not bar(one, asked)]
    best = sorted(open_, key=lambda pair: (-pair[1], pair[0].ever, pair[0].key))[:most]
    return [(one, fit(one, asked)) for one, _score in best]
