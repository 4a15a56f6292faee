"""Figures about regions, labs, rounds and categories (deck p.10–12, p.17)."""

from collections.abc import Callable, Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tsunagu.figures.definitions.catalogue import World, figure
from tsunagu.figures.rules import Computed, Count, Counted
from tsunagu.registry.kinds import Category, Scheme, Status
from tsunagu.registry.records import LabRecord
from tsunagu.registry.rules import Certainty, span_of

LAB_UNRESOLVED = _("制度が未確認")
DATE_UNKNOWN = _("この日までに選定されたか未確認")


def counted_lab(lab: LabRecord, note: object = "") -> Counted:
    return Counted(lab.name, "lab", lab.slug, str(note))


def regions_of(labs: Iterable[LabRecord]) -> Count:
    """Regions, each once however many labs it hosts."""
    certain: dict[str, Counted] = {}
    possible: dict[str, Counted] = {}
    for lab in labs:
        (certain if lab.is_certain else possible).setdefault(lab.region_code, counted_lab(lab))
    maybe = [
        Counted(one.label, one.kind, one.key, str(DATE_UNKNOWN))
        for code, one in possible.items()
        if code not in certain
    ]
    return Count(tuple(certain.values()), tuple(maybe))


def all_regions(world: World) -> Count:
    """Every region ever selected by the day."""
    return world.once("regions", lambda: regions_of(world.register.labs))


def labs_in_force(world: World, scheme: Scheme) -> Count:
    """Labs whose current designation is under `scheme`; those of unresolved scheme may be."""
    return world.once(("in force", scheme), lambda: _labs_in_force(world, scheme))


def _labs_in_force(world: World, scheme: Scheme) -> Count:
    certain, possible = [], []
    unresolved, date_unknown = str(LAB_UNRESOLVED), str(DATE_UNKNOWN)
    for lab in world.register.labs:
        current = lab.current
        if current.scheme == scheme and current.certainty is Certainty.CERTAIN:
            certain.append(counted_lab(lab))
        elif current.scheme == Scheme.UNRESOLVED:
            possible.append(counted_lab(lab, unresolved))
        elif current.scheme == scheme:
            possible.append(counted_lab(lab, date_unknown))
    return Count(tuple(certain), tuple(possible))


@figure(
    "F01",
    title=_("選定地域の合計"),
    counts=_("どちらかの制度で選定された地域。1つの地域は1回だけ数える。"),
)
def regions(world: World) -> Computed:
    return Computed(all_regions(world))


@figure(
    "F14",
    title=_("局別の地域数の合計"),
    counts=_("9つの経済産業局ごとに数えた地域数の和。"),
)
def regions_summed_over_bureaus(world: World) -> Computed:
    by_bureau: dict[str, list[LabRecord]] = {}
    for lab in world.register.labs:
        by_bureau.setdefault(lab.bureau_code, []).append(lab)
    counts = [regions_of(labs) for labs in by_bureau.values()]
    return Computed(
        Count(
            tuple(one for count in counts for one in count.certain),
            tuple(one for count in counts for one in count.possible),
        )
    )


def _bureau_figure(code: str, bureau_code: str, name: str, name_en: str) -> None:
    @figure(
        code,
        title=format_lazy(_("{bureau}の選定地域"), bureau=_BureauName(name, name_en)),
        counts=_("どちらかの制度で選定された地域のうち、この局の管内にあるもの。"),
        denominator=_("選定地域の合計"),
    )
    def regions_of_bureau(world: World) -> Computed:
        mine = [lab for lab in world.register.labs if lab.bureau_code == bureau_code]
        return Computed(regions_of(mine), all_regions(world))


class _BureauName:
    """A bureau's name in the language of the moment; the records hold the same two names."""

    def __init__(self, name: str, name_en: str) -> None:
        self.name, self.name_en = name, name_en

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if get_language() == "en" else self.name


for _code, _bureau, _name, _name_en in (
    ("F05", "chubu", "中部経済産業局", "Chubu Bureau"),
    ("F06", "kinki", "近畿経済産業局", "Kinki Bureau"),
    ("F07", "chugoku", "中国経済産業局", "Chugoku Bureau"),
    ("F08", "kyushu", "九州経済産業局", "Kyushu Bureau"),
    ("F09", "shikoku", "四国経済産業局", "Shikoku Bureau"),
    ("F10", "hokkaido", "北海道経済産業局", "Hokkaido Bureau"),
    ("F11", "tohoku", "東北経済産業局", "Tohoku Bureau"),
    ("F12", "kanto", "関東経済産業局", "Kanto Bureau"),
    ("F13", "okinawa", "沖縄総合事務局", "Okinawa General Bureau"),
):
    _bureau_figure(_code, _bureau, _name, _name_en)


@figure(
    "F02",
    title=_("地方版IoT推進ラボ（DXに移行していないもの）"),
    counts=_("現在の選定が地方版IoT推進ラボであるラボ。休止・終了したものも含む。"),
    denominator=_("選定地域の合計"),
)
def iot_labs(world: World) -> Computed:
    return Computed(labs_in_force(world, Scheme.IOT), all_regions(world))


@figure(
    "F15",
    title=_("アンケートの対象となった地方版IoT推進ラボ"),
    counts=_("その時点で現在の選定が地方版IoT推進ラボであるラボ。休止・終了したものも含む。"),
)
def iot_labs_at_survey(world: World) -> Computed:
    return Computed(labs_in_force(world, Scheme.IOT))


@figure(
    "F03",
    title=_("地域DX推進ラボ"),
    counts=_("現在の選定が地域DX推進ラボであるラボ。"),
    denominator=_("選定地域の合計"),
)
def dx_labs(world: World) -> Computed:
    return Computed(labs_in_force(world, Scheme.DX), all_regions(world))


@figure("F25", title=_("地域DX推進ラボの選定地域の計"), counts=_("地域DX推進ラボに選定された地域。"))
def dx_labs_after_round_3(world: World) -> Computed:
    return Computed(labs_in_force(world, Scheme.DX))


@figure(
    "F38", title=_("2022年度以降に選定された地域DX推進ラボ"), counts=_("地域DX推進ラボに選定された地域。")
)
def dx_labs_since_2022(world: World) -> Computed:
    return Computed(labs_in_force(world, Scheme.DX))


def _in_round(number: int) -> Callable[[World], Computed]:
    def compute(world: World) -> Computed:
        """Designations of the round; unless its list is complete, labs of unresolved scheme may belong to it."""
        certain = [
            counted_lab(lab)
            for lab in world.register.labs
            for one in lab.designations
            if one.scheme == Scheme.DX and one.round_number == number
        ]
        found = [one for one in world.rounds if one.scheme == Scheme.DX and one.number == number]
        if found and found[0].published_count == len(certain):
            return Computed(Count(tuple(certain)))
        unresolved = [
            counted_lab(lab, LAB_UNRESOLVED)
            for lab in world.register.labs
            if lab.current.scheme == Scheme.UNRESOLVED
        ]
        return Computed(Count(tuple(certain), tuple(unresolved)))

    return compute


for _code, _number in (("F22", 1), ("F23", 2), ("F24", 3)):
    figure(
        _code,
        title=format_lazy(_("地域DX推進ラボ 第{number}弾の選定地域"), number=_number),
        counts=_("この弾で選定された地域。"),
    )(_in_round(_number))


def _in_category(category: Category) -> Callable[[World], Computed]:
    def compute(world: World) -> Computed:
        """DX labs selected under the category; where the category is not recorded any lab may be."""
        everyone = labs_in_force(world, Scheme.DX)
        known = {lab.slug: lab.current.category for lab in world.register.labs}
        certain = tuple(one for one in everyone.certain if known[one.key] == category)
        note = str(_("選定時の類型が未確認"))
        unknown = tuple(
            Counted(one.label, one.kind, one.key, note)
            for one in (*everyone.certain, *everyone.possible)
            if not known[one.key]
        )
        return Computed(Count(certain, unknown), everyone)

    return compute


for _code, _category in (("F26", Category.REGIONAL), ("F27", Category.COMPANY), ("F28", Category.BOTH)):
    figure(
        _code,
        title=format_lazy(_("選定時の類型 {category}"), category=_category.label),
        counts=_("地域DX推進ラボのうち、選定時にこの類型だったもの。"),
        denominator=_("地域DX推進ラボ"),
    )(_in_category(_category))


def _iot_labs_standing(world: World, statuses: set[Status]) -> Computed:
    """IoT labs with one of the statuses; a lab for which no event is recorded may have it too."""
    everyone = labs_in_force(world, Scheme.IOT)
    standing = {lab.slug: lab.current for lab in world.register.labs}
    certain = tuple(one for one in everyone.certain if standing[one.key].status in statuses)
    note = str(_("休止・終了の記録がない"))
    unknown = tuple(
        Counted(one.label, one.kind, one.key, note)
        for one in (*everyone.certain, *everyone.possible)
        if standing[one.key].since is None
    )
    return Computed(Count(certain, unknown), everyone)


@figure(
    "F36",
    title=_("活動を終了した地方版IoT推進ラボの割合"),
    counts=_("状態が「終了」の地方版IoT推進ラボ。"),
    denominator=_("地方版IoT推進ラボ"),
)
def ended_iot_labs(world: World) -> Computed:
    return _iot_labs_standing(world, {Status.ENDED})


@figure(
    "F37",
    title=_("休止・終了した地方版IoT推進ラボの割合"),
    counts=_("状態が「休止中」または「終了」の地方版IoT推進ラボ。"),
    denominator=_("地方版IoT推進ラボ"),
)
def dormant_or_ended_iot_labs(world: World) -> Computed:
    return _iot_labs_standing(world, {Status.DORMANT, Status.ENDED})


def round_has_been(world: World, scheme: Scheme) -> Count:
    """Rounds of a scheme announced by the day."""
    certain: list[Counted] = []
    possible: list[Counted] = []
    for one in world.rounds:
        when = one.selected_on or one.announced_on
        by = span_of(when).by(world.register.as_of) if when else Certainty.POSSIBLE
        if one.scheme != scheme or by is Certainty.NO:
            continue
        counted = Counted(str(one), "round", one.key)
        (certain if by is Certainty.CERTAIN else possible).append(counted)
    return Count(tuple(certain), tuple(possible))


@figure("F04", title=_("地方版IoT推進ラボの選定回数"), counts=_("地方版IoT推進ラボの弾（選定の回）。"))
def iot_rounds(world: World) -> Computed:
    return Computed(round_has_been(world, Scheme.IOT))
