"""How well an expert fits a request, in words. Pure: what is known of both goes in, a score with its reasons comes out."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

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


def distance(one: Point, other: Point) -> float:
    """Kilometres along the earth."""
    a, b = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH * math.asin(math.sqrt(half))


def meets(expert: str, asked: str) -> str:
    """How they would meet: 'online', 'onsite', or '' where it cannot be."""
    wanted = {"online", "onsite"} if asked == "either" else {asked}
    offered = {"online", "onsite"} if expert == "either" else {expert}
    both = wanted & offered
    return "onsite" if "onsite" in both else "online" if both else ""


def barred(expert: Able, asked: Asked) -> str:
    """By which rule the two may not be matched; '' when they may."""
    if expert.conflicts & asked.organisations:
        return _("利害関係がある")
    if expert.key in asked.refused:
        return _("この依頼を一度断っている")
    how = meets(expert.mode, asked.mode)
    if not how:
        return _("会い方が合わない")
    if how == "onsite" and asked.mode == "onsite" and expert.areas and asked.prefecture not in expert.areas:
        return _("訪問できる地域ではない")
    if asked.month.month in expert.away_months:
        return _("その月は引き受けられない")
    if expert.load_year >= expert.most_a_year:
        return _("1年の上限に達している")
    if expert.load_month >= expert.most_a_month:
        return _("その月の上限に達している")
    return ""


def fit(expert: Able, asked: Asked) -> Fit:
    """How well they fit: what speaks for it in words, and what is missing."""
    if rule := barred(expert, asked):
        return Fit(0, barred=rule)
    score, reasons, missing = 0, [], []
    if asked.theme in expert.themes:
        score += THEME
        reasons.append(_("テーマが合う（%(name)s）") % {"name": asked.theme_name})
    else:
        missing.append(_("テーマ「%(name)s」は登録していない") % {"name": asked.theme_name})
    if asked.industry and asked.industry in expert.industries:
        score += INDUSTRY
        reasons.append(_("業種の経験がある（%(name)s）") % {"name": asked.industry_name})
    elif asked.industry:
        missing.append(_("業種「%(name)s」の経験は登録していない") % {"name": asked.industry_name})
    else:
        score += INDUSTRY // 2
    km = distance(expert.place, asked.place)
    how = meets(expert.mode, asked.mode)
    score += _of_place(expert, asked, km, how, reasons)
    room = 1 - expert.load_year / max(1, expert.most_a_year)
    score += int(ROOM * room)
    reasons.append(
        _("今年度は%(most)d件のうち%(now)d件") % {"most": expert.most_a_year, "now": expert.load_year}
    )
    if not expert.ever:
        score += NEW
        reasons.append(_("まだ派遣の機会がない"))
    return Fit(score, tuple(reasons), tuple(missing), km=round(km))


def _of_place(expert: Able, asked: Asked, km: float, how: str, reasons: list[str]) -> int:
    """The part of the score for where they are and how they meet."""
    if how == "online":
        reasons.append(_("オンラインで会える"))
        return PLACE // 2 + MEETING
    nearness = 1 - min(1.0, max(0.0, (km - NEAR) / (FAR - NEAR)))
    if expert.home == asked.prefecture:
        reasons.append(_("同じ都道府県にいる"))
        nearness = 1.0
    else:
        reasons.append(_("訪問できる（直線で約%(km)d km）") % {"km": round(km, -1)})
    return int(PLACE * nearness) + MEETING


def shortlist(experts: Collection[Able], asked: Asked, most: int = 8) -> list[tuple[Able, Fit]]:
    """Those who may be matched, the best first; equals by who has had the fewest chances."""
    found = [(one, fit(one, asked)) for one in experts]
    open_ = [(one, its) for one, its in found if not its.barred]
    return sorted(open_, key=lambda pair: (-pair[1].score, pair[0].ever, pair[0].key))[:most]
