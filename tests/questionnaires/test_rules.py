"""Values, counting, conditions and checks: pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.questionnaires.conftest import DOCUMENT, GOOD

from tsunagu.questionnaires.comparing import ADDED, REMOVED, differences, pieces
from tsunagu.questionnaires.counting import count_characters
from tsunagu.questionnaires.definition import (
    DefinitionFaulty,
    Field,
    check_definition,
    read_definition,
    written,
)
from tsunagu.questionnaires.flow import State, carry_over, problems, section_states
from tsunagu.questionnaires.paragraphs import paragraphs, tagged_criteria
from tsunagu.questionnaires.values import check_value, read_typed, shown

DEFINITION = read_definition(DOCUMENT)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("あいう", 3), ("abc", 3), ("ｱｲ", 2), ("𠮷野", 2), ("葛\U000e0100城", 2), ("一行目\r\n二行目", 6), ("㋿", 1), ("が", 1), ("か\u3099", 1)],
)  # fmt: skip
def test_a_character_is_what_a_person_sees(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１，２００", "1200"),
        ("1,200.50", "1200.5"),
        ("−3", "-3"),
        ("たくさん", "たくさん"),
        ("1e400", "1e400"),
        ("NaN", "NaN"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_in_any_width_and_kept_when_unreadable(typed: str, kept: str) -> None:
    assert read_typed(Field("n", "数", "number"), typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("令和8年4月1日", "2026-04-01"),
        ("2026/4/1", "2026-04-01"),
        ("2026年4月", "2026年4月"),
        ("きのう", "きのう"),
    ],
)
def test_days_are_read_in_both_calendars(typed: str, kept: str) -> None:
    assert read_typed(Field("d", "日", "date"), typed) == kept


@given(texts)
def test_a_text_loses_nothing_but_blank_ends(text: str) -> None:
    kept = read_typed(Field("t", "文", "long"), text)
    assert (
        kept == "" if not text.strip() else kept == text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    )


def test_a_good_sheet_has_no_problems_and_each_missing_answer_is_one() -> None:
    assert problems(DEFINITION, GOOD) == []
    for key in ("name", "story", "count", "day", "pick", "sure", "rows"):
        assert [one.field for one in problems(DEFINITION, {**GOOD, key: ""})][:1] == [key]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("name", "あ" * 11, "1文字減らして"), ("count", "-1", "0以上"), ("count", "1001", "1000以下"), ("count", "1.23", "1桁まで"),
        ("count", "x", "読めません"), ("day", "2026-04", "年月日で"), ("pick", "z", "選択肢にありません"), ("many", ["a", "z"], "選択肢にありません"),
        ("sure", "maybe", "はい"), ("place", "なにか市", "どの地域か"), ("body", {"name": "x", "corporate_number": "123"}, "13桁"),
        ("rows", [{"what": "", "much": "3"}], "書いてください"), ("rows", [{"what": "a"}] * 6, "5行まで"),
    ],
)  # fmt: skip
def test_every_problem_says_what_to_mend(key: str, value: Any, words: str) -> None:
    found = problems(DEFINITION, {**GOOD, key: value})
    assert [one.field for one in found] == [key]
    assert words in found[0].message


def test_a_hidden_question_is_not_asked_and_a_shown_one_is() -> None:
    assert [one.field for one in problems(DEFINITION, {**GOOD, "sure": "no"})] == ["why"]
    assert problems(DEFINITION, {**GOOD, "sure": "no", "why": "x"}) == []


def test_checks_look_across_fields() -> None:
    found = problems(DEFINITION, {**GOOD, "first": "2026-05-01", "last": "2026-04-01"})
    assert [one.message for one in found] == ["始めは終わりより後にできません。"]
    assert problems(DEFINITION, {**GOOD, "first": "2026-05-01"}) == []


def test_the_task_list_says_where_each_section_stands() -> None:
    states = {one.section.key: one.state for one in section_states(DEFINITION, {})}
    assert states == {"one": State.NOT_STARTED, "two": State.NOT_STARTED}
    states = {one.section.key: one.state for one in section_states(DEFINITION, {"name": "x"})}
    assert states["one"] == State.STARTED
    returned = section_states(DEFINITION, GOOD, open_sections={"one": "名前が違う"}, changed=[])
    assert [(one.state, one.reason) for one in returned] == [
        (State.TO_MEND, "名前が違う"),
        (State.CLOSED, ""),
    ]
    mended = section_states(DEFINITION, GOOD, open_sections={"one": "x"}, changed=["name"])
    assert mended[0].state == State.COMPLETE


def test_answers_without_a_place_are_listed_not_lost() -> None:
    carried = carry_over(
        {"name": "x", "gone": "残る", "rows": [{"old": "1"}], "many": "a", "empty": ""}, DEFINITION
    )
    assert carried.fitting == {"name": "x"}
    assert carried.unmatched == {"gone": "残る", "rows": [{"old": "1"}], "many": "a"}


@given(texts, texts)
def test_a_difference_gives_both_texts_back(before: str, after: str) -> None:
    found = list(pieces(before, after))
    assert "".join(one.text for one in found if one.kind != ADDED) == before
    assert "".join(one.text for one in found if one.kind != REMOVED) == after


def test_differences_name_the_fields_in_order() -> None:
    found = differences(DEFINITION, GOOD, {**GOOD, "sure": "no", "name": "別名", "gone": "x"})
    assert [(one.field.key, one.before, one.after) for one in found] == [
        ("name", "𠮷野家", "別名"), ("sure", "はい", "いいえ"), ("gone", "", "x"),
    ]  # fmt: skip


def test_a_definition_is_kept_and_read_back_the_same() -> None:
    assert read_definition(written(DEFINITION)) == DEFINITION
    check_definition(DEFINITION)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["sections"][0]["fields"].append({"key": "name", "label": "x"}), "2回使われています"),
        (lambda d: d["sections"][0]["fields"].append({"key": "Bad!", "label": "x"}), "英小文字"),
        (
            lambda d: d["sections"][0]["fields"].append({"key": "p2", "label": "x", "kind": "choice"}),
            "選択肢が2つ以上",
        ),
        (
            lambda d: d["sections"][0]["fields"].append({"key": "r2", "label": "x", "kind": "rows"}),
            "列がありません",
        ),
        (lambda d: d["sections"][1].update(show_if=[{"field": "nothing"}]), "ない質問"),
        (lambda d: d["sections"].append({"key": "three", "title": "空", "fields": []}), "質問がありません"),
        (lambda d: d["checks"].append({"kind": "sum_is", "fields": ["count"]}), "対象が正しくありません"),
        (
            lambda d: d["sections"][0]["fields"].append({"key": "n2", "label": "x", "element": "test.name"}),
            "2つの質問で",
        ),
    ],
)
def test_a_faulty_form_says_everything_that_is_wrong(change: Any, words: str) -> None:
    import copy

    document = copy.deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(DefinitionFaulty, match=words):
        check_definition(read_definition(document))


def test_tags_follow_a_paragraph_wherever_it_moves() -> None:
    first, second = (one for one in paragraphs(DEFINITION, GOOD, {}) if one.field.key == "story")
    assert first.criteria == ("direction",)
    tags = {second.fingerprint: ["transformation"]}
    moved = [
        one
        for one in paragraphs(DEFINITION, {**GOOD, "story": "間に入る\n二行目"}, tags)
        if one.field.key == "story"
    ]
    assert [one.criteria for one in moved] == [("direction",), ("transformation",)]
    assert tagged_criteria(DEFINITION, {**GOOD, "story": "二行目"}, tags) == {"transformation"}


def test_answers_in_words() -> None:
    fields = DEFINITION.by_key
    assert shown(fields["count"], "1200") == "1,200社"
    assert shown(fields["many"], ["a", "b"]) == "あ、い、う"
    assert "2026年" in shown(fields["day"], "2026-04-01")
    assert shown(fields["rows"], [{"what": "もの", "much": "3"}]) == "何: もの、いくつ: 3"
    assert check_value(fields["rows"], []) == []
