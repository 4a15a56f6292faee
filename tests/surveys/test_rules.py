"""Small cells stay hidden: whoever adds and subtracts what is shown finds at least two values for each hidden count."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.questionnaires.definition import Definition, read_definition
from tsunagu.surveys.rules import MINIMUM, exchanges, hide_cells, hide_means, hide_totals, is_small
from tsunagu.surveys.tallying import Breakdown, QuestionResult, Response, hung_on, summary, tally

OPTIONS = ["a", "b", "c"]
DIMENSIONS = {
    "bureau": [("n", "北"), ("m", "中"), ("s", "南")],
    "scheme": [("dx", "DX"), ("iot", "IoT")],
}
Table = dict[tuple[str, str], int]


def form(kind: str, **more: object) -> Definition:
    options = [{"code": one, "label": one} for one in OPTIONS]
    field = {"key": "q", "label": "質問", "kind": kind, "options": options, **more}
    return read_definition({"sections": [{"key": "s", "title": "章", "fields": [field]}]})


def ways(size: int, caps: Sequence[int], *, exact: bool) -> Iterator[tuple[int, ...]]:
    """All columns of a group of so many: adding up to it, or each at most so many."""
    for one in product(*(range(min(size, cap) + 1) for cap in caps)):
        if not exact or sum(one) == size:
            yield one


def possible(
    breakdown: Breakdown, sums: Mapping[str, int], *, exact: bool
) -> Iterator[tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]]:
    """Every table that fits what is shown of a breakdown, with its sums by option; `sums` are the shown ones."""
    columns = [
        [
            way
            for way in ways(line.size, [line.size] * 3, exact=exact)
            if all(
                shown in (None, value) for shown, value in zip(line.counts or (None,) * 3, way, strict=True)
            )
        ]
        for line in breakdown.lines
    ]
    for table in product(*columns):
        totals = [sum(column[place] for column in table) for place in range(3)]
        if all(sums.get(code, total) == total for code, total in zip(OPTIONS, totals, strict=True)):
            yield tuple(map(str, totals)), table


def attack(result: QuestionResult, *, exact: bool) -> None:
    """Work out everything that fits what is shown; every hidden count must keep two values."""
    shown = {one.code: one.count for one in result.options if one.count is not None}
    fitting = []
    for one in result.breakdowns:
        if one.lines:
            fitting.append((one, list(possible(one, shown, exact=exact))))
    if not fitting:
        return
    # Sums by option that every breakdown can explain.
    common = set.intersection(*({totals for totals, _table in found} for _one, found in fitting))
    assert common
    for place, one in enumerate(result.options):
        if one.count is None:
            assert len({totals[place] for totals in common}) > 1, f"total of {one.code}"
    for breakdown, found in fitting:
        tables = [table for totals, table in found if totals in common]
        for column, line in enumerate(breakdown.lines):
            for place, count in enumerate(line.counts):
                if count is None:
                    values = {table[column][place] for table in tables}
                    assert len(values) > 1, f"{breakdown.dimension} {line.code} {OPTIONS[place]}"


ROW = st.tuples(st.sampled_from(OPTIONS), st.sampled_from("nms"), st.sampled_from(["dx", "iot"]))


@given(st.lists(ROW, max_size=13))
def test_no_hidden_count_of_one_choice_can_be_worked_out(rows: list[tuple[str, str, str]]) -> None:
    responses = [Response({"q": a}, {"bureau": b, "scheme": s}) for a, b, s in rows]
    (result,) = tally(form("choice"), responses, DIMENSIONS)
    attack(result, exact=True)


MANY = st.tuples(st.sets(st.sampled_from(OPTIONS)), st.sampled_from("nms"), st.sampled_from(["dx", "iot"]))


@given(st.lists(MANY, max_size=8))
def test_no_hidden_count_of_many_choices_can_be_worked_out(rows: list[tuple[set[str], str, str]]) -> None:
    responses = [Response({"q": sorted(a)}, {"bureau": b, "scheme": s}) for a, b, s in rows]
    (result,) = tally(form("choices", required=False), responses, DIMENSIONS)
    attack(result, exact=False)


@given(st.lists(ROW, max_size=30))
def test_nothing_small_is_shown(rows: list[tuple[str, str, str]]) -> None:
    responses = [Response({"q": a}, {"bureau": b, "scheme": s}) for a, b, s in rows]
    (result,) = tally(form("choice"), responses, DIMENSIONS)
    assert not any(one.count and is_small(one.count) for one in result.options)
    for breakdown in result.breakdowns:
        for line in breakdown.lines:
            assert not any(count and is_small(count) for count in line.counts)
            if is_small(line.size):
                assert set(line.counts) == {None}


def test_one_small_option_takes_another_with_it() -> None:
    assert hide_totals({"a": 20, "b": 5, "c": 2}, adds_up=True, answered=27) == {"b", "c"}
    # Together they are no small number either.
    assert hide_totals({"a": 20, "b": 1, "c": 1}, adds_up=True, answered=22) == {"a", "b", "c"}
    assert hide_totals({"a": 20, "b": 5, "c": 2}, adds_up=False, answered=27) == {"c"}
    assert hide_totals({"a": 2, "b": 0}, adds_up=True, answered=2) == {"a", "b"}
    assert hide_totals({"a": 20, "b": 5, "c": 0}, adds_up=True, answered=25) == frozenset()


def test_a_lone_small_cell_takes_a_rectangle() -> None:
    from tsunagu.surveys.rules import Cross

    counts = {("a", "n"): 1, ("a", "s"): 9, ("b", "n"): 8, ("b", "s"): 7}
    hidden = hide_cells(Cross(counts, {"n": 9, "s": 16}, adds_up=True))
    assert hidden == set(counts)


def test_exchanges_name_partners_that_can_give() -> None:
    assert exchanges({"a": 5, "b": 0, "c": 1}, ["b", "c"]) == [("c", "b"), ("c", "b")]


def test_what_hangs_on_a_hidden_answer_is_hidden() -> None:
    definition = read_definition(
        {"sections": [{"key": "s", "title": "章", "fields": [
            {"key": "move", "label": "移るか", "kind": "yes_no"},
            {"key": "why", "label": "なぜ", "kind": "choices", "options": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}],
             "show_if": [{"field": "move", "operator": "is", "value": "no"}]},
        ]}]}
    )  # fmt: skip
    why = definition.field("why")
    assert why is not None
    assert hung_on(definition, why) == {"move"}
    groups = [{"bureau": "n", "scheme": "dx"}, {"bureau": "s", "scheme": "iot"}]
    responses = [Response({"move": "yes"}, groups[0])] * 9 + [
        Response({"move": "no", "why": ["x"]}, groups[1])
    ] * 2
    move, hanging = tally(definition, responses, DIMENSIONS)
    assert move.hidden == {"yes", "no"}
    assert hanging.answered is None
    # In a group where nobody's answer is hidden it is shown, in the others not.
    responses = [Response({"move": "no", "why": ["x"]}, groups[0])] * 9 + [
        Response({"move": "yes"}, groups[0])
    ] * 5
    responses += [Response({"move": "no", "why": ["x"]}, groups[1])] * 1 + [
        Response({"move": "yes"}, groups[1])
    ] * 8
    move, hanging = tally(definition, responses, DIMENSIONS)
    assert (hanging.answered, hanging.options[0].count) == (10, 10)
    (bureau, _scheme) = hanging.breakdowns
    assert all(line.counts == (None, None) for line in bureau.lines if line.size)


def test_an_answer_left_behind_by_a_change_does_not_count() -> None:
    definition = read_definition(
        {"sections": [{"key": "s", "title": "章", "fields": [
            {"key": "move", "label": "移るか", "kind": "yes_no"},
            {"key": "n", "label": "数", "kind": "number", "show_if": [{"field": "move", "operator": "is", "value": "no"}]},
        ]}]}
    )  # fmt: skip
    _move, number = tally(definition, [Response({"move": "yes", "n": "5"})] * 4, {})
    assert number.answered == 0


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 6), min_size=1))
def test_means_left_over_are_of_enough(answered: dict[str, int]) -> None:
    hidden = hide_means(answered)
    left = sum(answered[one] for one in hidden)
    assert {one for one, number in answered.items() if is_small(number)} <= hidden
    if hidden and any(number and one not in hidden for one, number in answered.items()):
        assert left >= MINIMUM
        assert len(hidden) > 1


def test_numbers() -> None:
    numbers = [Decimal(one) for one in (1, 2, 3, 4, 5, 6, 7, 12)]
    found = summary(numbers)
    assert (found.mean, found.median, found.lower, found.upper) == (Decimal("5.0"), 4.5, 2.75, 6.25)
    assert summary(numbers[:4]).median is None
    assert summary(numbers[:2]).mean is None
    responses = [Response({"q": "5"}, {"bureau": "n", "scheme": "dx"})] * 2
    (result,) = tally(form("number"), responses, DIMENSIONS)
    assert result.answered is None
    assert result.summary is None


@pytest.mark.parametrize("kind", ["text", "long"])
def test_texts_are_for_those_who_ask_for_them(kind: str) -> None:
    responses = [Response({"q": f"文{number}"}) for number in range(4)]
    assert tally(form(kind), responses, {})[0].texts == ()
    assert tally(form(kind), responses, {}, with_texts=True)[0].texts == ("文0", "文1", "文2", "文3")
