"""Figures about what DX labs do (deck p.13), from the log of activities."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from tsunagu.activities.models import KindGroup
from tsunagu.figures.definitions.catalogue import World, figure
from tsunagu.figures.definitions.labs import counted_lab, labs_in_force
from tsunagu.figures.rules import Computed, Count
from tsunagu.registry.kinds import Scheme

NOTHING_LOGGED = _("この日までの1年に、公開された活動の記録がありません。")


def _doing(group: str) -> Callable[[World], Computed]:
    def compute(world: World) -> Computed:
        """DX labs with at least one activity of the group in the year up to the day; labs of unresolved scheme may be."""
        doing = world.labs_doing(group)
        if doing is None:
            return Computed(missing=str(NOTHING_LOGGED))
        everyone = labs_in_force(world, Scheme.DX)
        active = {lab.slug: counted_lab(lab) for lab in world.register.labs if lab.pk in doing}
        return Computed(
            Count(
                tuple(one for one in everyone.certain if one.key in active),
                tuple(one for one in everyone.possible if one.key in active),
            ),
            everyone,
        )

    return compute


for _code, _title, _group in (
    ("F29", _("産学官金プロジェクトを行うラボ"), KindGroup.PROJECT),
    ("F30", _("セミナー・窓口・伴走を行うラボ"), KindGroup.SUPPORT),
    ("F31", _("補助金による支援を行うラボ"), KindGroup.SUBSIDY),
    ("F32", _("横展開・マッチングを行うラボ"), KindGroup.HUB),
):
    figure(
        _code,
        title=_title,
        counts=_("地域DX推進ラボのうち、この日までの1年に、この種類の活動を1件以上記録したもの。"),
        denominator=_("地域DX推進ラボ"),
    )(_doing(_group))
