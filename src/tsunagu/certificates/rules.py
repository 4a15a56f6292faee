"""Decisions about certificates and the mark. No database, no request."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.outbox.placeholders import PlaceholderRefused, check_places, places
from tsunagu.registry.kinds import EventKind, Status
from tsunagu.registry.rules import Happening, Span

# Letters and digits nobody takes for another when reading aloud or typing; 31^16 is about 79 bits.
CODE_LETTERS, CODE_LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 16

TEXT_PLACES: dict[str, object] = {
    "name": gettext_lazy("ラボの名称"),
    "region": gettext_lazy("地域の名称"),
    "scheme": gettext_lazy("制度の名称"),
    "round": gettext_lazy("弾の番号"),
    "number": gettext_lazy("文書番号"),
}
NUMBER_PLACES: dict[str, object] = {
    "round": gettext_lazy("弾の番号"),
    "serial": gettext_lazy("通し番号（3桁）"),
}
_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


class State(TextChoices):
    """Whether a paper is the one that counts."""

    VALID = "valid", gettext_lazy("有効")
    SUPERSEDED = "superseded", gettext_lazy("再交付前の版")
    REVOKED = "revoked", gettext_lazy("取り消し")


class Standing(TextChoices):
    """What a paper is worth today: its own state first, then what became of the designation."""

    VALID = "valid", gettext_lazy("有効です")
    DORMANT = "dormant", gettext_lazy("選定は休止中です")
    ENDED = "ended", gettext_lazy("選定は終了しました")
    MOVED = "moved", gettext_lazy("地域DX推進ラボへ移行しました")
    SUPERSEDED = "superseded", gettext_lazy("再交付されたため、この版は使われていません")
    REVOKED = "revoked", gettext_lazy("取り消されました")


_BY_STATUS = {
    Status.SELECTED: Standing.VALID,
    Status.DORMANT: Standing.DORMANT,
    Status.ENDED: Standing.ENDED,
    Status.MOVED: Standing.MOVED,
}


def standing(state: State, status: Status) -> Standing:
    """What a paper in this state says today, when its designation stands so."""
    if state is State.REVOKED:
        return Standing.REVOKED
    if state is State.SUPERSEDED:
        return Standing.SUPERSEDED
    return _BY_STATUS[status]


def check_text(text: str) -> None:
    """Raises `PlaceholderRefused` for a place that does not exist."""
    check_places(text, frozenset(TEXT_PLACES))


def check_number_pattern(pattern: str) -> None:
    """Raises `PlaceholderRefused` for an unknown place, and for a pattern two certificates would share."""
    check_places(pattern, frozenset(NUMBER_PLACES))
    if missing := [name for name in NUMBER_PLACES if name not in places(pattern)]:
        raise PlaceholderRefused(
            _("番号が重ならないように、%(missing)s を入れてください。")
            % {"missing": "、".join(f"{{{{ {name} }}}}" for name in missing)}
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled once; a value that looks like a place stays as it is."""
    return _PLACE.sub(lambda found: values[found[1]], text)


def make_number(pattern: str, *, round_number: int | None, serial: int) -> str:
    """The document number (文書番号), for example 地DX第4-012号."""
    return fill(pattern, {"round": str(round_number or ""), "serial": f"{serial:03}"})


@dataclass(frozen=True)
class MarkRight:
    """From when to when a lab may use the mark; None where it has not begun, is not known or has not ended."""

    starts: date | None
    stops: date | None
    why: str = ""

    def on(self, day: date) -> bool:
        """Whether the mark may be used on a day: from the first day, and no more on the day it stops."""
        return not (self.starts and day < self.starts) and not (self.stops and day >= self.stops)


def mark_right(
    *, selected: Span | None, events: Sequence[Happening], withdrawn: date | None = None, reason: str = ""
) -> MarkRight:
    """The right follows the designation; a withdrawal can end it earlier. A pause (休止) does not touch it."""
    ends = [one.when.latest for one in events if one.kind in {EventKind.ENDED, EventKind.MOVED}]
    end = min(ends, default=None)
    starts = selected.earliest if selected else None
    if withdrawn is not None and (end is None or withdrawn < end):
        return MarkRight(starts, withdrawn, reason)
    return MarkRight(starts, end, _("選定の終了") if end else "")


def years_selected(selected: Span | None, last: date | None) -> str:
    """「2016–2025」: from the year of selection to the year of its end; '' where neither is known."""
    first = ""
    if selected is not None and selected.earliest.year == selected.latest.year:
        first = str(selected.earliest.year)
    if not first and last is None:
        return ""
    return f"{first}–{last.year if last else ''}"
