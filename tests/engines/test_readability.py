"""The 15 points can each be missed, and a good table meets them all."""

import pytest

from tsunagu.engines.opendata import RULES, Nature, examine
from tsunagu.engines.opendata.readability import is_machine_dependent

NATURES = (Nature("code"), Nature("area"), Nature("text", as_written=True), Nature("number"), Nature("when"))
HEAD = "番号,地域コード,名称,人数（人）,日付"
GOOD = [HEAD, "1,131016,髙橋の店、①番,12,2024-01", "2,271004,大阪,,2024-01-31"]


def missed(lines: list[str], *, bom: bool = True, about_places: bool = True) -> set[int]:
    data = ("﻿" if bom else "").encode() + "\r\n".join(lines).encode()
    return {one.number for one in examine(data, NATURES, about_places=about_places) if not one.verdict.ok}


def test_a_good_table_meets_them_all() -> None:
    assert missed(GOOD) == set()


@pytest.mark.parametrize(
    ("number", "lines"),
    [
        (2, [HEAD, '1,"131016;131024",甲,1,2024']),
        (3, [HEAD, "1,131016,甲,12人,2024"]),
        (4, [HEAD, "1,131016,甲,1"]),
        (5, [HEAD, '1,131016,"甲\n乙",1,2024']),
        (5, [HEAD, "1,131016,甲　　乙,1,2024"]),
        (6, ["番号,地域コード,,人数（人）,日付", "1,131016,甲,1,2024"]),
        (6, [HEAD, "1,131016,甲,1,2024", "1,131016,乙,1,2024"]),
        (7, [HEAD, "1,131016,=A1,1,2024"]),
        (8, [HEAD, "1,131016,甲\x07,1,2024"]),
        (9, ["番号,地域コード,名称,人数,日付", "1,131016,甲,1,2024"]),
        (10, [HEAD, "①,131016,甲,1,2024"]),
        (11, [HEAD, "1,131016,甲,1,令和6年"]),
        (12, [HEAD, "1,東京,甲,1,2024"]),
        (13, [HEAD, "1,131016,甲,X,2024"]),
        (14, [HEAD, "1,131016,甲,1,2024", ",,,,", "2,131016,乙,1,2024"]),
        (15, [HEAD, "1,131016,甲,1,2024", "", "別の表"]),
    ],
)
def test_each_point_can_be_missed(number: int, lines: list[str]) -> None:
    assert number in missed(lines), RULES[number]


def test_the_form_of_the_file() -> None:
    assert missed(GOOD, bom=False) == {1}
    assert missed([HEAD.replace("地域コード", "記号"), "1,131016,甲,1,2024"]) == set()
    natures = (Nature("code"),)
    assert any(
        one.number == 12 and not one.verdict.ok
        for one in examine("﻿番号\r\n1".encode(), natures, about_places=True)
    )
    assert not examine(b"\xff\xfe\x00", natures, about_places=False)[0].verdict.ok


@pytest.mark.parametrize(
    ("text", "expected"), [("㈱", True), ("髙", True), ("Ⅳ", True), ("漢字〜―～ABC", False), ("😀", True)]
)
def test_characters_that_depend_on_the_machine(text: str, expected: bool) -> None:
    assert is_machine_dependent(text) is expected
