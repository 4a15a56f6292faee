"""When an award may be entered, judged and announced. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Phase(TextChoices):
    """Where an award stands."""

    COMING = "coming", gettext_lazy("募集の前")
    OPEN = "open", gettext_lazy("募集中")
    JUDGING = "judging", gettext_lazy("審査中")
    ANNOUNCED = "announced", gettext_lazy("発表済み")


class NotAllowed(Exception):
    """The act is not possible now; the text says why and what to do."""


def phase(now: datetime, *, opens_at: datetime, closes_at: datetime, announced_at: datetime | None) -> Phase:
    """Where an award stands at a moment; the closing second still counts."""
    if announced_at is not None and announced_at <= now:
        return Phase.ANNOUNCED
    if now < opens_at:
        return Phase.COMING
    return Phase.OPEN if now <= closes_at else Phase.JUDGING


def story_of(answers: Mapping[str, Any], actuals: Iterable[str] = ()) -> str:
    """The text an entry begins with: what a report says of the year, its highlights and its indicators."""
    parts = [str(answers.get("results") or "").strip()]
    highlights = [
        one for one in answers.get("highlights") or [] if isinstance(one, dict) and one.get("title")
    ]
    if highlights:
        lines = [
            f"・{one['title']}" + (f"（{one['outcome']}）" if one.get("outcome") else "")
            for one in highlights
        ]
        parts.append(_("主な活動:") + "\n" + "\n".join(lines))
    counted = [one for one in answers.get("activities") or [] if isinstance(one, dict) and one.get("count")]
    if counted:
        lines = [_("%(kind)s %(count)s件") % {"kind": one["kind"], "count": one["count"]} for one in counted]
        parts.append(_("1年の活動: ") + "、".join(lines))
    if listed := list(actuals):
        parts.append(_("指標の実績:") + "\n" + "\n".join(f"・{one}" for one in listed))
    return "\n\n".join(one for one in parts if one)


def title_of(answers: Mapping[str, Any], fallback: str) -> str:
    """The first highlight's title, or the fallback."""
    for one in answers.get("highlights") or []:
        if isinstance(one, dict) and one.get("title"):
            return str(one["title"])[:100]
    return fallback[:100]
