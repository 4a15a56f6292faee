"""Figures about why labs do not move to the DX scheme (deck p.11), from the surveys."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from tsunagu.figures.definitions.catalogue import Answers, World, figure
from tsunagu.figures.rules import Computed, Count, Counted

NO_SURVEY = _("この日までに公開されたアンケートがありません。")


HIDDEN = _("回答が少ないため、数を示していません。")


def _counted(found: Answers, code: str, words: object) -> tuple[Counted, ...]:
    return tuple(Counted(str(words), "survey", found.page) for _each in range(found.counts.get(code) or 0))


def _computed(found: Answers | None, words: dict[str, object]) -> Computed:
    """Answers that gave one of the reasons, in the latest survey published by the day."""
    if found is None:
        return Computed(missing=str(NO_SURVEY))
    if any(found.counts.get(code, 0) is None for code in words):
        return Computed(missing=str(HIDDEN))
    return Computed(Count(tuple(one for code, each in words.items() for one in _counted(found, code, each))))


def _reason(code: str, words: object) -> Callable[[World], Computed]:
    def compute(world: World) -> Computed:
        return _computed(world.reasons_for_not_moving(), {code: words})

    return compute


REASONS: tuple[tuple[str, object, str], ...] = (
    ("F17", _("移行しない理由: DXのレベルに至っていない"), "not_dx_level"),
    ("F18", _("移行しない理由: 移行するメリットを感じない"), "no_merit"),
    ("F19", _("移行しない理由: 担当部署が異なる"), "other_department"),
    ("F20", _("移行しない理由: 対象とする領域が異なる"), "other_purpose"),
)
for _code, _title, _key in REASONS:
    figure(
        _code,
        title=_title,
        counts=_("この日までに公開された最も新しいアンケートで、この理由を選んだ回答。"),
    )(_reason(_key, _title))


@figure(
    "F21",
    title=_("移行しない理由の回答の合計"),
    counts=_("この日までに公開された最も新しいアンケートの、移行しない理由の回答の和。"),
)
def all_reasons(world: World) -> Computed:
    """Every answer to the question, whatever reason it gave."""
    found = world.reasons_for_not_moving()
    known = {code: words for _one, words, code in REASONS}
    others = dict.fromkeys(found.counts if found else (), _("ほかの理由"))
    return _computed(found, {**others, **known})


@figure(
    "F16",
    title=_("活動を休止中の地方版IoT推進ラボ"),
    counts=_("この日までに公開された最も新しいアンケートで、活動を休止中と答えたラボ。"),
    denominator=_("アンケートの対象のラボ"),
)
def dormant_labs(world: World) -> Computed:
    """Labs that said they rest, of those asked."""
    found = world.activity_asked()
    title = _("活動を休止中の地方版IoT推進ラボ")
    dormant = _computed(found, {"dormant": title})
    if found is None or found.asked is None or dormant.numerator is None:
        return dormant
    asked = tuple(
        Counted(str(_("アンケートの対象のラボ")), "survey", found.page) for _each in range(found.asked)
    )
    return Computed(dormant.numerator, Count(asked))
