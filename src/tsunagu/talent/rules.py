"""What the programme decides, without a database: retention, the words of consent, stalls, the three points, how well two fit."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

SCORE = 1_000_000
# Parts of a score in millionths; together they make one. What both sides wish weighs more than what we know of them.
WISH_COMPANY, WISH_TALENT, SKILLS, PLACE, ROOM = 300_000, 300_000, 250_000, 100_000, 50_000
RANKS = 5
# Somebody who never finishes registering is forgotten after so many days.
UNFINISHED_DAYS = 30
WARN_DAYS = 30
LATE_DAYS = 7
# So long before the final report the last questions are asked.
END_LEAD = timedelta(days=14)
MONTH = 30.44


class NotAllowed(ValueError):
    """Something cannot be done now; the text says why and what to do."""


def default_purpose() -> str:
    """The purpose an edition begins with; the secretariat may narrow it."""
    return _(
        "ふるさとCo-LEADプログラムの組み合わせ、伴走、アンケート、最終報告のための連絡と記録にだけ使います。"
        "ほかの目的には使わず、参加者のほかには渡しません。"
    )


def consent_words(*, edition: str, purpose: str, keep_months: int) -> str:
    """The words somebody agrees to; kept as they were shown."""
    return _(
        "「%(edition)s」に参加するため、氏名・メールアドレス・登録した内容を預かります。\n"
        "使う目的: %(purpose)s\n"
        "見る人: 制度の事務局、この回のコーディネーター。氏名とメールアドレスは、あなたと相手の両方が同意したときだけ、その相手に見えます。\n"
        "持つ期間: 最終報告会のあと%(months)dか月。過ぎると自動で消えます。登録を終えなかったときは%(days)d日で消えます。\n"
        "いつでも、自分のページで内容を直し、消すことができます。"
    ) % {"edition": edition, "purpose": purpose, "months": keep_months, "days": UNFINISHED_DAYS}


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def keep_until(*, agreed_on: date, reports_on: date | None, keep_months: int) -> date:
    """Until when data may be kept: so many months after the final report, or after the consent while no day is set."""
    return months_after(max(reports_on or agreed_on, agreed_on), keep_months)


def words_digest(words: object) -> str:
    """The hash of what somebody said yes to."""
    return hashlib.sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def monday_of(day: date) -> date:
    """The week a day lies in, by its Monday."""
    return day - timedelta(days=day.weekday())


def stalls(
    *,
    today: date,
    began_on: date,
    last_note: date | None,
    is_stuck: bool,
    late: Collection[str],
    stall_days: int,
) -> list[str]:
    """Why a running team needs somebody to call; empty when it goes well. `late`: milestones overdue by a week."""
    found = []
    quiet = (today - (last_note or began_on)).days
    if quiet >= stall_days:
        found.append(_("%(days)d日、週の記録がありません。") % {"days": quiet})
    if is_stuck:
        found.append(_("「止まっている。相談したい」と書かれています。"))
    found += [_("「%(title)s」が予定より遅れています。") % {"title": title} for title in late]
    return found


def is_late(due_on: date | None, done_on: date | None, today: date) -> bool:
    """Whether a milestone is overdue by more than a week."""
    return done_on is None and due_on is not None and (today - due_on).days > LATE_DAYS


def points_due(*, today: date, starts_on: date | None, reports_on: date | None) -> list[str]:
    """Which of the three points have come: at the start, half way, and two weeks before the final report."""
    if starts_on is None or today < starts_on:
        return []
    found = ["start"]
    if reports_on is not None and reports_on > starts_on:
        if today >= starts_on + (reports_on - starts_on) / 2:
            found.append("middle")
        if today >= max(starts_on, reports_on - END_LEAD):
            found.append("end")
    return found


@dataclass(frozen=True)
class Wanted:
    """What is known of a brief."""

    key: int
    needs: frozenset[str]
    hours: int
    prefecture: str
    mode: str


@dataclass(frozen=True)
class Bringing:
    """What is known of a talent in an edition; `hours` and `places` are what is left beside teams that run."""

    key: int
    skills: frozenset[str]
    hours: int
    places: int
    home: str
    mode: str


@dataclass(frozen=True)
class Fit:
    """A score with why; `barred` says by which rule the two cannot work together."""

    score: int
    reasons: tuple[str, ...] = ()
    barred: str = ""


def barred(wanted: Wanted, one: Bringing) -> str:
    """By which rule they cannot work together; '' when they can."""
    if {wanted.mode, one.mode} == {"online", "onsite"}:
        return _("働き方が合わない")
    if one.places < 1:
        return _("同時に引き受ける会社の数に達している")
    if one.hours < wanted.hours:
        return _("使える時間が足りない（月%(has)d時間、要るのは%(needs)d時間）") % {
            "has": one.hours, "needs": wanted.hours,
        }  # fmt: skip
    if not one.skills & wanted.needs:
        return _("要る技能を持っていない")
    return ""


def fit(wanted: Wanted, one: Bringing, *, company_rank: int | None, talent_rank: int | None) -> Fit:
    """How well a brief and a talent who both wish it fit."""
    if rule := barred(wanted, one):
        return Fit(0, barred=rule)
    brought = len(one.skills & wanted.needs)
    reasons = [
        _rank_words(_("会社"), company_rank),
        _rank_words(_("人材"), talent_rank),
        _("要る技能%(all)dのうち%(n)dを持つ") % {"all": len(wanted.needs), "n": brought},
    ]
    score = _wish(WISH_COMPANY, company_rank) + _wish(WISH_TALENT, talent_rank)
    score += SKILLS * brought // max(1, len(wanted.needs))
    if wanted.prefecture == one.home:
        score += PLACE
        reasons.append(_("同じ都道府県にいる"))
    elif "onsite" not in {wanted.mode, one.mode}:
        score += PLACE
        reasons.append(_("オンラインで働ける"))
    else:
        score += PLACE // 2
        reasons.append(_("訪問して働く（別の都道府県）"))
    score += ROOM * min(one.hours - wanted.hours, wanted.hours) // max(1, wanted.hours)
    return Fit(score, tuple(reasons))


def _wish(weight: int, rank: int | None) -> int:
    """Half for no order given; from all for the first wish down to the same half for the fifth and later."""
    if rank is None:
        return weight // 2
    return weight - (weight // 2) * (min(rank, RANKS) - 1) // (RANKS - 1)


def _rank_words(who: str, rank: int | None) -> str:
    if rank is None:
        return _("%(who)sの希望（順位なし）") % {"who": who}
    return _("%(who)sの%(rank)d番目の希望") % {"who": who, "rank": rank}


def check_ranks(ranks: Sequence[int | None]) -> None:
    """An order names each place once. Raises `NotAllowed`."""
    given = [one for one in ranks if one is not None]
    twice = sorted({one for one in given if given.count(one) > 1})
    if twice:
        raise NotAllowed(_("%(rank)d番目が2つあります。順位は1つずつつけてください。") % {"rank": twice[0]})
