"""The checks on small lists made for them."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.findings.checks import lists, statements

PLACES = [
    lists.Place("140007", "140007", "神奈川県", "kanto"),
    lists.Place("131113", "131113", "大田区", "kanto"),
    lists.Place("013455", "013455", "森町", "hokkaido"),
    lists.Place("224618", "224618", "森町", "kanto"),
    lists.Place("g-shonan", "", "湘南地域", "kanto"),
]


def row(number: int, name: str, bureau: str = "kanto", **more: str) -> lists.PrintedRow:
    return lists.PrintedRow(number, name, bureau, **more)


def test_a_name_is_read_within_its_bureau() -> None:
    (reading,) = lists.read([row(2, "森町", "hokkaido")], PLACES)
    assert reading.place == PLACES[2]
    (reading,) = lists.read([row(2, "森町", "")], PLACES)
    assert reading.place is None, "two towns of one name: nothing is guessed"


def test_a_region_printed_twice_is_found_even_without_its_suffix() -> None:
    readings = lists.read([row(2, "神奈川県"), row(3, "神奈川"), row(4, "大田区")], PLACES)
    (raised,) = lists.repeated_rows(readings)
    assert (raised.subject, raised.params["rows"]) == ("神奈川県", [2, 3])


def test_a_shortened_name_alone_is_no_repetition() -> None:
    assert list(lists.repeated_rows(lists.read([row(2, "神奈川")], PLACES))) == []


def test_rows_without_a_code() -> None:
    readings = lists.read([row(2, "大田区"), row(3, "神奈川"), row(4, "湘南地域")], PLACES)
    assert [raised.params["name"] for raised in lists.rows_without_code(readings)] == ["神奈川", "湘南地域"]


def test_blank_schemes_are_one_finding() -> None:
    readings = lists.read([row(2, "大田区", scheme="dx"), row(3, "神奈川県")], PLACES)
    (raised,) = lists.blank_schemes(readings)
    assert (raised.params["count"], raised.params["rows"]) == (1, [3])


def test_what_the_records_know_and_the_list_lacks() -> None:
    selected = [lists.Selected("131113", "大田区", "kanto", "dx", "131113")]
    assert [one.subject for one in lists.recorded_but_absent([], selected)] == ["131113"]
    readings = lists.read([row(2, "大田区")], PLACES)
    assert list(lists.recorded_but_absent(readings, selected)) == []
    assert [one.subject for one in lists.printed_but_unrecorded(readings, [])] == ["131113"]


def stated(code: str, value: int, **more: str) -> statements.Stated:
    fields = {"measure": "", "as_of": "2025", "statement": code, **more}
    return statements.Stated(code=code, value=value, **fields)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=9), st.integers(-3, 3))
def test_parts_are_flagged_exactly_when_they_do_not_add_up(parts: list[int], off: int) -> None:
    total = stated("T", sum(parts) + off)
    rows = [
        total,
        *(stated(f"P{n}", value, part_of="T", partition="bureau") for n, value in enumerate(parts)),
    ]
    raised = list(statements.parts_against_totals(rows))
    assert bool(raised) == (off != 0)


def test_partitions_are_added_up_apart() -> None:
    rows = [
        stated("T", 3),
        stated("A", 1, part_of="T", partition="x"),
        stated("B", 2, part_of="T", partition="x"),
        stated("C", 3, part_of="T", partition="y"),
    ]
    assert list(statements.parts_against_totals(rows)) == []


def test_one_thing_with_two_numbers() -> None:
    rows = [
        stated("F15", 72, measure="iot", as_of="2024-01"),
        stated("F02", 67, measure="iot", as_of="2025-02-26"),
    ]
    (raised,) = statements.one_measure_two_values(rows)
    assert [one["value"] for one in raised.params["values"]] == [72, 67]
