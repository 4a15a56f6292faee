"""From a question to a plan: which words decide, and what is known not to be there."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.textsearch.analysis import Kind
from tsunagu.engines.textsearch.asking import asked
from tsunagu.engines.textsearch.plan import (
    FEW_DOCUMENTS,
    MOST_DOCUMENTS,
    NOBODY,
    AtLeast,
    Has,
    Holders,
    Node,
    Run,
    Strictness,
    plan_of,
    tokens_of,
)
from tsunagu.engines.textsearch.synonyms import NO_SYNONYMS

MANY = 100_000
SENTENCE = "木津川市で牛舎の湿度を道具で記録するには何から始めればよいかを知りたい"


def held(**times: int) -> Holders:
    """Words and how many of many documents hold them."""
    return Holders(MANY, {Has(Kind.WORD, form): count for form, count in times.items()})


def parts_of(node: Node | None) -> set[Node]:
    """The parts of which one must hold."""
    assert isinstance(node, AtLeast)
    assert node.least == 1
    return set(node.parts)


def test_the_rarest_words_of_a_sentence_decide() -> None:
    parts = asked(SENTENCE)
    (term,) = parts.terms
    assert term.is_sentence
    rare = {"牛舎": 40, "湿度": 60}
    holders = held(**{form: rare.get(form, 50_000) for form in term.forms})
    deciding = parts_of(plan_of(parts, NO_SYNONYMS, holders).match)
    assert {Has(Kind.WORD, form) for form in rare} <= deciding
    assert len(deciding) < len(set(term.forms))


def test_a_sentence_whose_words_nobody_holds_asks_for_all_of_them() -> None:
    parts = asked(SENTENCE)
    assert len(parts_of(plan_of(parts, NO_SYNONYMS, NOBODY).match)) == len(parts.terms[0].forms)


def test_what_most_documents_hold_is_no_sign_of_a_misspelt_word() -> None:
    parts = asked("計測39442")
    common = {Has(Kind.WORD, "計測"), Has(Kind.GRAM, "計測")}
    holders = Holders(MANY, {one: MANY if one in common else 3 for one in tokens_of(parts, NO_SYNONYMS)})
    near = plan_of(parts, NO_SYNONYMS, holders, Strictness.NEARLY).match
    assert common <= set(holders.times)
    assert not common & set(_leaves(near))


def test_among_few_documents_nothing_is_common() -> None:
    token = Has(Kind.WORD, "計測")
    assert not Holders(FEW_DOCUMENTS, {token: FEW_DOCUMENTS}).is_common(token)
    assert Holders(MANY, {token: MANY}).is_common(token)


def test_common_tokens_score_nothing_in_a_long_question_only() -> None:
    for text, is_scored in (("計測", True), (f"計測を始める{SENTENCE}", False)):
        parts = asked(text)
        common = Has(Kind.WORD, "計測")
        holders = Holders(MANY, {common: MANY})
        assert (common in dict(plan_of(parts, NO_SYNONYMS, holders).scored)) == is_scored


def _leaves(node: Node | None) -> list[Node]:
    return (
        [leaf for one in node.parts for leaf in _leaves(one)]
        if isinstance(node, AtLeast)
        else [node]
        if node
        else []
    )


TOKENS = [Has(Kind.GRAM, letter) for letter in "abcd"]
NODES = st.recursive(
    st.sampled_from(TOKENS)
    | st.lists(st.sampled_from("abcd"), min_size=2, max_size=3).map(lambda run: Run(tuple(run))),
    lambda inner: st.tuples(st.lists(inner, min_size=1, max_size=3), st.integers(1, 3)).map(
        lambda made: AtLeast(tuple(made[0]), made[1])
    ),
    max_leaves=6,
)


def _holds(text: str, node: Node) -> bool:
    match node:
        case Has(token=token):
            return token in text
        case Run(grams=grams):
            return "".join(grams) in text
        case AtLeast(parts=parts, least=least):
            return sum(_holds(text, one) for one in parts) >= least


@given(NODES, st.lists(st.text("abcd", max_size=6), max_size=4))
def test_what_is_said_not_to_match_does_not(node: Node, texts: list[str]) -> None:
    holders = Holders(len(texts), {one: sum(one.token in text for text in texts) for one in TOKENS})
    if any(_holds(text, node) for text in texts):
        assert holders.may_match(node)


def test_among_very_many_documents_so_many_are_common_however_small_their_share() -> None:
    token = Has(Kind.WORD, "農業")
    many = 50 * MOST_DOCUMENTS
    assert Holders(many, {token: MOST_DOCUMENTS + 1}).is_common(token)
    assert not Holders(many, {token: MOST_DOCUMENTS}).is_common(token)


def test_a_sentence_is_not_about_what_most_documents_hold() -> None:
    question = asked("農業と漁業のセンサーを観光の予約に使うにはどうすればよいか")
    tokens = tokens_of(question, NO_SYNONYMS)
    words = [one for one in tokens if one.kind is Kind.WORD]
    rare = words[0]
    holders = Holders(MANY, dict.fromkeys(tokens, MANY - 1) | {rare: 5})
    plan = plan_of(question, NO_SYNONYMS, holders)
    assert plan.match == rare
    everywhere = Holders(MANY, dict.fromkeys(tokens, MANY - 1))
    assert isinstance(plan_of(question, NO_SYNONYMS, everywhere).match, AtLeast)
