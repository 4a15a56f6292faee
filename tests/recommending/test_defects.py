"""What IPA often sends back, as checks. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagu.recommending.defects import (
    GENERIC,
    Means,
    PartText,
    Pillar,
    of_all,
    of_part,
    split_pages,
    vague_name,
)

ON = date(2026, 11, 24)
GOOD = PartText(
    Pillar.VISION, text="私たちは、", address="https://example.co.jp/dx/", place="トップ > 会社案内 > DX",
    document_name="架空精機のDXへの取組", published_on=ON, decided_by="取締役会", decided_on=ON,
)  # fmt: skip


def codes(part: PartText) -> list[str]:
    return [one.code for one in of_part(part, on=ON)]


def test_a_good_part_has_no_defect() -> None:
    for number in Pillar:
        assert codes(replace(GOOD, number=number)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": " "}, ["unwritten"]),
        ({"published_on": ON + timedelta(days=1)}, ["future_date"]),
        ({"published_on": None}, ["no_date"]),
        ({"document_name": ""}, ["no_name"]),
        ({"document_name": "当社コーポレートサイト"}, ["vague_name"]),
        ({"document_name": "「ニュースリリース」"}, ["vague_name"]),
        ({"document_name": "ﾆｭｰｽﾘﾘｰｽ"}, ["vague_name"]),
        ({"document_name": "弊社ホームページ"}, ["vague_name"]),
        ({"document_name": "2026年11月1日ニュースリリース「DX方針の策定」"}, []),
        ({"address": ""}, ["no_address"]),
        ({"address": "https://example.co.jp/"}, ["top_page"]),
        ({"address": "https://example.co.jp/?p=12"}, []),
        ({"address": "http://intranet/dx/"}, ["inside"]),
        ({"address": "http://192.168.1.5/dx/"}, ["inside"]),
        ({"address": "https://drive.google.com/file/d/x"}, ["behind"]),
        ({"place": ""}, ["no_place"]),
        ({"means": Means.OTHER, "address": ""}, []),
        ({"means": Means.OTHER, "address": "", "place": ""}, ["no_place"]),
        ({"decided_by": ""}, ["no_body"]),
        ({"decided_by": "代表社員"}, ["person_decided"]),
        ({"decided_by": "代表取締役社長"}, ["person_decided"]),
        ({"decided_by": "取締役会に準ずる機関である社員総会"}, []),
        ({"decided_on": None}, ["no_decision_day"]),
        ({"decided_on": ON + timedelta(days=1), "published_on": ON}, ["future_decision"]),
        ({"published_on": ON - timedelta(days=1)}, ["published_first"]),
    ],
)  # fmt: skip
def test_each_defect_alone(change: dict[str, object], expected: list[str]) -> None:
    assert codes(replace(GOOD, **change)) == expected  # type: ignore[arg-type]


def test_the_fifth_part_need_not_be_published_nor_the_third_decided() -> None:
    bare = PartText(Pillar.DIALOGUE, text="社長が毎年語る")
    assert codes(bare) == []
    assert codes(replace(GOOD, number=Pillar.MEANS, decided_by="", decided_on=None)) == []


def test_pages_apart_are_named_once() -> None:
    parts = [replace(GOOD, number=number) for number in Pillar]
    assert of_all(parts, on=ON) == []
    same = replace(parts[1], address="https://www.example.co.jp/dx#strategy")
    assert list(split_pages([parts[0], same])) == []
    apart = replace(parts[1], address="https://example.co.jp/strategy/")
    assert [one.part for one in split_pages([parts[0], apart])] == [0]


@given(st.builds(
    PartText, number=st.sampled_from(Pillar), text=st.text(max_size=20), means=st.sampled_from(Means.values),
    address=st.sampled_from(["", "https://example.co.jp/a", "http://[::1]/x", "http://localhost/x"]), place=st.text(max_size=5),
    document_name=st.text(max_size=10), published_on=st.none() | st.dates(), decided_by=st.text(max_size=5),
    decided_on=st.none() | st.dates(),
))  # fmt: skip
def test_every_defect_says_what_where_and_how(part: PartText) -> None:
    for one in of_part(part, on=ON):
        assert one.message
        assert one.mend
        assert one.part == part.number
        assert one.field in {
            "text",
            "published_on",
            "document_name",
            "address",
            "place",
            "decided_by",
            "decided_on",
        }


@pytest.mark.parametrize("name", sorted(GENERIC))
def test_generic_names_are_vague_with_and_without_our(name: str) -> None:
    for written in (name, f"当社{name}", f"当社の{name}"):
        assert [one.code for one in vague_name(replace(GOOD, document_name=written))] == ["vague_name"]
