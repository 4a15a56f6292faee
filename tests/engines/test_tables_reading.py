"""Uploaded tables read as typed, or refused with a reason."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.tables import Limits, TableUnreadable, read_table


def workbook(rows: list[list[Any]], **parts: bytes) -> bytes:
    """A workbook of one sheet with extra archive parts."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("一覧")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def repacked(data: bytes, change: dict[str, tuple[bytes, bytes]]) -> bytes:
    """The workbook with bytes replaced in some of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            before, after = change.get(name, (b"", b""))
            content = old.read(name)
            new.writestr(name, content.replace(before, after) if before else content)
    return file.getvalue()


def refusal(data: bytes, file_name: str = "a.csv", **options: Any) -> str:
    with pytest.raises(TableUnreadable) as caught:
        read_table(data, file_name, **options)
    return caught.value.code


def outcome(data: bytes) -> str:
    """The encoding read, or the code of the refusal; any other exception passes through."""
    try:
        return read_table(data, "a.csv").encoding
    except TableUnreadable as error:
        return error.code


TEXT = "名称,住所\r\n髙橋,札幌市〜\r\n"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.replace("〜", "～").encode("cp932"), "cp932"),
        (TEXT.replace(",", "\t").encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    ],
)
def test_the_encoding_is_found(data: bytes, encoding: str) -> None:
    table = read_table(data, "a.csv")
    assert (table.encoding, table.headers) == (encoding, ("名称", "住所"))
    assert table.rows[0][0] == "髙橋"


@pytest.mark.parametrize("cell", ["𠮷野", "髙﨑", "葛\U000e0100城", "波〜線", "㋿5年", "ｶﾅ", "が", "0012"])
def test_text_is_never_normalised(cell: str) -> None:
    assert read_table(f"名称\n{cell}\n".encode(), "a.csv").rows == [(cell,)]
    assert read_table(workbook([["名称"], [cell]]), "a.xlsx").rows == [(cell,)]


def test_white_space_around_a_cell_is_taken_off_but_not_inside() -> None:
    assert read_table("a,b\n \u3000x y\t,\u3000\n".encode(), "a.csv").rows == [("x y", "")]


def test_row_numbers_count_blank_rows_and_count_quoted_line_breaks_once() -> None:
    table = read_table(b'a,b\n1,"x\ny"\n\n,\n2,z\n', "a.csv")
    assert (table.rows, table.row_numbers) == ([("1", "x\ny"), ("2", "z")], [2, 5])


def test_row_numbers_of_a_workbook_are_those_shown() -> None:
    table = read_table(workbook([["a", "b"], ["1", "x"], [], [], ["2", "y"]]), "a.xlsx")
    assert table.row_numbers == [2, 5]


def test_headings_may_start_below_blank_rows() -> None:
    table = read_table(workbook([[], [], ["a"], ["1"]]), "a.xlsx")
    assert (table.headers, table.row_numbers) == (("a",), [4])


def test_short_rows_are_filled_and_long_rows_reported() -> None:
    table = read_table(b"a,b\n1\n2,x,y,z\n3,x,,\n", "a.csv")
    assert table.rows == [("1", ""), ("2", "x"), ("3", "x")]
    problems = [(one.row, one.code, one.params) for one in table.problems]
    assert problems == [(3, "too_many_cells", {"cells": 4, "columns": 2})]


def test_a_column_with_data_but_no_heading_is_kept_and_one_with_neither_is_not() -> None:
    table = read_table(b"a,,b,,\n1,2,3,4,\n", "a.csv")
    assert (table.headers, table.rows) == (("a", "", "b", ""), [("1", "2", "3", "4")])


def test_typed_cells_become_the_text_a_person_reads() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("一覧")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["整数", "小数", "日", "時刻", "真偽"])
        page.write_row(1, 0, [12, 0.1 + 0.2])
        page.write_datetime(1, 2, date(2023, 4, 1), day)
        page.write_datetime(1, 3, datetime(2023, 4, 1, 9, 30), day)
        page.write_boolean(1, 4, True)
    table = read_table(file.getvalue(), "a.xlsx")
    assert table.rows == [("12", "0.3", "2023-04-01", "2023-04-01 09:30:00", "TRUE")]


def test_a_sheet_is_chosen_by_name_and_else_the_first_one_shown() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        hidden, shown, other = (book.add_worksheet(name) for name in ("隠し", "一覧", "別"))
        for page in (hidden, shown, other):
            page.write_string(0, 0, page.get_name())
        hidden.hide()
        shown.activate()
        shown.set_first_sheet()
    data = file.getvalue()
    assert (read_table(data, "a.xlsx").sheet, read_table(data, "a.xlsx").headers) == ("一覧", ("一覧",))
    assert read_table(data, "a.xlsx", sheet="別").headers == ("別",)
    assert refusal(data, sheet="無い") == "no_such_sheet"


def test_the_content_decides_and_not_the_ending() -> None:
    assert read_table(workbook([["a"], ["1"]]), "a.csv").encoding == "xlsx"
    assert read_table(b"a\n1\n", "a.xlsx").encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n , \n", "empty"),
        (workbook([]), "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_xls"),
        (b"a,b\n1,\x00\n", "broken_file"),
        ("a,b\n1,\0\n".encode("utf-16"), "broken_file"),
        (b'a,b\n1,"never closed\n2,x\n', "broken_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "broken_file"),
        (b"PK\x03\x04 and then nothing", "broken_file"),
        (b"a\n\x80\xff\xff\n", "encoding_unknown"),
        (b"a,b,a\n1,2,3\n", "duplicate_header"),
        (",".join(map(str, range(201))).encode(), "too_many_columns"),
        (workbook([["a"]], **{"xl/vbaProject.bin": b"x"}), "macro"),
        (workbook([["a"]], **{"xl/externalLinks/externalLink1.xml": b"x"}), "external_link"),
        (workbook([["a"]], **{"xl/embeddings/oleObject1.bin": b"x"}), "embedded_object"),
        (workbook([["a"]], **{"xl/media/image1.png": bytes(150_000_000)}), "suspicious_compression"),
        (workbook([["a"]], **{f"x/{number}": b"" for number in range(2001)}), "suspicious_compression"),
        (workbook([["a"]], **{"content.xml": b"x"}), "unsupported_format"),
        (workbook([["a"]])[:-300], "broken_file"),
        (repacked(workbook([["a"]]), {SHEET: (b"<sheetData>", b"<sheetData<")}), "broken_file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_safe_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_limits_are_kept() -> None:
    assert refusal(b"a\n1\n", limits=Limits(max_bytes=3)) == "too_large"
    assert refusal(b"a\n1\n2\n3\n", limits=Limits(max_rows=2)) == "too_many_rows"


def test_an_archive_that_lies_about_its_sizes_is_still_measured() -> None:
    data = workbook([["a"]], **{"xl/media/image1.png": bytes(150_000_000)})
    lying = data.replace((150_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    assert refusal(lying) == "suspicious_compression"


def distant_cell(before: bytes, after: bytes) -> bytes:
    return repacked(workbook([["a", "b"], ["1", "2"]]), {SHEET: (before, after)})


@pytest.mark.parametrize(
    "data",
    [
        distant_cell(b'r="B2"', b'r="XFD1048576"'),
        distant_cell(b'r="B2"', b"r='XFD1048576'"),
        distant_cell(b'<c r="B2"', b'<c x=\' r="A1"\' r="XFD1048576"'),
        distant_cell(b'r="B2"', b'r="B2"r="XFD1048576"'),
        distant_cell(b'r="B2"', b'r="B2" r="XFD1048576"'),
        distant_cell(b'<c r="B2"', b"<c x='>' r=\"XFD1048576\""),
        distant_cell(b'<row r="2" spans="1:2"><c r="A2"', b'<row r="9048576"><c'),
    ],
    ids=["plain", "single quotes", "decoy", "twice", "twice apart", "bracket", "place left out"],
)
def test_two_cells_far_apart_cannot_fill_the_memory(data: bytes) -> None:
    assert refusal(data) == "too_many_cells"


def test_formats_far_below_the_data_do_no_harm() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page, border = book.add_worksheet(), book.add_format({"border": 1})
        page.write_string(0, 0, "a")
        page.write_string(1, 0, "1")
        page.write_blank(1_048_575, 150, None, border)
    assert read_table(file.getvalue(), "a.xlsx").rows == [("1",)]


def test_cells_without_a_place_are_read_in_order() -> None:
    data = repacked(
        repacked(workbook([["a", "b"], ["1", "2"]]), {SHEET: (b' r="A2"', b"")}), {SHEET: (b' r="B2"', b"")}
    )
    assert read_table(data, "a.xlsx").rows == [("1", "2")]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_coded_refusal(data: bytes) -> None:
    assert outcome(data)
    assert outcome(b"PK\x03\x04" + data)


# Made once: a workbook carries the time it was written, so two of them need not be equally long.
SOUND_WORKBOOK = workbook([["名称", "数"], ["髙橋", 1]])


@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_coded_refusal(data: st.DataObject) -> None:
    content = bytearray(SOUND_WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(content))


def test_a_hundred_thousand_rows_are_read() -> None:
    line = "株式会社つなぐ,北海道,札幌市,令和5年4月1日,https://x.example/,備考,0012,3.5\r\n"
    data = ("a,b,c,d,e,f,g,h\r\n" + line * 100_000).encode()
    table = read_table(data, "a.csv")
    assert (len(table.rows), table.row_numbers[-1]) == (100_000, 100_001)
