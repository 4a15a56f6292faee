"""Figures whose records the product does not hold yet; each says which records would answer it."""

from django.utils.translation import gettext_lazy as _

from tsunagu.figures.definitions.catalogue import World, figure
from tsunagu.figures.rules import Computed

EVENTS = _("催しと出展がまだ記録されていません。")

WAITING = (
    ("F33", _("CEATEC2024に出展したラボ"), EVENTS),
    ("F34", _("懇談会の年間の開催回数"), EVENTS),
    ("F35", _("キーパーソン会議の開催"), EVENTS),
)


def _waiting(code: str, title: object, missing: object) -> None:
    @figure(code, title=title, counts=missing)
    def not_recorded(world: World) -> Computed:
        return Computed(missing=str(missing))


for _code, _title, _missing in WAITING:
    _waiting(_code, _title, _missing)
