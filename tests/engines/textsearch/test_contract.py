"""What every engine must do, tried on the embedded one and on the reference, and the two held against each other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tsunagu.engines.textsearch.answering import ask, similar, titles
from tsunagu.engines.textsearch.contract import (
    Answer,
    BeingWritten,
    Document,
    Outdated,
    Question,
    Reader,
    Writer,
)
from tsunagu.engines.textsearch.embedded import STAMP, Embedded
from tsunagu.engines.textsearch.plain import Plain
from tsunagu.engines.textsearch.synonyms import synonyms_of

PUBLIC, LABS = "public", "labs"
EVERYONE = frozenset({PUBLIC})
LAB = frozenset({PUBLIC, LABS})

# One that most documents have once, and one of which they have several.
COUNTED = {"field": 1, "word": 2}

Made = tuple[Reader, Writer]


def document(key: str, title: str, body: str = "", **more: Any) -> Document:
    """A public case."""
    return replace(Document(key, "case", title, body, EVERYONE), **more)


CASES = [
    document(
        "case:1",
        "鳥獣害をセンサーで減らす",
        "わなにＬＰＷＡのセンサを付けた。見回りが半分になった。",
        facets={"field": ["農業"], "prefecture": ["岡山県"]},
        day=3,
    ),
    document(
        "case:2",
        "鳥獣被害対策",
        "イノシシの出没をカメラとセンサーで知り、見回りを減らす取組み。",
        facets={"field": ["農業"]},
        day=2,
    ),
    document(
        "case:3", "工場のサーバーを見える化", "渡邉製作所の取り組み。", facets={"field": ["製造"]}, day=1
    ),
    # Two forms of one record: labs find more than everybody.
    document("case:4", "旅館の予約", "予約をまとめた。", form="public", hidden_from=frozenset({LABS})),
    document(
        "case:4",
        "旅館の予約",
        "予約をまとめた。費用は失敗して倍になった。",
        form="labs",
        audiences=frozenset({LABS}),
    ),
]


@pytest.fixture(params=["embedded", "plain"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[list[Document]], Made]]:
    """Makes an engine that holds documents."""
    writers: list[Writer] = []

    def made(documents: list[Document]) -> Made:
        reader, writer = engine(request.param, tmp_path / str(len(writers)))
        writers.append(writer)
        writer.put(documents)
        writer.commit()
        return reader, writer

    yield made
    for writer in writers:
        writer.close()


def engine(name: str, place: Path) -> Made:
    """An empty engine."""
    if name == "plain":
        plain = Plain()
        return plain, plain
    embedded = Embedded(place, COUNTED)
    with embedded.fresh() as first:
        first.commit()
    embedded.take_over(first.path)
    return embedded.reader(), embedded.writer()


def keys(answer: Answer) -> list[str]:
    """Of the hits, in order."""
    return [hit.key for hit in answer.hits]


def asked(reader: Reader, text: str, audiences: frozenset[str] = EVERYONE, **more: Any) -> Answer:
    """Ask as anybody."""
    return ask(reader, replace(Question(text, audiences), **more))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("鳥獣害 センサー", ["case:1", "case:2"]),
        ("せんさー", ["case:1", "case:2"]),
        ("ｾﾝｻ", ["case:1", "case:2"]),
        ("取組", ["case:3", "case:2"]),
        ("渡辺", ["case:3"]),
        ("サーバ", ["case:3"]),
        ("サ－バ－", ["case:3"]),
        ("サ一バー", ["case:3"]),
        ('"見回りが半分"', ["case:1"]),
        ("センサー -カメラ", ["case:1"]),
        ("field:製造", ["case:3"]),
        ("イノシシをカメラで知るにはどうすればよいか", ["case:2"]),
    ],
)
def test_what_is_meant_is_found(make: Callable[[list[Document]], Made], text: str, first: list[str]) -> None:
    answer = asked(make(CASES)[0], text, counted=["field"])
    assert set(keys(answer)[: len(first)]) == set(first)


def test_a_slip_is_named_and_still_finds(make: Callable[[list[Document]], Made]) -> None:
    reader, _ = make(CASES)
    answer = asked(reader, "鳥獣蓋")
    assert answer.instead == "鳥獣害"
    assert "case:1" in keys(answer)
    assert answer.exact == 0
    assert asked(reader, "鳥獣害").instead is None


def test_synonyms_find_both_ways(make: Callable[[list[Document]], Made]) -> None:
    reader, _ = make(
        [
            document("a", "DXの進め方"),
            document("b", "デジタルトランスフォーメーションの進め方"),
            document("c", "別の話"),
        ]
    )
    same = synonyms_of([["DX", "デジタルトランスフォーメーション"]])
    for text in ("DX", "デジタルトランスフォーメーション"):
        assert set(keys(asked(reader, text, synonyms=same))) == {"a", "b"}


def test_facets_count_what_is_found_and_narrow_it(make: Callable[[list[Document]], Made]) -> None:
    reader, _ = make(CASES)
    answer = asked(reader, "", counted=["field", "prefecture"], narrowed={"field": ["農業"]})
    assert (answer.total, keys(answer)) == (2, ["case:1", "case:2"])
    assert answer.counts == {"field": {"農業": 2, "製造": 1}, "prefecture": {"岡山県": 1}}


def test_what_one_may_not_see_leaves_no_trace(make: Callable[[list[Document]], Made]) -> None:
    reader, _ = make(CASES)
    for text in ("失敗", '"失敗して倍"', "費用", "費要"):
        answer = asked(reader, text)
        assert (answer.total, answer.instead) == (0, None)
    assert keys(asked(reader, "失敗", LAB)) == ["case:4"]
    assert asked(reader, "旅館", LAB).total == asked(reader, "旅館").total == 1
    assert asked(reader, "", frozenset()).total == 0
    for marks in ("！！！", "%", "🍅"):
        assert asked(reader, marks).total == 0
    assert not similar(reader, "case:4", frozenset())


def test_matches_are_marked_in_the_originals_characters(make: Callable[[list[Document]], Made]) -> None:
    hit = asked(make(CASES)[0], "LPWA センサー").hits[0]
    text = "".join(piece.text for piece in hit.excerpt)
    assert text == CASES[0].body
    assert [piece.text for piece in hit.excerpt if piece.marked] == ["ＬＰＷＡ", "センサ"]


def test_similar_records_and_titles(make: Callable[[list[Document]], Made]) -> None:
    reader, _ = make(CASES)
    assert [hit.key for hit in similar(reader, "case:1", EVERYONE)][:1] == ["case:2"]
    assert titles(reader, "ちょう", EVERYONE) == ()
    assert set(titles(reader, "鳥獣", EVERYONE)) == {"鳥獣害をセンサーで減らす", "鳥獣被害対策"}


def test_a_change_replaces_and_a_removal_forgets(make: Callable[[list[Document]], Made]) -> None:
    reader, writer = make(CASES)
    writer.remove(["case:1", "case:4"])
    writer.put([document("case:1", "ドローンで見回る")])
    assert keys(asked(reader, "ドローン")) == []  # not yet committed
    writer.commit()
    assert keys(asked(reader, "ドローン")) == ["case:1"]
    assert keys(asked(reader, "予約", LAB)) == []
    assert reader.keys() == {"case:1", "case:2", "case:3"}


def test_what_is_put_in_later_for_others_alone_is_not_found(make: Callable[[list[Document]], Made]) -> None:
    reader, writer = make(CASES)
    assert keys(asked(reader, "ドローン")) == []  # the reader now knows who could find what there was
    writer.put([document("case:5", "ドローンで見回る", audiences=frozenset({"lab:1"}))])
    writer.commit()
    assert keys(asked(reader, "ドローン")) == []
    assert keys(asked(reader, "ドローン", frozenset({"lab:1"}))) == ["case:5"]


def test_there_is_one_writer_and_an_old_index_asks_for_a_rebuild(tmp_path: Path) -> None:
    _, writer = engine("embedded", tmp_path)
    embedded = Embedded(tmp_path, COUNTED)
    with pytest.raises(BeingWritten):
        embedded.writer()
    writer.close()
    path = embedded.current()
    assert path is not None
    (path / STAMP).write_text('{"layout": 0}')
    with pytest.raises(Outdated):
        embedded.reader()


WORDS = st.lists(
    st.sampled_from(["農業", "漁業", "センサー", "観光", "鳥獣害", "予約", "工場"]), min_size=1, max_size=5
)
TOKENS = st.frozensets(st.sampled_from([PUBLIC, LABS, "lab:1"]), min_size=1)
HIDDEN = st.frozensets(st.sampled_from([LABS, "lab:1"]))
TEXTS = st.lists(st.tuples(WORDS, TOKENS, HIDDEN, st.sampled_from(["a", "b", ""])), min_size=1, max_size=7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, typed=WORDS, audiences=TOKENS, chosen=st.sampled_from(["", "a"]), in_parts=st.booleans())
def test_the_embedded_engine_finds_what_the_reference_finds(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[tuple[list[str], frozenset[str], frozenset[str], str]],
    typed: list[str],
    audiences: frozenset[str],
    chosen: str,
    in_parts: bool,
) -> None:
    documents = [
        document(
            f"k:{at}",
            said[0],
            "、".join(said),
            audiences=tokens,
            hidden_from=hidden,
            facets={"word": said} | ({"field": [value]} if value else {}),
        )
        for at, (said, tokens, hidden, value) in enumerate(texts)
    ]
    question = Question(
        " ".join(typed),
        audiences,
        counted=["field", "word"],
        narrowed={"field": [chosen], "word": [*typed, "農業"]} if chosen else {},
        limit=50,
    )
    parts = [documents[::2], documents[1::2]] if in_parts else [documents]
    answers = []
    for name in ("embedded", "plain"):
        reader, writer = engine(name, tmp_path_factory.mktemp("index"))
        # In several parts of an index and in one, which count in different ways.
        for part in parts:
            writer.put(part)
            writer.commit()
        answers.append(ask(reader, question))
        writer.close()
    one, other = answers
    seen = {one.key for one in documents if one.audiences & audiences and not one.hidden_from & audiences}
    assert set(keys(one)) <= seen
    assert (one.total, one.exact, one.counts, one.instead) == (
        other.total,
        other.exact,
        other.counts,
        other.instead,
    )
    assert {(hit.key, round(hit.score, 2)) for hit in one.hits} == {
        (hit.key, round(hit.score, 2)) for hit in other.hits
    }
