"""Figures about the programme itself: merits and criteria (deck p.5, p.7)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from tsunagu.figures.definitions.catalogue import World, figure
from tsunagu.figures.rules import Computed, Count, Counted
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Criterion, Merit


def statements(found: Iterable[Merit | Criterion], scheme: Scheme) -> Computed:
    return Computed(Count(tuple(Counted(one.label, "about") for one in found if one.scheme == scheme)))


@figure("F39", title=_("地方版IoT推進ラボのメリットの数"), counts=_("選定されたラボが受けられる支援。"))
def iot_merits(world: World) -> Computed:
    return statements(world.merits, Scheme.IOT)


@figure("F40", title=_("地域DX推進ラボのメリットの数"), counts=_("選定されたラボが受けられる支援。"))
def dx_merits(world: World) -> Computed:
    return statements(world.merits, Scheme.DX)


@figure("F41", title=_("地方版IoT推進ラボの審査の視点の数"), counts=_("審査の視点。「その他」を含む。"))
def iot_criteria(world: World) -> Computed:
    return statements(world.criteria, Scheme.IOT)


@figure("F42", title=_("地域DX推進ラボの審査の視点の数"), counts=_("審査の視点。「その他」を含む。"))
def dx_criteria(world: World) -> Computed:
    return statements(world.criteria, Scheme.DX)
