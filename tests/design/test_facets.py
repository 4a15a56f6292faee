"""Narrowing a list by several properties at once."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.design.facets import Property, narrow
from tsunagu.registry.records import DesignationRecord, LabRecord
from tsunagu.registry.rules import Span


def lab(number: int, bureau: str, scheme: str) -> LabRecord:
    designation = DesignationRecord(
        number, scheme, None, None, "", Span(date(2023, 4, 1), date(2023, 4, 1)), "2023"
    )
    place = ("region", "municipality", bureau, bureau, "p", "p", "words", None, None)
    return LabRecord(
        number, str(number), str(number), number, str(number), *place, designations=(designation,)
    )


PROPERTIES = [
    Property("bureau", "局", lambda one: (one.bureau_code,), [("a", "A"), ("b", "B"), ("c", "C")]),
    Property("scheme", "制度", lambda one: (one.current.scheme,), [("dx", "DX"), ("iot", "IoT")]),
]
LABS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["dx", "iot"])), max_size=20).map(
    lambda rows: [lab(number, *row) for number, row in enumerate(rows)]
)
CHOSEN = st.fixed_dictionaries(
    {"bureau": st.sets(st.sampled_from("abc")), "scheme": st.sets(st.sampled_from(["dx", "iot"]))}
)


@given(LABS, CHOSEN)
def test_a_count_is_what_choosing_it_alone_would_leave(
    labs: list[LabRecord], chosen: dict[str, set[str]]
) -> None:
    _found, facets = narrow(labs, PROPERTIES, chosen)
    for facet in facets:
        for option in facet.options:
            alone, _facets = narrow(labs, PROPERTIES, {**chosen, facet.name: {option.value}})
            assert option.count == len(alone)


@given(LABS, CHOSEN)
def test_what_is_left_fits_every_choice(labs: list[LabRecord], chosen: dict[str, set[str]]) -> None:
    found, _facets = narrow(labs, PROPERTIES, chosen)
    expected = [
        one
        for one in labs
        if (not chosen["bureau"] or one.bureau_code in chosen["bureau"])
        and (not chosen["scheme"] or one.current.scheme in chosen["scheme"])
    ]
    assert found == expected


def test_a_choice_stays_visible_when_nothing_is_left() -> None:
    _found, (bureau, _scheme) = narrow([lab(1, "a", "dx")], PROPERTIES, {"bureau": {"c"}})
    assert [(option.value, option.count) for option in bureau.chosen] == [("c", 0)]
