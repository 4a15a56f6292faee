"""Tables written for spreadsheets."""

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.tables import (
    SheetOut,
    TableUnwritable,
    csv_lines,
    neutralised,
    read_table,
    write_xlsx,
)

AWKWARD = [
    "𠮷",
    "髙",
    "葛\U000e0100",
    "〜",
    "㋿",
    "\n",
    '"',
    ",",
    "=",
    "-",
    "+",
    "＝",
    "'",
    "0",
    "1",
    "a",
    " ",
    "\u3000",
]
cells = st.lists(st.sampled_from(AWKWARD), max_size=6).map(lambda parts: "".join(parts).strip(" \u3000\n"))
tables = st.lists(st.tuples(cells, cells, cells).filter(any), max_size=6)
HEADERS = ("名称", "住所", "備考")


def as_xlsx(rows: Any, headers: Any = HEADERS) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, [SheetOut("一覧", headers, rows, (20, 8.5))])
    return file.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1+1",
        "-1-1",
        "+81-3-1234-5678",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "-",
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe(value: str) -> None:
    assert neutralised(value) == "'" + value


@pytest.mark.parametrize("value", ["", "-12.5", "+3", "0012", "03-1234", "髙橋", "a=b", " ", " x", "'=1"])
def test_other_text_stays_as_it_is(value: str) -> None:
    assert neutralised(value) == value


@given(st.text())
def test_neutralising_twice_changes_nothing_more(value: str) -> None:
    assert neutralised(neutralised(value)) == neutralised(value)


@given(tables)
def test_a_csv_file_comes_back_cell_by_cell(rows: list[tuple[str, ...]]) -> None:
    table = read_table(b"".join(csv_lines(HEADERS, rows)), "a.csv")
    assert (table.headers, table.encoding) == (HEADERS, "utf-8-sig")
    assert table.rows == [tuple(neutralised(cell) for cell in row) for row in rows]


@given(tables)
def test_a_workbook_comes_back_cell_by_cell(rows: list[tuple[str, ...]]) -> None:
    table = read_table(as_xlsx(rows), "a.xlsx")
    assert (table.headers, table.rows, table.sheet) == (HEADERS, rows, "一覧")


class Marked(str):
    """A subclass, as template engines mark text with."""

    __slots__ = ()


class Lazy:
    """Text only when asked, as translations are."""

    def __str__(self) -> str:
        return "=1+1"


def test_text_in_disguise_and_headings_are_neutralised_too() -> None:
    data = b"".join(csv_lines(["=h"], [[Marked("=1+1")], [Lazy()]])).decode("utf-8-sig")
    assert data == "'=h\r\n'=1+1\r\n'=1+1\r\n"


def test_values_that_are_no_text_are_written_as_such() -> None:
    row = [None, 3, -1.5, Decimal("2.5"), True]
    assert b"".join(csv_lines("abcde", [row])).decode("utf-8-sig").splitlines()[1] == ",3,-1.5,2.5,TRUE"
    assert read_table(as_xlsx([row], "abcde"), "a.xlsx").rows == [("", "3", "-1.5", "2.5", "TRUE")]


def test_a_long_csv_comes_in_chunks() -> None:
    chunks = list(csv_lines(["a"], (["x" * 100] for _ in range(5000))))
    assert len(chunks) > 5
    assert max(map(len, chunks)) < 80_000


def test_a_workbook_holds_no_formula_or_link_and_has_frozen_bold_filtered_headings() -> None:
    archive = zipfile.ZipFile(io.BytesIO(as_xlsx([("=1+1", "https://x.example/", Lazy())])))
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:C2"/>' in sheet
    assert "<b/>" in archive.read("xl/styles.xml").decode()


def test_a_workbook_is_written_to_a_path_with_several_sheets(tmp_path: Path) -> None:
    place = tmp_path / "a.xlsx"
    write_xlsx(place, [SheetOut("一", ["a"], [["1"]]), SheetOut("二", ["b"], [["2"]])])
    assert read_table(place.read_bytes(), "a.xlsx", sheet="二").rows == [("2",)]


def test_a_text_too_long_for_a_cell_is_refused_rather_than_cut() -> None:
    with pytest.raises(TableUnwritable) as caught:
        as_xlsx([("x" * 32_768,)])
    assert (caught.value.code, caught.value.params) == ("cell_too_long", {"row": 2})


def test_a_hundred_thousand_rows_are_written_and_read() -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(100_000):
            yield (
                f"{number:06d}",
                f"髙橋商店{number}",
                "北海道",
                "札幌市",
                "2023-04-01",
                "備考,あり",
                "",
                number,
            )

    data = as_xlsx(rows(), "abcdefgh")
    table = read_table(data, "a.xlsx")
    assert (len(table.rows), table.rows[-1][0]) == (100_000, "099999")
