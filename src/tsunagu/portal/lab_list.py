"""The list of labs as a visitor narrows it; its state is the address."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from tsunagu.design.facets import Facet, Property, narrow
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.kinds import Category, Scheme, Status
from tsunagu.registry.models import Round
from tsunagu.registry.records import LabRecord, Register


def properties(register: Register, rounds: Sequence[Round]) -> list[Property[LabRecord]]:
    """What labs can be narrowed by. A round counts for every lab ever selected in it, moved ones included."""
    bureaus = dict.fromkeys((lab.bureau_code, lab.bureau_name) for lab in register.labs)
    prefectures = sorted({(lab.prefecture_code, lab.prefecture_name) for lab in register.labs})
    keys = {one.pk: one.key for one in rounds}
    return [
        Property(
            "scheme",
            _("制度"),
            lambda lab: (lab.current.scheme,),
            [(one.value, str(one.label)) for one in Scheme],
        ),
        Property(
            "status",
            _("状態"),
            lambda lab: (lab.current.status.value,),
            [(one.value, str(one.label)) for one in Status],
        ),
        Property("bureau", _("経済産業局"), lambda lab: (lab.bureau_code,), list(bureaus)),
        Property("prefecture", _("都道府県"), lambda lab: (lab.prefecture_code,), prefectures),
        Property(
            "round",
            _("選定された弾（移行前を含む）"),
            lambda lab: [keys[one.round_id] for one in lab.designations if one.round_id],
            [(one.key, str(one)) for one in rounds],
        ),
        Property(
            "category",
            _("選定時の類型"),
            lambda lab: (lab.current.category or "unknown",),
            [*((one.value, str(one.label)) for one in Category), ("unknown", _("未確認"))],
        ),
    ]


def matching(labs: Sequence[LabRecord], text: str) -> list[LabRecord]:
    """Labs whose names or readings contain every word of the text, in any spelling."""
    words = [folded for word in text.split() if (folded := fold(word))]
    if not words:
        return list(labs)
    return [lab for lab in labs if all(word in fold(lab.words + lab.prefecture_name) for word in words)]


def chosen_values(query: QueryDict, names: Sequence[str]) -> Mapping[str, set[str]]:
    return {name: {value for value in query.getlist(name) if value} for name in names}


def narrowed(
    register: Register, rounds: Sequence[Round], query: QueryDict
) -> tuple[list[LabRecord], list[Facet]]:
    """The labs the address asks for, with facets."""
    wanted = properties(register, rounds)
    labs = matching(register.labs, query.get("q", ""))
    return narrow(labs, wanted, chosen_values(query, [one.name for one in wanted]))
